import { isMapping } from "./mapping";

/**
 * Lets the `access` of clients that names neither a DICOM service nor a workspace be on the stack's DICOM service.
 *
 * @param clients the clients as they were read; what is no client or no access stays as it is.
 * @param dicomService resource id of the stack's DICOM service; without one nothing changes.
 */
export function withStackDicomService(clients: unknown, dicomService: string | undefined): unknown {
  if (dicomService === undefined || !isMapping(clients)) {
    return clients;
  }
  return Object.fromEntries(
    Object.entries(clients).map(([name, client]) => [
      name,
      isMapping(client) && Array.isArray(client["access"])
        ? { ...client, access: client["access"].map((entry: unknown) => located(entry, dicomService)) }
        : client,
    ]),
  );
}

function located(entry: unknown, dicomService: string): unknown {
  return isMapping(entry) && entry["dicomService"] === undefined && entry["workspace"] === undefined
    ? { ...entry, dicomService }
    : entry;
}
