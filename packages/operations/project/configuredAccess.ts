import { type Access, type ClientConfig, readAccess } from "dicom-service-client/model";
import type { DeclaredClient } from "./declaration";

/**
 * The access that a client's configuration gives it.
 *
 * @param owner of the custom roles that the client brings along; without it their ids are not those that are deployed
 */
export function configuredAccess({ access = [] }: ClientConfig, owner = ""): readonly Access[] {
  return access.flatMap((entry) => readAccess(entry, owner) ?? []);
}

/** The access that the configuration gives a declared client; none to one that has left the configuration. */
export function declaredAccess({
  config,
  roleOwner,
}: Pick<DeclaredClient, "config" | "roleOwner">): readonly Access[] {
  return config === undefined ? [] : configuredAccess(config, roleOwner);
}
