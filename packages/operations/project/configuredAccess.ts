import { type Access, type ClientConfig, readAccess } from "dicom-service-client/model";

/** The access that a client's configuration gives it. */
export function configuredAccess({ access = [] }: ClientConfig): readonly Access[] {
  return access.flatMap((entry) => readAccess(entry) ?? []);
}
