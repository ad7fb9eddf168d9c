/**
 * Who gives the tenant-wide (admin) consent for the requested scope:
 * - `managed`: the stack, as a delegated permission grant; needs `DelegatedPermissionGrant.ReadWrite.All`;
 * - `external`: an administrator, through the URL in the `consentUrl` output;
 * - `none`: nobody; a service client that only signs in as itself works without.
 */
export const consentModes = ["managed", "external", "none"] as const;
export type ConsentMode = (typeof consentModes)[number];

/** The mode when none is given. */
export const defaultConsent: ConsentMode = "managed";

/**
 * The page on which an administrator consents for the whole tenant. Source:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
 */
export function adminConsentUrl(loginUrl: string, tenantId: string, clientId: string): string {
  return `${loginUrl}/${tenantId}/adminconsent?client_id=${clientId}`;
}
