/** What never changes about the one tenant and its subscription. */
export interface TenantProfile {
  readonly tenantId: string;
  readonly displayName: string;
  /** Initial domain, also the publisher domain of applications made here. */
  readonly domain: string;
  readonly subscriptionId: string;
  readonly subscriptionName: string;
}
