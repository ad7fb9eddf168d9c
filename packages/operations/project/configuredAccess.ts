import { type Access, type ClientConfig, readAccess } from "dicom-service-client/model";

/** The access that a client's configuration gives it. */
export function configuredAccess({ access = [] }: ClientConfig): readonly Access[] {
  return access.flatMap(({ dicomService, workspace, role, assignmentName }) => {
    const read = readAccess({
      ...(dicomService === undefined ? {} : { dicomService }),
      ...(workspace === undefined ? {} : { workspace }),
      ...(role === undefined ? {} : { role }),
      ...(assignmentName === undefined ? {} : { assignmentName }),
    });
    return read ?? [];
  });
}
