import * as s from "../core/bodySchema";

/** What a caller may set on a service principal (Microsoft Graph reference, servicePrincipal resource type). */
export const servicePrincipalFields = {
  accountEnabled: s.flag(true),
  alternativeNames: s.list(s.text),
  appRoleAssignmentRequired: s.flag(false),
  description: s.nullableText,
  loginUrl: s.nullableText,
  notes: s.nullableText,
  notificationEmailAddresses: s.list(s.text),
  preferredSingleSignOnMode: s.nullable(s.oneOf(["password", "saml", "notSupported", "oidc"])),
  preferredTokenSigningKeyThumbprint: s.nullableText,
  // `{}` clears it, as in the azuread provider's acceptance tests.
  samlSingleSignOnSettings: s.nullable(s.replaced(s.object({ relayState: s.nullableText }))),
  tags: s.list(s.text),
  tokenEncryptionKeyId: s.nullable(s.guid),
};

export const servicePrincipalBodySchema = s.object(servicePrincipalFields);

export type ServicePrincipalProperties = s.BodyValue<typeof servicePrincipalBodySchema>;

/** The settings of a service principal about which nothing was said. */
export const defaultServicePrincipalProperties = servicePrincipalBodySchema.initial();
