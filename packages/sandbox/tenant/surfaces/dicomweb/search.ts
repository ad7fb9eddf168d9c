import type { Answer, Input } from "../../core/request";
import {
  type DicomKeyword,
  type DicomPlace,
  dicomTags,
  dicomText,
  instancesAt,
} from "../../domain/dicomStudies";
import type { Directory } from "../../state/directory";
import type { DicomAttributes } from "../../state/records";
import { badRequest, wholeNumber, wrongValue } from "./badRequest";

export type SearchLevel = "study" | "series" | "instance";

/** Attributes that a query may name, by level. */
const searchable: readonly DicomKeyword[] = [
  "StudyInstanceUID",
  "SeriesInstanceUID",
  "SOPInstanceUID",
  "PatientID",
  "PatientName",
  "AccessionNumber",
  "StudyDate",
  "StudyDescription",
  "Modality",
  "ModalitiesInStudy",
];
const studyKeywords: readonly DicomKeyword[] = [
  "StudyInstanceUID",
  "StudyDate",
  "StudyDescription",
  "AccessionNumber",
  "PatientID",
  "PatientName",
  "ReferringPhysicianName",
];
const keywordsOfLevel: Readonly<Record<SearchLevel, readonly DicomKeyword[]>> = {
  study: studyKeywords,
  series: [...studyKeywords, "SeriesInstanceUID", "Modality", "SeriesDescription"],
  instance: [
    ...studyKeywords,
    "SeriesInstanceUID",
    "Modality",
    "SeriesDescription",
    "SOPInstanceUID",
    "SOPClassUID",
    "InstanceNumber",
  ],
};
const keyOfLevel: Readonly<Record<SearchLevel, DicomKeyword>> = {
  study: "StudyInstanceUID",
  series: "SeriesInstanceUID",
  instance: "SOPInstanceUID",
};

/** Answers a search (QIDO-RS): 200 with DICOM JSON, or 204 when nothing fits. */
export function searchInstances(
  directory: Directory,
  input: Input,
  place: DicomPlace,
  level: SearchLevel,
): Answer {
  const { limit, offset, conditions, isFuzzy, included } = readQuery(input);
  const fixed: (readonly [DicomKeyword, string])[] = [];
  if (input.params.study !== undefined) fixed.push(["StudyInstanceUID", input.params.study]);
  if (input.params.series !== undefined) fixed.push(["SeriesInstanceUID", input.params.series]);
  const found = new Map<string, DicomAttributes>();
  for (const { attributes } of instancesAt(directory, place)) {
    const asked = conditions.every(([keyword, value]) =>
      isFuzzy && keyword === "PatientName"
        ? fitsFuzzily(attributes, value)
        : fits(attributes, keyword, value),
    );
    if (!asked || !fixed.every(([keyword, value]) => fits(attributes, keyword, value))) continue;
    const key = dicomText(attributes, keyOfLevel[level]);
    if (key !== undefined && !found.has(key)) found.set(key, view(attributes, level, included));
  }
  const page = [...found.values()].slice(offset, offset + limit);
  if (page.length === 0) return { status: 204 };
  return { status: 200, headers: { "content-type": "application/dicom+json" }, json: page };
}

function readQuery(input: Input): {
  limit: number;
  offset: number;
  conditions: readonly (readonly [DicomKeyword, string])[];
  isFuzzy: boolean;
  included: readonly string[] | "all";
} {
  const conditions: (readonly [DicomKeyword, string])[] = [];
  const included: string[] = [];
  let isFuzzy = false;
  let limit = 100;
  let offset = 0;
  for (const [name, value] of input.query) {
    const keyword = searchable.find((one) => one === name || dicomTags[one] === name.toUpperCase());
    if (name === "limit") limit = wholeNumber(name, value, 1, 200);
    else if (name === "offset") offset = wholeNumber(name, value, 0, Number.MAX_SAFE_INTEGER);
    else if (name.toLowerCase() === "fuzzymatching") isFuzzy = flag(name, value);
    else if (name.toLowerCase() === "includefield") included.push(...value.split(",").map(includedField));
    else if (keyword !== undefined) conditions.push([keyword, value]);
    else throw badRequest(`The query parameter '${name}' is not supported.`);
  }
  return { limit, offset, conditions, isFuzzy, included: included.includes("all") ? "all" : included };
}

function flag(name: string, value: string): boolean {
  if (!/^(true|false)$/i.test(value)) {
    throw wrongValue(name, value);
  }
  return value.toLowerCase() === "true";
}

/** The tag of a field that an answer is to have, by tag or keyword; `all` for every one. */
function includedField(field: string): string {
  if (field.toLowerCase() === "all") return "all";
  if (/^[0-9a-f]{8}$/i.test(field)) return field.toUpperCase();
  const tag = Object.entries(dicomTags).find(([keyword]) => keyword === field)?.[1];
  // A keyword that is none of those that the tenant knows is asked for in vain, as one that no instance has.
  return tag ?? field;
}

function fits(attributes: DicomAttributes, keyword: DicomKeyword, wanted: string): boolean {
  const value = dicomText(attributes, keyword === "ModalitiesInStudy" ? "Modality" : keyword);
  if (value === undefined) return false;
  const range = keyword === "StudyDate" ? /^(\d{8})?-(\d{8})?$/.exec(wanted) : null;
  if (range !== null) return value >= (range[1] ?? "") && value <= (range[2] ?? "99999999");
  return value.toLowerCase() === wanted.toLowerCase();
}

/** Any word of the name begins with each word that is asked for, as the service's fuzzy matching does. */
function fitsFuzzily(attributes: DicomAttributes, wanted: string): boolean {
  const words = (text: string): string[] =>
    text
      .toLowerCase()
      .split(/[\s^=]+/)
      .filter((word) => word !== "");
  const present = words(dicomText(attributes, "PatientName") ?? "");
  return words(wanted).every((word) => present.some((one) => one.startsWith(word)));
}

function view(
  attributes: DicomAttributes,
  level: SearchLevel,
  included: readonly string[] | "all",
): DicomAttributes {
  if (included === "all") return attributes;
  const tags = new Set<string>([...keywordsOfLevel[level].map((keyword) => dicomTags[keyword]), ...included]);
  return Object.fromEntries(
    [...tags].flatMap((tag) => {
      const attribute = attributes[tag];
      return attribute === undefined ? [] : [[tag, attribute] as const];
    }),
  );
}
