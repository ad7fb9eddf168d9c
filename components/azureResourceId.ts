/** The DICOM service that a resource id names, or the workspace when it ends there. */
export interface DicomScope {
  /** The id as given, without a trailing slash. Azure compares ids without regard to case. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly workspace: string;
  /** Absent when the id names a whole workspace. */
  readonly dicomService?: string;
}

const guid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
const guidPattern = new RegExp(`^${guid}$`);
const workspacePattern = new RegExp(
  `^/subscriptions/(${guid})/resourceGroups/[^/]+/providers/Microsoft\\.HealthcareApis/workspaces/([A-Za-z0-9]+)(?:/dicomservices/([A-Za-z0-9-]+))?/?$`,
  "i",
);

/** How the resource id of a DICOM service looks, for messages. */
export const dicomServiceIdForm =
  "/subscriptions/<subscription id>/resourceGroups/<group>/providers/Microsoft.HealthcareApis/workspaces/<workspace>/dicomservices/<service>";
/** How the resource id of a health workspace looks, for messages. */
export const workspaceIdForm =
  "/subscriptions/<subscription id>/resourceGroups/<group>/providers/Microsoft.HealthcareApis/workspaces/<workspace>";

/** Whether a text is a GUID in its usual form, such as an object id or a client id. */
export function isGuid(text: string): boolean {
  return guidPattern.test(text);
}

/** Reads the resource id of a health workspace or of a DICOM service in one. Undefined when it is neither. */
export function parseDicomScope(id: string): DicomScope | undefined {
  const match = workspacePattern.exec(id);
  const [subscriptionId, workspace, dicomService] = [match?.[1], match?.[2], match?.[3]];
  if (subscriptionId === undefined || workspace === undefined) {
    return undefined;
  }
  return {
    id: id.replace(/\/$/, ""),
    subscriptionId,
    workspace,
    ...(dicomService === undefined ? {} : { dicomService }),
  };
}
