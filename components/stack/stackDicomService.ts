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
  return mapValues(clients, (client) =>
    isMapping(client) && Array.isArray(client["access"])
      ? { ...client, access: client["access"].map((entry: unknown) => located(entry, dicomService)) }
      : client,
  );
}

function located(entry: unknown, dicomService: string): unknown {
  return isMapping(entry) && entry["dicomService"] === undefined && entry["workspace"] === undefined
    ? { ...entry, dicomService }
    : entry;
}

function mapValues(
  mapping: Readonly<Record<string, unknown>>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, map(value)]));
}
