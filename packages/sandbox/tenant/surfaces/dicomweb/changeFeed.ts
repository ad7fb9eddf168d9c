import type { Answer, Input } from "../../core/request";
import { changesOf, dicomInstanceKey, defaultPartition } from "../../domain/dicomStudies";
import type { Directory } from "../../state/directory";
import type { DicomChangeRecord } from "../../state/records";
import { wholeNumber } from "./badRequest";
import { dicomServiceOf } from "./dicomAuthorization";
import { hasPartitions } from "./partitions";

/** How many entries come at once when nothing else is asked for. Source: microsoft/dicom-server docs/concepts/change-feed.md */
const usualLimit: Readonly<Record<string, number>> = { v1: 10, v2: 100 };

/** Options of the query of the change feed. */
export const changeQuery = ["offset", "limit"];

/**
 * Answers with entries of the change feed, oldest first.
 * Source of the form: learn.microsoft.com/azure/healthcare-apis/dicom/change-feed-overview, "Object model"
 */
export function readChanges(directory: Directory, input: Input): Answer {
  let offset = 0;
  let limit = usualLimit[input.version] ?? 100;
  for (const [name, value] of input.query) {
    if (name === "offset") offset = wholeNumber(name, value, 0, Number.MAX_SAFE_INTEGER);
    else limit = wholeNumber(name, value, 1, 200);
  }
  const service = dicomServiceOf(directory, input);
  const page = changesOf(directory, service.id).slice(offset, offset + limit);
  return json(page.map((change) => view(directory, change, hasPartitions(service))));
}

/** Answers with the newest entry of the change feed: 204 where there is none. */
export function readLatestChange(directory: Directory, input: Input): Answer {
  const service = dicomServiceOf(directory, input);
  const latest = changesOf(directory, service.id).at(-1);
  return latest === undefined ? { status: 204 } : json(view(directory, latest, hasPartitions(service)));
}

function view(directory: Directory, change: DicomChangeRecord, isPartitioned: boolean): object {
  const partition = change.partition === defaultPartition ? undefined : change.partition;
  const isThere = directory.dicomInstances.get(
    dicomInstanceKey({ serviceId: change.serviceId, partition }, change.sopInstanceUid),
  );
  return {
    Sequence: change.sequence,
    ...(isPartitioned ? { PartitionName: change.partition } : {}),
    StudyInstanceUid: change.studyInstanceUid,
    SeriesInstanceUid: change.seriesInstanceUid,
    SopInstanceUid: change.sopInstanceUid,
    Action: change.action,
    Timestamp: change.timestamp,
    State: isThere === undefined ? "deleted" : change.action === "create" ? "current" : "replaced",
  };
}

function json(value: unknown): Answer {
  return { status: 200, headers: { "content-type": "application/json" }, json: value };
}
