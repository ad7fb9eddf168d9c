import type { Answer, Input } from "../../core/request";
import { notImplemented } from "../../core/refusal";
import { dicomInstanceKey, type DicomPlace, dicomText, recordChange } from "../../domain/dicomStudies";
import type { Directory } from "../../state/directory";
import type { DicomAttributes } from "../../state/records";
import { readDicomFile } from "./dicomFile";
import { splitMultipart } from "./multipart";

/** Failure reasons of the DICOM service (its conformance statement, "Store response"). */
const failure = { processing: 272, studyMismatch: 43265, alreadyStored: 45070 } as const;

interface Outcome {
  readonly attributes: DicomAttributes;
  readonly reason: number | undefined;
}

/**
 * Stores the parts of a request (STOW-RS): 200 when all are stored, 202 when some are, 409 when none is.
 * @param study every instance must belong to it, when given
 */
export function storeInstances(
  directory: Directory,
  input: Input,
  place: DicomPlace,
  study: string | undefined,
): Answer {
  const contentType = input.headers["content-type"] ?? "";
  const parts = splitMultipart(contentType, input.body);
  if (parts === undefined) {
    throw notImplemented(`storing '${contentType}'; send multipart/related; type="application/dicom"`);
  }
  if (parts.length === 0) return { status: 204 };
  const outcomes = parts.map((part) => storeOne(directory, input, part.body, place, study));
  const stored = outcomes.filter((outcome) => outcome.reason === undefined);
  const failed = outcomes.filter((outcome) => outcome.reason !== undefined);
  return {
    status: failed.length === 0 ? 200 : stored.length > 0 ? 202 : 409,
    headers: { "content-type": "application/dicom+json" },
    json: {
      ...(stored.length > 0 ? { "00081199": { vr: "SQ", Value: stored.map(reference) } } : {}),
      ...(failed.length > 0 ? { "00081198": { vr: "SQ", Value: failed.map(reference) } } : {}),
    },
  };
}

function storeOne(
  directory: Directory,
  input: Input,
  file: Buffer,
  place: DicomPlace,
  study: string | undefined,
): Outcome {
  const attributes = readDicomFile(file);
  const uid = attributes === undefined ? undefined : dicomText(attributes, "SOPInstanceUID");
  const studyUid = attributes === undefined ? undefined : dicomText(attributes, "StudyInstanceUID");
  const series = attributes === undefined ? undefined : dicomText(attributes, "SeriesInstanceUID");
  if (attributes === undefined || uid === undefined || studyUid === undefined || series === undefined) {
    return { attributes: attributes ?? {}, reason: failure.processing };
  }
  if (study !== undefined && study !== studyUid) return { attributes, reason: failure.studyMismatch };
  const id = dicomInstanceKey(place, uid);
  if (directory.dicomInstances.get(id) !== undefined) return { attributes, reason: failure.alreadyStored };
  const { serviceId, partition } = place;
  const stored = directory.dicomInstances.put({
    id,
    serviceId,
    ...(partition === undefined ? {} : { partition }),
    attributes,
    file: file.toString("base64"),
  });
  recordChange(directory, stored, "create", input.now);
  return { attributes, reason: undefined };
}

function reference({ attributes, reason }: Outcome): object {
  const uid = (keyword: "SOPClassUID" | "SOPInstanceUID"): object => {
    const value = dicomText(attributes, keyword);
    return value === undefined ? { vr: "UI" } : { vr: "UI", Value: [value] };
  };
  return {
    "00081150": uid("SOPClassUID"),
    "00081155": uid("SOPInstanceUID"),
    ...(reason === undefined ? {} : { "00081197": { vr: "US", Value: [reason] } }),
  };
}
