/**
 * What to do about a secret that the tenant refuses by its policy on the credentials of applications. Source:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
 *
 * @param name name of the secret's resource.
 * @param said what the provider says of the failure.
 * @returns undefined when something else is wrong.
 */
export function refusedSecretMessage(name: string, said: string): string | undefined {
  if (said.includes("CredentialTypeNotAllowedAsPerAppPolicy")) {
    return [
      `The secret "${name}" cannot be created: the tenant's app management policy forbids secrets on applications.`,
      "Give the client a federated credential (federatedCredentials) or a certificate (certificates) instead of a secret,",
      "or have an administrator exempt the application from the policy.",
    ].join("\n");
  }
  return said.includes("CredentialInvalidLifetimeAsPerAppPolicy")
    ? `The secret "${name}" cannot be created: it lives longer than the tenant's app management policy allows. Lower lifetimeDays.`
    : undefined;
}

/**
 * What to do about a consent that the deploying identity may not give, of which Entra does not say what is missing.
 *
 * @param name name of the consent's resource.
 * @param said what the provider says of the failure.
 * @returns undefined when something else is wrong.
 */
export function refusedConsentMessage(name: string, said: string): string | undefined {
  return said.includes("Authorization_RequestDenied")
    ? [
        `The consent "${name}" cannot be given: the deploying identity lacks the Microsoft Graph application permission`,
        "DelegatedPermissionGrant.ReadWrite.All. Have it granted, or leave consent to administrators, with consent: external.",
      ].join("\n")
    : undefined;
}
