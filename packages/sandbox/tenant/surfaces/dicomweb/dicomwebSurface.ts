import type { Answer } from "../../core/exchange";
import { bindOperations, type Operation, type Surface } from "../../core/operation";
import { statusOfKind, type Refusal } from "../../core/refusal";
import type { Directory } from "../../state/directory";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { dicomGate, dicomServiceOf, type DicomAccess } from "./dicomGate";
import { searchInstances, type SearchLevel } from "./search";
import { storeInstances } from "./store";

type DicomOperation = Operation<Directory, DicomAccess, Caller>;

const studies = "/dicom/{service}/{version}/studies";
const versions = ["v1", "v2"];

/** DICOMweb: searching (QIDO-RS) and storing (STOW-RS). */
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
  return {
    name: "dicomweb",
    operations: bindOperations(dicomGate(services), [
      search("studies.search", studies, "study"),
      search("studies.series.search", `${studies}/{study}/series`, "series"),
      search("studies.instances.search", `${studies}/{study}/instances`, "instance"),
      search("studies.series.instances.search", `${studies}/{study}/series/{series}/instances`, "instance"),
      search("series.search", "/dicom/{service}/{version}/series", "series"),
      search("instances.search", "/dicom/{service}/{version}/instances", "instance"),
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
