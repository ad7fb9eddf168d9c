import { z } from "zod";
import {
  applicationProperties,
  type ComparedProperty,
  servicePrincipalProperties,
} from "./comparedProperties";

// Microsoft Graph and Azure Resource Manager, as far as audits look at them. Reads are checked, as a form that is not known must not
// pass for "nothing there".

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
/** A text that is always sent, if as null. */
const sentText = z
  .string()
  .nullable()
  .transform((value) => value ?? "");
const instant = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const passwordCredential = z.object({
  keyId: z.string(),
  displayName: text,
  startDateTime: instant,
  endDateTime: instant,
});
const keyCredential = passwordCredential.extend({ customKeyIdentifier: text, usage: text, type: text });

export const liveApplication = z.looseObject({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  description: sentText,
  serviceManagementReference: sentText,
  signInAudience: sentText,
  requiredResourceAccess: z.array(
    z.object({
      resourceAppId: z.string(),
      resourceAccess: z.array(z.object({ id: z.string(), type: z.string() })),
    }),
  ),
  passwordCredentials: z.array(passwordCredential),
  keyCredentials: z.array(keyCredential),
});

/** An application with everything that is compared. */
export const comparableApplication = liveApplication.refine(holdsAll(applicationProperties));

/** The certificates of an application or service principal with their keys: base64 of the DER; null of a key that the service never shows. */
export const liveKeyCredentials = z.object({
  keyCredentials: z.array(keyCredential.extend({ key: z.string().nullish() })),
});

export const liveServicePrincipal = z.looseObject({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  accountEnabled: z.boolean().nullable(),
  passwordCredentials: z.array(passwordCredential),
  keyCredentials: z.array(keyCredential),
});

/** The secrets and certificates of a service principal itself; none of one that is not there. */
export function principalCredentials(
  principal: LiveServicePrincipal | undefined,
): readonly (LiveSecret & { readonly kind: "secret" | "certificate" })[] {
  const { passwordCredentials = [], keyCredentials = [] } = principal ?? {};
  return [
    ...passwordCredentials.map((one) => ({ ...one, kind: "secret" as const })),
    ...keyCredentials.map((one) => ({ ...one, kind: "certificate" as const })),
  ];
}

/** A service principal with everything that is compared. */
export const comparableServicePrincipal = liveServicePrincipal.refine(holdsAll(servicePrincipalProperties));

/** A service principal of an API, with what it publishes. */
export const liveApi = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  appRoles: z.array(z.object({ id: z.string(), value: text })),
  oauth2PermissionScopes: z.array(z.object({ id: z.string(), value: text })),
});

/** An application or a principal of which nothing counts but that it is there. */
export const livePrincipal = z.object({ id: z.string() });

export const liveDirectoryObject = z.object({
  "@odata.type": text,
  id: z.string(),
  displayName: text,
});

/** An object that an identity has created, with the APIs that an application asks for permissions of. */
export const liveCreatedObject = z.object({
  "@odata.type": text,
  id: z.string(),
  requiredResourceAccess: z
    .array(z.object({ resourceAppId: z.string() }))
    .nullish()
    .transform((value) => value ?? []),
});
export type LiveCreatedObject = z.infer<typeof liveCreatedObject>;

export const liveFederatedCredential = z.object({
  id: z.string(),
  name: text,
  issuer: text,
  subject: text,
  claimsMatchingExpression: z
    .object({ value: z.string() })
    .nullish()
    .transform((expression) => expression?.value ?? ""),
  audiences: z.array(z.string()),
});

/** A federated credential of a managed identity, which is an Azure resource, in the same form. */
export const liveIdentityCredential = z
  .object({
    id: z.string().regex(/^(\/[^/]+){10}$/),
    name: text,
    properties: liveFederatedCredential.omit({ id: true, name: true }),
  })
  .transform(({ id, name, properties }): LiveFederatedCredential => ({ id, name, ...properties }));

export const liveConsent = z.object({
  id: z.string(),
  clientId: text,
  consentType: z.string(),
  principalId: text,
  resourceId: z.string(),
  scope: text,
});

export const liveAppRole = z.object({
  id: z.string(),
  appRoleId: z.string(),
  principalId: text,
  resourceId: z.string(),
  resourceDisplayName: text,
  createdDateTime: instant,
});

export const liveNamesake = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  createdDateTime: instant,
});

export const liveDeletedApplication = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  deletedDateTime: instant,
});

export const liveSubscription = z.object({ subscriptionId: z.string() });

export const liveRoleAssignment = z.object({
  id: z.string(),
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: text,
    scope: z.string(),
    condition: text,
    createdOn: instant,
  }),
});

/** Whether an answer holds every property that a comparison needs: what is missing has not been read, and is not nothing. */
function holdsAll(
  properties: readonly ComparedProperty[],
): (object: Readonly<Record<string, unknown>>) => boolean {
  return (object) => properties.every(({ name, isOptional = false }) => isOptional || isIn(object, name));
}

/** Whether an object has a property. Below one that is nothing, everything is nothing. */
export function isIn(object: Readonly<Record<string, unknown>>, path: string): boolean {
  const [first = "", ...others] = path.split(".");
  if (!(first in object)) return false;
  const value = object[first];
  return others.length === 0 || typeof value !== "object" || value === null
    ? true
    : isIn(value as Record<string, unknown>, others.join("."));
}

/** The value at a path; undefined when there is none. */
export function valueAt(object: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, name) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      object,
    );
}

export type LiveApplication = z.infer<typeof liveApplication>;
export type LiveServicePrincipal = z.infer<typeof liveServicePrincipal>;
export type LiveSecret = z.infer<typeof passwordCredential>;
export type LiveKey = z.infer<typeof keyCredential>;
/** A certificate's entry with its key: base64 of the DER, null when the service does not show it, undefined when it was not read. */
export type LiveKeyEntry = LiveKey & { readonly key?: string | null | undefined };
export type LiveDirectoryObject = z.infer<typeof liveDirectoryObject>;
export type LiveFederatedCredential = z.infer<typeof liveFederatedCredential>;
export type LiveConsent = z.infer<typeof liveConsent>;
export type LiveAppRole = z.infer<typeof liveAppRole>;
export type LiveNamesake = z.infer<typeof liveNamesake>;
export type LiveDeletedApplication = z.infer<typeof liveDeletedApplication>;
export type LiveRoleAssignment = z.infer<typeof liveRoleAssignment>;
