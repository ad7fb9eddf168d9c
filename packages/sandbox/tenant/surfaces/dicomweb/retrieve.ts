import type { Answer, Input } from "../../core/request";
import { notImplemented, Refusal } from "../../core/refusal";
import { type DicomPlace, dicomText, instancesAt, recordChange } from "../../domain/dicomStudies";
import type { Directory } from "../../state/directory";
import type { DicomInstanceRecord } from "../../state/records";
import { writeDicomFile } from "./dicomFile";
import { joinMultipart } from "./multipart";

const dicom = "application/dicom";

/**
 * The instances of the study, series or instance that the path names.
 * @throws Refusal of kind `notFound` when there is none
 */
export function instancesOf(
  directory: Directory,
  input: Input,
  place: DicomPlace,
): readonly DicomInstanceRecord[] {
  const { study, series, instance } = input.params;
  const found = instancesAt(directory, place).filter(
    ({ attributes }) =>
      dicomText(attributes, "StudyInstanceUID") === study &&
      (series === undefined || dicomText(attributes, "SeriesInstanceUID") === series) &&
      (instance === undefined || dicomText(attributes, "SOPInstanceUID") === instance),
  );
  if (found.length > 0) return found;
  const what = instance === undefined ? (series === undefined ? "study" : "series") : "instance";
  throw new Refusal({
    kind: "notFound",
    message: `The specified ${what} cannot be found.`,
  });
}

/** Answers with files (WADO-RS): one as it is, when that is asked for, or all in a multipart body. */
export function retrieveFiles(input: Input, instances: readonly DicomInstanceRecord[]): Answer {
  const accepted = acceptedTypes(input);
  const files = instances.map((one) =>
    one.file === undefined ? writeDicomFile(one.attributes) : Buffer.from(one.file, "base64"),
  );
  const [first] = files;
  if (first !== undefined && input.params["instance"] !== undefined && accepted.includes(dicom)) {
    return { status: 200, headers: { "content-type": dicom }, bytes: first };
  }
  const isMultipart = accepted.some(
    (type) => type === "*/*" || type === `multipart/related;type=${dicom}` || type === "multipart/related",
  );
  if (!isMultipart) {
    throw notImplemented(`retrieving '${input.headers["accept"] ?? ""}'`);
  }
  const { contentType, body } = joinMultipart(dicom, files, input.requestId);
  return { status: 200, headers: { "content-type": contentType }, bytes: body };
}

/** Answers with the attributes that searches look at, in DICOM JSON. */
export function retrieveMetadata(_input: Input, instances: readonly DicomInstanceRecord[]): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/dicom+json" },
    json: instances.map(({ attributes }) => attributes),
  };
}

/** Deletes instances: 204, as the service does. */
export function deleteInstances(
  directory: Directory,
  input: Input,
  instances: readonly DicomInstanceRecord[],
): Answer {
  instances.forEach((instance) => {
    directory.dicomInstances.delete(instance.id);
    recordChange(directory, instance, "delete", input.now);
  });
  return { status: 204 };
}

/** Media types of the Accept header, with `type` as the only parameter, without spaces and quotes. */
function acceptedTypes(input: Input): readonly string[] {
  return (input.headers["accept"] ?? "*/*").split(/,(?![^"]*"(?:,|;|$))/).map((range) => {
    const [media = "", ...parameters] = range.split(";").map((part) => part.trim().replaceAll('"', ""));
    const type = parameters.find((parameter) => parameter.startsWith("type="));
    return type === undefined ? media : `${media};${type}`;
  });
}
