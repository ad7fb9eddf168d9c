import type { Answer, Input } from "../../core/request";
import { bindOperations, type Operation, type Surface } from "../../core/operation";
import { type Refusal, statusOfKind } from "../../core/refusal";
import type { Directory } from "../../state/directory";
import type { DicomInstanceRecord } from "../../state/records";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { type DicomAccess, dicomAuthorization, dicomServiceOf } from "./dicomAuthorization";
import { deleteInstances, instancesOf, refusePixels, retrieveFiles, retrieveMetadata } from "./retrieve";
import { searchInstances, type SearchLevel } from "./search";
import { storeInstances } from "./store";

type DicomOperation = Operation<Directory, DicomAccess, Caller>;

const studies = "/dicom/{service}/{version}/studies";
const versions = ["v1", "v2"];

/** DICOMweb: searching (QIDO-RS), retrieving (WADO-RS), storing (STOW-RS) and deleting. */
export function dicomwebSurface(services: Services): Surface<Directory> {
  const search = (id: string, path: string, level: SearchLevel): DicomOperation => ({
    id: `dicomweb.${id}`,
    method: "GET",
    path,
    versions,
    access: { action: "read" },
    effect: "read",
    handle: (directory, input) =>
      searchInstances(directory, input, dicomServiceOf(directory, input).id, level),
  });
  const store = (id: string, path: string): DicomOperation => ({
    id: `dicomweb.${id}`,
    method: "POST",
    path,
    versions,
    access: { action: "write" },
    effect: "write",
    handle: (directory, input) =>
      storeInstances(directory, input, dicomServiceOf(directory, input).id, input.params.study),
  });
  const onInstances = (
    id: string,
    row: Pick<DicomOperation, "method" | "path" | "access" | "effect">,
    answer: (input: Input, instances: readonly DicomInstanceRecord[], directory: Directory) => Answer,
  ): DicomOperation => ({
    id: `dicomweb.${id}`,
    ...row,
    versions,
    hidesAnswer: true,
    handle: (directory, input) =>
      answer(input, instancesOf(directory, input, dicomServiceOf(directory, input).id), directory),
  });
  const read = { method: "GET", access: { action: "read" }, effect: "read" } as const;
  const levels = [
    ["studies", `${studies}/{study}`],
    ["studies.series", `${studies}/{study}/series/{series}`],
    ["studies.series.instances", `${studies}/{study}/series/{series}/instances/{instance}`],
  ] as const;
  const [, , [, oneInstance]] = levels;
  return {
    name: "dicomweb",
    operations: bindOperations(dicomAuthorization(services), [
      search("studies.search", studies, "study"),
      search("studies.series.search", `${studies}/{study}/series`, "series"),
      search("studies.instances.search", `${studies}/{study}/instances`, "instance"),
      search("studies.series.instances.search", `${studies}/{study}/series/{series}/instances`, "instance"),
      search("series.search", "/dicom/{service}/{version}/series", "series"),
      search("instances.search", "/dicom/{service}/{version}/instances", "instance"),
      ...levels.flatMap(([level, path]) => [
        onInstances(`${level}.retrieve`, { ...read, path }, retrieveFiles),
        onInstances(`${level}.metadata`, { ...read, path: `${path}/metadata` }, retrieveMetadata),
        onInstances(
          `${level}.delete`,
          { method: "DELETE", path, access: { action: "delete" }, effect: "write" },
          (input, instances, directory) => deleteInstances(directory, input, instances),
        ),
      ]),
      ...["rendered", "frames/{frames}", "frames/{frames}/rendered"].map((tail, index) =>
        onInstances(
          `studies.series.instances.pixels${String(index + 1)}`,
          { ...read, path: `${oneInstance}/${tail}` },
          refusePixels,
        ),
      ),
      store("studies.store", studies),
      store("studies.storeInto", `${studies}/{study}`),
    ]),
    owns: (path) => path.startsWith("/dicom/"),
    render,
  };
}

/** The service answers refusals of access without a body or in plain text, and what it cannot read in plain text too. */
function render(refusal: Refusal): Answer {
  const { kind, message } = refusal.data;
  const status = statusOfKind[kind];
  if (kind === "unauthenticated") return { status };
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, bytes: Buffer.from(message) };
}
