import type { Directory } from "../state/directory";
import type { DicomAttributes, DicomChangeRecord, DicomInstanceRecord } from "../state/records";
import { toInstant } from "./instants";

/** The partition of what was stored in a service without data partitions, and a partition of every service that has them. */
export const defaultPartition = "Microsoft.Default";

/** Tags of the DICOM attributes that searches look at, by their keywords (DICOM PS3.6). */
export const dicomTags = {
  SOPClassUID: "00080016",
  SOPInstanceUID: "00080018",
  StudyDate: "00080020",
  AccessionNumber: "00080050",
  Modality: "00080060",
  ModalitiesInStudy: "00080061",
  ReferringPhysicianName: "00080090",
  StudyDescription: "00081030",
  SeriesDescription: "0008103E",
  PatientName: "00100010",
  PatientID: "00100020",
  StudyInstanceUID: "0020000D",
  SeriesInstanceUID: "0020000E",
  InstanceNumber: "00200013",
} as const;

export type DicomKeyword = keyof typeof dicomTags;

/** The first value of an attribute as text; a person's name by its alphabetic form. */
export function dicomText(attributes: DicomAttributes, keyword: DicomKeyword): string | undefined {
  const value = attributes[dicomTags[keyword]]?.Value?.[0];
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  const alphabetic = (value as { readonly Alphabetic?: unknown } | undefined)?.Alphabetic;
  return typeof alphabetic === "string" ? alphabetic : undefined;
}

/** Where in a DICOM service an instance lies. */
export interface DicomPlace {
  /** Resource id of the DICOM service, lower case. */
  readonly serviceId: string;
  /** Undefined for the default one. */
  readonly partition: string | undefined;
}

/** Key of an instance in the directory. */
export function dicomInstanceKey({ serviceId, partition }: DicomPlace, sopInstanceUid: string): string {
  const within = partition === undefined ? serviceId : `${serviceId}/partitions/${partition}`;
  return `${within}/instances/${sopInstanceUid}`;
}

/** The instances of a partition. */
export function instancesAt(
  directory: Directory,
  { serviceId, partition }: DicomPlace,
): readonly DicomInstanceRecord[] {
  return directory.dicomInstances
    .all()
    .filter((instance) => instance.serviceId === serviceId && instance.partition === partition);
}

/** The change feed of a service, oldest first. */
export function changesOf(directory: Directory, serviceId: string): readonly DicomChangeRecord[] {
  return directory.dicomChanges.all().filter((change) => change.serviceId === serviceId);
}

/** Adds what happened to an instance to the change feed. */
export function recordChange(
  directory: Directory,
  { serviceId, partition, attributes }: DicomInstanceRecord,
  action: DicomChangeRecord["action"],
  now: Date,
): void {
  const sequence = (changesOf(directory, serviceId).at(-1)?.sequence ?? 0) + 1;
  directory.dicomChanges.put({
    id: `${serviceId}/changes/${String(sequence)}`,
    serviceId,
    sequence,
    partition: partition ?? defaultPartition,
    studyInstanceUid: dicomText(attributes, "StudyInstanceUID") ?? "",
    seriesInstanceUid: dicomText(attributes, "SeriesInstanceUID") ?? "",
    sopInstanceUid: dicomText(attributes, "SOPInstanceUID") ?? "",
    action,
    timestamp: toInstant(now),
  });
}

/** The partitions of a service, in the order in which something was first stored in them; none is ever removed. */
export function partitionsOf(directory: Directory, serviceId: string): readonly string[] {
  const used = changesOf(directory, serviceId).map(({ partition }) => partition);
  return [...new Set([defaultPartition, ...used])];
}

/** Invented studies with which every DICOM service is made. No person is meant. */
export function syntheticInstances(serviceId: string): readonly DicomInstanceRecord[] {
  const root = "1.2.826.0.1.3680043.10.1338";
  const studies = [
    { modality: "CT", date: "20261102", patient: "Synthetic^Anna", images: 2 },
    { modality: "MR", date: "20261109", patient: "Synthetic^Boris", images: 1 },
    { modality: "CR", date: "20261116", patient: "Synthetic^Chen", images: 1 },
  ];
  return studies.flatMap((study, position) =>
    Array.from({ length: study.images }, (_unused, index) => {
      const number = String(position + 1);
      const studyUid = `${root}.${number}`;
      const sopInstanceUid = `${studyUid}.1.${String(index + 1)}`;
      return {
        id: dicomInstanceKey({ serviceId, partition: undefined }, sopInstanceUid),
        serviceId,
        attributes: {
          [dicomTags.SOPClassUID]: { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] },
          [dicomTags.SOPInstanceUID]: { vr: "UI", Value: [sopInstanceUid] },
          [dicomTags.StudyDate]: { vr: "DA", Value: [study.date] },
          [dicomTags.AccessionNumber]: { vr: "SH", Value: [`ACC-000${number}`] },
          [dicomTags.Modality]: { vr: "CS", Value: [study.modality] },
          [dicomTags.StudyDescription]: { vr: "LO", Value: [`Synthetic ${study.modality} study`] },
          [dicomTags.PatientName]: { vr: "PN", Value: [{ Alphabetic: study.patient }] },
          [dicomTags.PatientID]: { vr: "LO", Value: [`SYN-000${number}`] },
          [dicomTags.StudyInstanceUID]: { vr: "UI", Value: [studyUid] },
          [dicomTags.SeriesInstanceUID]: { vr: "UI", Value: [`${studyUid}.1`] },
          [dicomTags.InstanceNumber]: { vr: "IS", Value: [index + 1] },
        },
      };
    }),
  );
}
