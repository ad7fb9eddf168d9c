import type { Answer, Input } from "../../core/request";
import { bindOperations, type Operation, type Surface } from "../../core/operation";
import { type Refusal, statusOfKind } from "../../core/refusal";
import type { Directory } from "../../state/directory";
import type { DicomInstanceRecord } from "../../state/records";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { changeQuery, readChanges, readLatestChange } from "./changeFeed";
import { type DicomAccess, dicomAuthorization } from "./dicomAuthorization";
import { dicomPlaceOf, listPartitions } from "./partitions";
import { deleteInstances, instancesOf, retrieveFiles, retrieveMetadata } from "./retrieve";
import { searchInstances, type SearchLevel } from "./search";
import { addQueryTags, exportInstances, listQueryTags } from "./serviceManagement";
import { storeInstances } from "./store";

type DicomOperation = Operation<Directory, DicomAccess, Caller>;

const root = "/dicom/{service}/{version}";

/**
 * DICOMweb: searching (QIDO-RS), retrieving (WADO-RS), storing (STOW-RS) and deleting, in a service as a whole or in one of its data
 * partitions; and the service's change feed, extended query tags, partitions and export.
 */
export function dicomwebSurface(services: Services): Surface<Directory> {
  return {
    name: "dicomweb",
    operations: bindOperations(
      dicomAuthorization(services),
      [
        ...instanceOperations("", root),
        ...instanceOperations("partitions.", `${root}/partitions/{partition}`),
        ...serviceOperations(),
      ],
      { query: [], versions: ["v1", "v2"] },
    ),
    owns: (path) => path.startsWith("/dicom/"),
    render,
  };
}

/** @param prefix of the operations' ids, after the surface's name */
function instanceOperations(prefix: string, base: string): readonly DicomOperation[] {
  const studies = `${base}/studies`;
  const search = (id: string, path: string, level: SearchLevel): DicomOperation => ({
    id: `dicomweb.${prefix}${id}`,
    method: "GET",
    path,
    access: { action: "read" },
    query: "checked",
    handle: (directory, input) =>
      searchInstances(directory, input, dicomPlaceOf(directory, input, false), level),
  });
  const store = (id: string, path: string): DicomOperation => ({
    id: `dicomweb.${prefix}${id}`,
    method: "POST",
    path,
    access: { action: "write" },
    handle: (directory, input) =>
      storeInstances(directory, input, dicomPlaceOf(directory, input, true), input.params.study),
  });
  const onInstances = (
    id: string,
    row: Pick<DicomOperation, "method" | "path" | "access">,
    answer: (input: Input, instances: readonly DicomInstanceRecord[], directory: Directory) => Answer,
  ): DicomOperation => ({
    id: `dicomweb.${prefix}${id}`,
    ...row,
    hidesAnswer: true,
    handle: (directory, input) =>
      answer(input, instancesOf(directory, input, dicomPlaceOf(directory, input, false)), directory),
  });
  const read = { method: "GET", access: { action: "read" } } as const;
  const levels = [
    ["studies", `${studies}/{study}`],
    ["studies.series", `${studies}/{study}/series/{series}`],
    ["studies.series.instances", `${studies}/{study}/series/{series}/instances/{instance}`],
  ] as const;
  return [
    search("studies.search", studies, "study"),
    search("studies.series.search", `${studies}/{study}/series`, "series"),
    search("studies.instances.search", `${studies}/{study}/instances`, "instance"),
    search("studies.series.instances.search", `${studies}/{study}/series/{series}/instances`, "instance"),
    search("series.search", `${base}/series`, "series"),
    search("instances.search", `${base}/instances`, "instance"),
    ...levels.flatMap(([level, path]) => [
      onInstances(`${level}.retrieve`, { ...read, path }, retrieveFiles),
      onInstances(`${level}.metadata`, { ...read, path: `${path}/metadata` }, retrieveMetadata),
      onInstances(
        `${level}.delete`,
        { method: "DELETE", path, access: { action: "delete" } },
        (input, instances, directory) => deleteInstances(directory, input, instances),
      ),
    ]),
    store("studies.store", studies),
    store("studies.storeInto", `${studies}/{study}`),
    {
      id: `dicomweb.${prefix}export`,
      method: "POST",
      path: `${base}/export`,
      access: { action: "export/action" },
      effect: "read",
      handle(directory, input) {
        dicomPlaceOf(directory, input, false);
        return exportInstances(input);
      },
    },
  ];
}

/** What is asked of a service as a whole, with or without partitions. */
function serviceOperations(): readonly DicomOperation[] {
  const read = { method: "GET", access: { action: "read" } } as const;
  const tags = `${root}/extendedquerytags`;
  return [
    {
      ...read,
      id: "dicomweb.changeFeed.read",
      path: `${root}/changefeed`,
      query: changeQuery,
      handle: readChanges,
    },
    {
      ...read,
      id: "dicomweb.changeFeed.latest",
      path: `${root}/changefeed/latest`,
      handle: readLatestChange,
    },
    { ...read, id: "dicomweb.partitions.list", path: `${root}/partitions`, handle: listPartitions },
    { ...read, id: "dicomweb.extendedQueryTags.list", path: tags, handle: listQueryTags },
    {
      id: "dicomweb.extendedQueryTags.add",
      method: "POST",
      path: tags,
      access: { action: "manageExtendedQueryTags/action" },
      effect: "read",
      handle: (_directory, input) => addQueryTags(input),
    },
  ];
}

/** The service answers refusals of access without a body or in plain text, and what it cannot read in plain text too. */
function render(refusal: Refusal): Answer {
  const { kind, message } = refusal.data;
  const status = statusOfKind[kind];
  if (kind === "unauthenticated") return { status };
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, bytes: Buffer.from(message) };
}
