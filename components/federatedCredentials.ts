import type {
  Application,
  ApplicationFederatedIdentityCredential,
  ApplicationFlexibleFederatedIdentityCredential,
} from "@pulumi/azuread";
import { z } from "zod";
import { httpsUrl, repeated, text } from "./argumentTypes";
import { childOptions, type ClientParts, diesWith } from "./child";
import { childName } from "./childNames";
import { claimsMatchingExample, claimsMatchingProblems } from "./claimsMatching";
import { exchangeAudience, exchangeAudiences, publicExchangeAudience } from "./exchangeAudience";
import type { DicomServiceClientArgs, FederatedCredential } from "./clientArgs";
import type { Problem } from "./problem";
import { federationOf, runsOnFields } from "./runsOn";
import { publicDicomApi } from "./dicomApi";
import { outsideFacts } from "./outsideFacts";
import { azuread } from "./sdk";

const maximumFederatedCredentials = outsideFacts.federatedCredentialsOfApplication.value;

const credentialName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/, {
  error:
    "a federated credential's name has 3 to 120 letters, digits, - and _, and starts with a letter or digit",
});

const federatedCredential = z
  .strictObject({
    name: credentialName.meta({
      description: "Name of the credential, unique in the client: 3 to 120 letters, digits, `-` and `_`.",
      examples: ["github-dev"],
    }),
    formerName: credentialName.exactOptional().meta({
      description:
        "Previous name of the credential, needed to rename it: Entra cannot rename one, and allows its issuer and subject only once, so the old one must be known to be deleted before the new one is created.",
    }),
    issuer: httpsUrl().meta({
      description: "Issuer of the tokens.",
      examples: [outsideFacts.githubIssuer.value],
    }),
    subject: text(600)
      .exactOptional()
      .meta({
        description: "Subject of the tokens, compared exactly.",
        absent: "claimsMatchingExpression says whose tokens",
        examples: ["repo:contoso@123456/pacs@456789:environment:dev"],
      }),
    claimsMatchingExpression: text(600)
      .exactOptional()
      .meta({
        description:
          "Instead of a subject: what claims of the tokens must be (flexible federated credential, a preview), for GitHub, GitLab and HCP Terraform. A credential that had a subject needs another name.",
        absent: "subject says whose tokens",
        examples: [claimsMatchingExample],
        source:
          "https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials",
      }),
    audience: text(600)
      .exactOptional()
      .meta({
        description: `Audience of the tokens: ${exchangeAudiences.map((one) => `\`${one}\``).join(", ")}.`,
        absent: `that of the cloud, by \`api.loginUrl\`; \`${publicExchangeAudience}\` in the public one`,
      }),
    description: text(600).exactOptional().meta({ description: "What it is for." }),
  })
  .superRefine(({ issuer, subject, claimsMatchingExpression }, context) => {
    if ((subject === undefined) === (claimsMatchingExpression === undefined)) {
      context.addIssue({
        code: "custom",
        message:
          subject === undefined
            ? "needs subject, or claimsMatchingExpression"
            : "has both subject and claimsMatchingExpression, of which Entra takes one; remove the other",
      });
    } else if (claimsMatchingExpression !== undefined) {
      for (const message of claimsMatchingProblems(issuer, claimsMatchingExpression)) {
        context.addIssue({ code: "custom", path: ["claimsMatchingExpression"], message });
      }
    }
  })
  .meta({
    id: "FederatedCredential",
    description:
      "Trust in tokens of another issuer, such as a pipeline's or a Kubernetes cluster's: the client needs no secret then.",
  });

