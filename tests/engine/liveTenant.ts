import { Administrator, type Tenant } from "entra-sandbox";

/** What lives in a tenant, as its administrator sees it: what a stack adds and removes. */
export interface LiveObjects {
  readonly applications: readonly string[];
  readonly servicePrincipals: readonly string[];
  readonly oauth2PermissionGrants: readonly string[];
}

/** Lists what lives in a running tenant, by names and ids, sorted. */
export async function liveObjects(tenant: Tenant): Promise<LiveObjects> {
  const administrator = new Administrator(tenant);
  const list = async (collection: string): Promise<string[]> => {
    const { value } = (await administrator.graph("GET", collection)) as {
      readonly value: readonly { readonly id: string; readonly displayName?: string }[];
    };
    return value.map(({ id, displayName }) => `${displayName ?? ""} ${id}`).sort();
  };
  try {
    return {
      applications: await list("applications"),
      servicePrincipals: await list("servicePrincipals"),
      oauth2PermissionGrants: await list("oauth2PermissionGrants"),
    };
  } finally {
    administrator.signOut();
  }
}
