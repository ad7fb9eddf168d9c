import * as pulumi from "@pulumi/pulumi";
import type { TenantContext } from "../clientArgs";
import { runError } from "../problem";

/**
 * Puts the identity that the configuration names in the place of the one that is signed in, so that a preview by another, such
 * as one that may only read, sees the owners as they are deployed.
 *
 * @param pinned object id in lower case; undefined leaves it to whoever is signed in.
 * @throws pulumi.RunError when an update, not a preview, is run as another identity: it would create an application that it
 *   does not own, and be refused halfway.
 */
export function withDeployingIdentity(tenant: TenantContext, pinned: string | undefined): TenantContext {
  if (pinned === undefined) {
    return tenant;
  }
  const signedIn = tenant.deployingIdentityId.toLowerCase();
  if (signedIn !== pinned && !pulumi.runtime.isDryRun()) {
    throw runError([
      `The configuration has deployingIdentity ${pinned}, but ${signedIn} is signed in.`,
      "Deploy as that identity, as the pipeline does, or put your own object id there; the next update then makes you an owner instead.",
      "Nothing has been created or changed.",
    ]);
  }
  return { ...tenant, deployingIdentityId: pinned };
}
