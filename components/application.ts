import type { Application, ApplicationArgs } from "@pulumi/azuread";
import type { Input } from "@pulumi/pulumi";
import { z } from "zod";
import { objectId, repeated, text } from "./argumentTypes";
import { childOptions, type ClientParts } from "./child";
import { childName } from "./childNames";
import { requiredResourceAccesses } from "./permissionRequests";
import { azuread, pulumi } from "./sdk";
import { fromTenant } from "./tenantContext";

/** The arguments about the application. */
export const applicationFields = {
  // The provider looks for namesakes with a filter that has the name as it is, which an apostrophe ends:
  // https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/applications.go
  displayName: text(256)
    .refine((name) => !name.includes("'"), {
      error:
        "must not have an apostrophe ('), with which the azuread provider cannot look for other applications of the name; write ’ instead",
    })
    .meta({
      description:
        "Name shown in the portal, unique in the tenant, without an apostrophe (`'`). With `application: none`, only a name in this stack.",
      examples: ["Imaging gateway (dev)"],
      source: "https://learn.microsoft.com/graph/api/resources/application (displayName)",
    }),
  description: text(1024)
    .exactOptional()
    .meta({
      description: "What the client is for.",
      examples: ["Finds and reads studies for the hospital's viewers"],
      source: "https://learn.microsoft.com/graph/api/resources/application (description)",
    }),
  owners: z
    .array(objectId)
    .superRefine((owners, context) => {
      for (const { index, first } of repeated(owners.map((owner) => owner.toLowerCase()))) {
        context.addIssue({
          code: "custom",
          path: [index],
          message: `is the same owner as [${first}]; remove one of the two`,
        });
      }
    })
    .exactOptional()
    .meta({
      description:
        "Object ids of further owners, users or service principals. The deploying identity is always an owner, because `Application.ReadWrite.OwnedBy` lets it manage only what it owns.",
      examples: [["00000000-0000-0000-0000-000000000000"]],
      source: "https://learn.microsoft.com/graph/permissions-reference (Application.ReadWrite.OwnedBy)",
    }),
  serviceManagementReference: text(256)
    .exactOptional()
    .meta({
      description: "Reference into a service or asset management database.",
      examples: ["CMDB-4711"],
      source: "https://learn.microsoft.com/graph/api/resources/application (serviceManagementReference)",
    }),
};

/**
 * Settings of every client's application: it signs in as itself, in one tenant, and on no page and no device. What decides whether
 * and how somebody can sign in is declared, not left to the provider's defaults: a default follows the live value after a refresh, and
 * what was changed by hand would stay (pulumi/pulumi-terraform-bridge, pull request 3356).
 */
export const applicationSettings = {
  signInAudience: "AzureADMyOrg",
  deviceOnlyAuthEnabled: false,
  fallbackPublicClientEnabled: false,
  oauth2PostResponseRequired: false,
  identifierUris: [],
  groupMembershipClaims: [],
  publicClient: { redirectUris: [] },
  singlePageApplication: { redirectUris: [] },
  web: {
    redirectUris: [],
    implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
  },
  api: { mappedClaimsEnabled: false, knownClientApplications: [], requestedAccessTokenVersion: 1 },
} satisfies Omit<ApplicationArgs, "displayName">;

/** Declares the application that the client signs in as. */
export function declareApplication(client: ClientParts, owners: Input<string[]>): Application {
  const { displayName, description, serviceManagementReference } = client.settings;
  const name = childName(client.name, "application");
  return new azuread.Application(
    name,
    {
      displayName,
      ...(description === undefined ? {} : { description }),
      ...(serviceManagementReference === undefined ? {} : { serviceManagementReference }),
      ...applicationSettings,
      preventDuplicateNames: true,
      owners,
      requiredResourceAccesses: fromTenant(client.tenant, (tenant) =>
        requiredResourceAccesses(client.requests, tenant),
      ),
    },
    childOptions(client, "application", name),
  );
}

/** The owners of application and service principal: the deploying identity, and whoever is declared. */
export function declaredOwners({ settings: { owners }, tenant }: ClientParts): Input<string[]> {
  const deployer = fromTenant(tenant, ({ deployingIdentityId }) => deployingIdentityId);
  return owners === undefined && typeof deployer === "string"
    ? ownerIds([deployer])
    : pulumi.all([deployer, owners ?? []]).apply(([id, others]) => ownerIds([id, ...others]));
}

/** Owners as the provider keeps them: in lower case, sorted, each once. */
function ownerIds(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].sort();
}
