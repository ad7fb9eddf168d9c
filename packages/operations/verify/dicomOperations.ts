import type { CloudCall } from "../cloud/call";
import { calls, type DicomRight } from "../cloud/calls";
import type { HttpAnswer } from "../cloud/httpTransport";
import type { Stage } from "./verification";

/** What a request carries. */
export interface RequestContent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Something that a client may do at a DICOM service, or may not. */
export interface DicomOperation {
  readonly stage: Stage;
  /** The data action that lets it through. */
  readonly right: DicomRight;
  readonly call: CloudCall;
  /** What it is, as the end of "may" and "may not". */
  readonly verb: string;
  /** Whether it is about the instances of a partition, and not about the service as a whole. */
  readonly isOfPartition: boolean;
  /** A request that changes nothing, whether it is let through or not. */
  readonly content: RequestContent;
  /** Values of the call's parameters beside the address. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether an answer shows that the client was let through. */
  readonly lets: (answer: HttpAnswer) => boolean;
}

const json = "application/json";
const dicomJson = "application/dicom+json";
const boundary = "verify-instance";
const storing = {
  accept: dicomJson,
  "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
};
const ok = ({ status }: HttpAnswer): boolean => status === 200 || status === 204;

/**
 * What proves the rights of a client, each by a request that changes nothing. The service judges the right before it looks at what a
 * request asks for, so that it refuses a client without the right (403) and, for a client that has it, what cannot be done.
 * Sources: https://learn.microsoft.com/azure/role-based-access-control/permissions/integration (data actions);
 * https://github.com/microsoft/dicom-server, src/Microsoft.Health.Dicom.Core/Features (StoreHandler, AddExtendedQueryTagHandler and
 * ExportHandler judge the right first), of which the managed service is built. Not proved on the managed service.
 */
export const dicomOperations: readonly DicomOperation[] = [
  {
    stage: "search",
    right: "read",
    call: calls.searchStudies,
    verb: "search",
    isOfPartition: true,
    content: { headers: { accept: dicomJson } },
    lets: ok,
  },
  {
    stage: "change-feed",
    right: "read",
    call: calls.latestChange,
    verb: "read the change feed",
    isOfPartition: false,
    content: { headers: { accept: json } },
    lets: ok,
  },
  {
    // Stores nothing: there is no part in it.
    stage: "store",
    right: "write",
    call: calls.storeInstance,
    verb: "store",
    isOfPartition: true,
    content: { headers: storing, body: Buffer.from(`--${boundary}--\r\n`) },
    lets: ({ status }) => [200, 202, 204, 400, 409, 415].includes(status),
  },
  {
    // Deletes nothing: no study has this UID, which is made of the UUID of zeros.
    stage: "delete",
    right: "delete",
    call: calls.deleteStudy,
    verb: "delete",
    isOfPartition: true,
    content: { headers: { accept: json } },
    parameters: { studyInstanceUid: "2.25.0" },
    lets: ({ status }) => status === 204 || status === 404,
  },
  {
    // Adds no tag: the list is empty.
    stage: "query-tags",
    right: "manageExtendedQueryTags",
    call: calls.addQueryTags,
    verb: "add extended query tags",
    isOfPartition: false,
    content: { headers: { accept: json, "content-type": json }, body: Buffer.from("[]") },
    lets: ({ status }) => status === 202 || status === 400,
  },
  {
    // Exports nothing: the list of what to export is empty, and the destination does not exist.
    stage: "export",
    right: "export",
    call: calls.exportInstances,
    verb: "export",
    isOfPartition: true,
    content: {
      headers: { accept: json, "content-type": json },
      body: Buffer.from(
        JSON.stringify({
          source: { type: "identifiers", settings: { values: [] } },
          destination: { type: "azureblob", settings: { blobContainerUri: "https://none.invalid/none" } },
        }),
      ),
    },
    lets: ({ status }) => status === 202 || status === 400,
  },
];

/** A request that stores a DICOM file. */
export function storeContent(file: Uint8Array): RequestContent {
  return {
    headers: storing,
    body: Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      file,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}
