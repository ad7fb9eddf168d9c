import { randomUUID } from "node:crypto";
import type { StsPolicy } from "@microsoft/microsoft-graph-types";
import * as s from "../../core/bodySchema";
import { invalidValue } from "../../domain/directoryRefusals";
import type { DeepReadonly, TokenPolicyKind, TokenPolicyRecord } from "../../state/records";
import { readBody } from "./graphBody";
import { graphAccess } from "./graphOperation";
import { applicationKind, servicePrincipalKind } from "./objectKinds";
import type { Entity } from "./odataQuery";
import type { PolicyCollection } from "./policyCollection";

const typeNames: Readonly<Record<TokenPolicyKind, string>> = {
  claimsMappingPolicies: "claimsMappingPolicy",
  homeRealmDiscoveryPolicies: "homeRealmDiscoveryPolicy",
  tokenIssuancePolicies: "tokenIssuancePolicy",
  tokenLifetimePolicies: "tokenLifetimePolicy",
};

const policySchema = s.object(
  {
    displayName: s.text,
    description: s.nullableText,
    definition: s.list(s.text),
    isOrganizationDefault: s.flag(false),
  },
  ["displayName", "definition"],
);

/** Policies on tokens and sign-in. Source: https://learn.microsoft.com/graph/api/resources/policy-overview */
export function tokenPolicies(kind: TokenPolicyKind): PolicyCollection<TokenPolicyRecord> {
  return {
    name: kind,
    type: { name: `microsoft.graph.${typeNames[kind]}`, onlySelected: {} },
    holders:
      kind === "claimsMappingPolicies" ? [servicePrincipalKind] : [applicationKind, servicePrincipalKind],
    access: {
      targets: graphAccess.readTokenPolicyTargets,
      ofObject: graphAccess.assignTokenPolicy,
      assign: graphAccess.assignTokenPolicy,
    },
    all: (directory) => directory.tokenPolicies.all().filter((policy) => policy.kind === kind),
    create(directory, input) {
      const body = readBody(input, policySchema, typeNames[kind]);
      checkDefinition(body.definition);
      return directory.tokenPolicies.put({ id: randomUUID(), kind, objectIds: [], ...body });
    },
    table: (directory) => directory.tokenPolicies,
    view: policyView,
  };
}

/** @throws Refusal when it is not one text in JSON */
function checkDefinition(definition: readonly string[]): void {
  const [text, ...others] = definition;
  try {
    if (text === undefined || others.length > 0) throw new SyntaxError();
    JSON.parse(text);
  } catch {
    throw invalidValue("definition", "Policy");
  }
}

function policyView({ kind: _kind, objectIds: _objectIds, ...policy }: TokenPolicyRecord): Entity {
  const view: DeepReadonly<StsPolicy> = { deletedDateTime: null, ...policy };
  return { ...view };
}
