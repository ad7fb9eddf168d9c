import { z } from "zod";

// Microsoft Graph and Azure Resource Manager, as far as audits look at them. Reads are checked, as a form that is not known must not
// pass for "nothing there".

const text = z
  .string()
  .nullish()
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
const keyCredential = passwordCredential.extend({ customKeyIdentifier: text, usage: text });

export const liveApplication = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  description: text,
  serviceManagementReference: text,
  signInAudience: text,
  requiredResourceAccess: z.array(
    z.object({
      resourceAppId: z.string(),
      resourceAccess: z.array(z.object({ id: z.string(), type: z.string() })),
    }),
  ),
  passwordCredentials: z.array(passwordCredential),
  keyCredentials: z.array(keyCredential),
});

export const liveServicePrincipal = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: text,
  accountEnabled: z.boolean().nullish(),
  passwordCredentials: z.array(passwordCredential),
  keyCredentials: z.array(keyCredential),
  appRoles: z.array(z.object({ id: z.string(), value: text })).default([]),
});

export const liveDirectoryObject = z.object({
  "@odata.type": text,
  id: z.string(),
  displayName: text,
});

export const liveFederatedCredential = z.object({
  id: z.string(),
  name: text,
  issuer: text,
  subject: text,
  audiences: z.array(z.string()),
});

export const liveConsent = z.object({
  id: z.string(),
  consentType: z.string(),
  principalId: z.string().nullish(),
  resourceId: z.string(),
  scope: text,
});

export const liveAppRole = z.object({
  id: z.string(),
  appRoleId: z.string(),
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
    createdOn: instant,
  }),
});

export const liveRoleDefinition = z.object({ properties: z.object({ roleName: z.string() }) });

export type LiveApplication = z.infer<typeof liveApplication>;
export type LiveServicePrincipal = z.infer<typeof liveServicePrincipal>;
export type LiveSecret = z.infer<typeof passwordCredential>;
export type LiveKey = z.infer<typeof keyCredential>;
export type LiveDirectoryObject = z.infer<typeof liveDirectoryObject>;
export type LiveFederatedCredential = z.infer<typeof liveFederatedCredential>;
export type LiveConsent = z.infer<typeof liveConsent>;
export type LiveAppRole = z.infer<typeof liveAppRole>;
export type LiveNamesake = z.infer<typeof liveNamesake>;
export type LiveDeletedApplication = z.infer<typeof liveDeletedApplication>;
export type LiveRoleAssignment = z.infer<typeof liveRoleAssignment>;
