import { z } from "zod";
import { saidBy } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";
import { isStackIn, parseUrn } from "../pack/urn";

/** Stacks that are to have no client secret have none. */
export const secretlessStacks = resourcePolicy(
  {
    name: "secretless-stacks",
    displayName: "No secrets in secretless stacks",
    description:
      "Clients of the named stacks sign in only with federated credentials or certificates, or with federated credentials alone.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Remove secret (or certificates) from the client, and say where it runs: runsOn, or federatedCredentials.",
    url: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md",
    tags: ["credentials"],
    config: {
      stacks: z
        .array(z.string().min(1))
        .default([])
        .describe("Names of the stacks without client secrets; * matches any text. By default none is."),
      federationStacks: z
        .array(z.string().min(1))
        .default([])
        .describe(
          "Names of the stacks without client secrets and certificates, where clients sign in with federated credentials alone; * matches any text. By default none is.",
        ),
    },
  },
  ofType(
    types.applicationPassword,
    types.servicePrincipalPassword,
    types.application,
    types.applicationCertificate,
    types.servicePrincipalCertificate,
  ),
  ({ type, urn, properties }, { stacks, federationStacks }, report) => {
    if (type === types.applicationCertificate || type === types.servicePrincipalCertificate) {
      if (isStackIn(urn, federationStacks)) {
        report(
          `It is a certificate, but clients of the stack ${parseUrn(urn).stack} sign in with federated credentials alone; use runsOn or federatedCredentials.`,
        );
      }
      return;
    }
    if (
      isStackIn(urn, [...stacks, ...federationStacks]) &&
      (type !== types.application || saidBy(properties["password"]) !== undefined)
    ) {
      report(
        `It ${type === types.application ? "has" : "is"} a client secret, but the stack ${parseUrn(urn).stack} must have none (CISA SCuBA MS.AAD.5.5v1); use a federated credential or a certificate.`,
      );
    }
  },
);
