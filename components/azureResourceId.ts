/** The DICOM service that a resource id names, or the workspace when it ends there. */
export interface DicomScope {
  /**
   * The id as Azure writes it, without a trailing slash. Names that people have given keep their case, which means nothing:
   * compare ids with {@link isSameResource}.
   */
  readonly id: string;
  /** In lower case. */
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  /** Absent when the id names a whole workspace. */
  readonly dicomService?: string;
}

const guid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
const guidPattern = new RegExp(`^${guid}$`);
const workspacePattern = new RegExp(
  `^/subscriptions/(${guid})/resourceGroups/([^/]+)/providers/Microsoft\\.HealthcareApis/workspaces/([A-Za-z0-9]+)(?:/dicomservices/([A-Za-z0-9-]+))?/?$`,
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
  const [, writtenSubscription, resourceGroup, workspace, dicomService] = workspacePattern.exec(id) ?? [];
  if (writtenSubscription === undefined || resourceGroup === undefined || workspace === undefined) {
    return undefined;
  }
  const subscriptionId = writtenSubscription.toLowerCase();
  const ofWorkspace = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.HealthcareApis/workspaces/${workspace}`;
  return dicomService === undefined
    ? { id: ofWorkspace, subscriptionId, resourceGroup, workspace }
    : {
        id: `${ofWorkspace}/dicomservices/${dicomService}`,
        subscriptionId,
        resourceGroup,
        workspace,
        dicomService,
      };
}

/** Whether two ids name the same resource. Azure compares them without regard to case, and outer slashes mean nothing. */
export function isSameResource(one: string, other: string): boolean {
  const [known, wanted] = [one, other].map((id) => id.replace(/^\/+|\/+$/g, "").toLowerCase());
  return known === wanted;
}
