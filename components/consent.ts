import type {
  Application,
  AppRoleAssignment,
  ServicePrincipal,
  ServicePrincipalDelegatedPermissionGrant,
} from "@pulumi/azuread";
import type { Input } from "@pulumi/pulumi";
import { z } from "zod";
import { quote, repeated, text } from "./argumentTypes";
import { isGuid } from "./azureResourceId";
import { childOptions, type ClientParts, diesWith } from "./child";
import { childName } from "./childNames";
import { apiOf, idOf, permissionClientId } from "./permissionRequests";
import { formerly } from "./sameObject";
import { azuread } from "./sdk";
import { fromTenant } from "./tenantContext";

/**
 * Who gives the consent for the whole tenant:
 *
 * - `managed`: this stack, as a delegated permission grant; needs `DelegatedPermissionGrant.ReadWrite.All`;
 * - `external`: an administrator, through the URL in the `consentUrl` output;
 * - `none`: nobody; a service client that only signs in as itself works without.
 */
const consentModes = ["managed", "external", "none"] as const;
export type ConsentMode = (typeof consentModes)[number];

/** The mode when none is given. */
export const defaultConsent: ConsentMode = "managed";

const permission = z
  .strictObject({
    api: z
      .string()
      .refine((api) => isGuid(permissionClientId(api)), {
        error: ({ input }) =>
          `${quote(input)} is not an API; write fhir or the client id of its application (a GUID)`,
      })
      .meta({
        description:
          '`fhir` for the FHIR service ("Azure Healthcare APIs"), or the client id of any other API\'s application.',
        examples: ["fhir"],
      }),
    scopes: z
      .array(text(120))
      .exactOptional()
      .meta({ description: "Names of delegated scopes.", examples: [["user_impersonation"]] }),
    roles: z
      .array(text(120))
      .exactOptional()
      .meta({
        description: "Names of application permissions (app roles).",
        examples: [["system.all.read"]],
      }),
  })
  .superRefine(({ scopes = [], roles = [] }, context) => {
    if (scopes.length + roles.length === 0) {
      context.addIssue({ code: "custom", message: "asks for nothing; name scopes or roles" });
    }
  })
  .meta({
    id: "ApiPermission",
    description:
      "Permissions of one further API that the client asks for, beside those of the DICOM service.",
  });

/** The arguments about permissions, and about who consents to them. */
export const consentFields = {
  consent: z
    .enum(consentModes, {
      error: ({ input }) =>
        input === undefined
          ? undefined
          : `${quote(input)} is not a consent mode; write ${consentModes.join(", ")}`,
    })
    .exactOptional()
    .meta({
      description:
        "Who gives the tenant-wide consent: `managed` (this stack), `external` (an administrator, by URL) or `none`.",
      default: defaultConsent,
      examples: ["external"],
      source: "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
    }),
  permissions: z
    .array(permission)
    .superRefine((permissions, context) => {
      for (const { index, first } of repeated(permissions.map(({ api }) => permissionClientId(api)))) {
        context.addIssue({
          code: "custom",
          path: [index, "api"],
          message: `is the same API as [${first}]; make one entry of both`,
        });
      }
    })
    .exactOptional()
    .meta({
      description:
        "Permissions of further APIs, besides the DICOM scope. With `consent: managed`, the stack consents to them as well.",
      absent: "the client asks for the DICOM scope alone",
      examples: [[{ api: "fhir", roles: ["system.all.read"] }]],
      source: "https://learn.microsoft.com/azure/healthcare-apis/register-application",
    }),
};

/** The consents of a client. */
export interface DeclaredConsents {
  /** One for each API with scopes, the DICOM service's first. */
  readonly grants: readonly ServicePrincipalDelegatedPermissionGrant[];
  /** One for each app role. */
  readonly appRoles: readonly AppRoleAssignment[];
}

/** Consents for the whole tenant to everything that a client asks for, when the stack is to do that. */
export function declareConsents(
  client: ClientParts,
  application: Application,
  servicePrincipal: ServicePrincipal,
): DeclaredConsents {
  if ((client.settings.consent ?? defaultConsent) !== "managed") {
    return { grants: [], appRoles: [] };
  }
  const principalOf = (clientId: string): Input<string> =>
    fromTenant(client.tenant, (tenant) => apiOf(tenant, clientId).servicePrincipalId);
  return {
    grants: client.requests
      .filter(({ scopes }) => scopes.length > 0)
      .map(({ clientId, key, formerKey, scopes }) => {
        const name = childName(client.name, "consent", key);
        return new azuread.ServicePrincipalDelegatedPermissionGrant(
          name,
          {
            servicePrincipalObjectId: servicePrincipal.objectId,
            resourceServicePrincipalObjectId: principalOf(clientId),
            claimValues: [...scopes].sort(),
          },
          {
            ...childOptions(client, "consent", name),
            ...diesWith(application),
            ...formerly(name, childName(client.name, "consent", formerKey)),
          },
        );
      }),
    appRoles: client.requests.flatMap(({ clientId, key, formerKey, roles }) =>
      roles.map((role) => {
        const name = childName(client.name, "appRole", key, role);
        return new azuread.AppRoleAssignment(
          name,
          {
            principalObjectId: servicePrincipal.objectId,
            resourceObjectId: principalOf(clientId),
            appRoleId: fromTenant(client.tenant, (tenant) => idOf(apiOf(tenant, clientId).roleIds, role)),
          },
          {
            ...childOptions(client, "appRole", name),
            ...diesWith(application),
            ...formerly(name, childName(client.name, "appRole", formerKey, role)),
          },
        );
      }),
    ),
  };
}

/**
 * The page on which an administrator consents for the whole tenant. Source:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
 */
export function adminConsentUrl(loginUrl: string, tenantId: string, clientId: string): string {
  return `${loginUrl}/${tenantId}/adminconsent?client_id=${clientId}`;
}