/** The argument about federated credentials. */
export const federatedCredentialsFields = {
  federatedCredentials: z
    .array(federatedCredential)
    .max(maximumFederatedCredentials, {
      error: `has more entries than the ${maximumFederatedCredentials} federated credentials that an application may have`,
    })
    .superRefine((credentials, context) => {
      for (const { index, first } of repeated(credentials.map(({ name }) => name))) {
        context.addIssue({
          code: "custom",
          path: [index, "name"],
          message: `is already the name of [${first}]`,
        });
      }
      for (const { index, first } of repeated(credentials.map(({ formerName }) => formerName))) {
        context.addIssue({
          code: "custom",
          path: [index, "formerName"],
          message: `is already the former name of [${first}]; leave it to the credential that was renamed`,
        });
      }
      for (const [index, { name, formerName }] of credentials.entries()) {
        const present = credentials.findIndex((other) => other.name === formerName);
        if (present >= 0 && formerName !== name) {
          context.addIssue({
            code: "custom",
            path: [index, "formerName"],
            message: `is the name of [${present}], too; give that one another name, or remove this once the rename is deployed`,
          });
        }
      }
      for (const key of ["subject", "claimsMatchingExpression"] as const) {
        for (const { index, first } of repeated(
          credentials.map((one) => (one[key] === undefined ? undefined : `${one.issuer} ${one[key]}`)),
        )) {
          context.addIssue({
            code: "custom",
            path: [index, key],
            message: `has the same issuer and ${key} as [${first}]; remove one of the two`,
          });
        }
      }
    })
    .exactOptional()
    .meta({
      description: "Issuers whose tokens the client may sign in with, instead of or in addition to a secret.",
      examples: [
        [
          {
            name: "github-dev",
            issuer: outsideFacts.githubIssuer.value,
            subject: "repo:contoso@123456/pacs@456789:environment:dev",
          },
        ],
      ],
      source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
    }),
};

/** What is wrong with the credentials that follow from a place beside those that are written; looks only at what has the right type. */
export function runsOnProblems(runsOn: unknown, federatedCredentials: unknown): Problem[] {
  const places = runsOnFields.runsOn.safeParse(runsOn);
  const list = federatedCredentialsFields.federatedCredentials;
  const written = list.safeParse(federatedCredentials ?? []);
  if (!places.success || !written.success) {
    return [];
  }
  const all = [...written.data, ...federationOf(places.data, publicDicomApi.loginUrl)];
  const { error } = list.safeParse(all);
  return (error?.issues ?? []).map(({ path: [index], message }) => ({
    path: ["runsOn"],
    message:
      typeof index === "number"
        ? `gives a credential ${all[index]?.name ?? ""}, which ${message.replace("[", "federatedCredentials[")}`
        : message,
  }));
}

/** The federated credentials of a client: those that are written, and those that follow from where it runs. */
export function allFederatedCredentials(
  { runsOn, federatedCredentials = [] }: Pick<DicomServiceClientArgs, "runsOn" | "federatedCredentials">,
  loginUrl: string,
): readonly FederatedCredential[] {
  return [...(runsOn ? federationOf(runsOn, loginUrl) : []), ...federatedCredentials];
}

/** The federated credentials of a client by the provider's resources for them. */
interface DeclaredFederatedCredentials {
  readonly federatedCredentials: readonly ApplicationFederatedIdentityCredential[];
  readonly flexibleFederatedCredentials: readonly ApplicationFlexibleFederatedIdentityCredential[];
}

/** Declares whose tokens the client may sign in with. */
export function declareFederatedCredentials(
  client: ClientParts,
  application: Application,
): DeclaredFederatedCredentials {
  const all = allFederatedCredentials(client.settings, client.api.loginUrl);
  const partsOf = (
    kind: "federatedCredential" | "flexibleFederatedCredential",
    { name: displayName, formerName, issuer, audience, description }: FederatedCredential,
  ) => {
    const name = childName(client.name, kind, displayName);
    return {
      name,
      audience: audience ?? exchangeAudience(client.api.loginUrl),
      inputs: {
        applicationId: application.id,
        displayName,
        issuer,
        ...(description === undefined ? {} : { description }),
      },
      options: {
        ...childOptions(client, kind, name),
        ...diesWith(application),
        // Entra allows an issuer and subject only once on an application, so the old one must go before the new one comes.
        deleteBeforeReplace: true,
        ...(formerName === undefined
          ? {}
          : { aliases: [{ name: childName(client.name, kind, formerName) }] }),
      },
    };
  };
  return {
    federatedCredentials: all.flatMap((credential) => {
      const { subject } = credential;
      if (subject === undefined) return [];
      const { name, audience, inputs, options } = partsOf("federatedCredential", credential);
      return [
        new azuread.ApplicationFederatedIdentityCredential(
          name,
          { ...inputs, subject, audiences: [audience] },
          options,
        ),
      ];
    }),
    flexibleFederatedCredentials: all.flatMap((credential) => {
      const { claimsMatchingExpression } = credential;
      if (claimsMatchingExpression === undefined) return [];
      const { name, audience, inputs, options } = partsOf("flexibleFederatedCredential", credential);
      return [
        new azuread.ApplicationFlexibleFederatedIdentityCredential(
          name,
          { ...inputs, claimsMatchingExpression, audience },
          options,
        ),
      ];
    }),
  };
}
