/**
 * Address of a DICOM service. In Azure each has a host of its own (`{workspace}-{service}.dicom.azurehealthcareapis.com`); here the
 * first segment of the path takes that host's place.
 * @param resourceId of the DICOM service, lower case
 */
export function dicomServiceUrl(base: string, resourceId: string): string {
  const [, workspace = "", service = ""] =
    /\/workspaces\/([^/]+)\/dicomservices\/([^/]+)$/i.exec(resourceId) ?? [];
  return `${base}/dicom/${workspace}-${service}`;
}

/** Address of a key vault, with the slash at the end that Azure puts there; see {@link dicomServiceUrl}. */
export function vaultUri(base: string, vaultName: string): string {
  return `${base}/vault/${vaultName}/`;
}
