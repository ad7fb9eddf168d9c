import type { DicomAttributes } from "../../state/records";

/** Longest value that is kept, in bytes; longer ones, such as pixel data, are passed over. */
const longestKept = 1024;
/** Transfer syntaxes that are not explicit little-endian: implicit, big-endian, deflated. */
const unreadableSyntaxes = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"];

/** Value representations whose explicit form has a 32-bit length after two reserved bytes (DICOM PS3.5, 7.1.2). */
const longForms = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];
/** Value representations kept as text. */
const textForms = ["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UI"];

/**
 * Reads the textual attributes of a DICOM file (PS3.10) in one of the little-endian, uncompressed-header transfer syntaxes that have
 * explicit value representations; reading stops at the first sequence or value of undefined length, behind which no attribute lies
 * that a search looks at.
 * @returns undefined when it is no such file
 */
export function readDicomFile(file: Buffer): DicomAttributes | undefined {
  if (file.length < 132 || file.toString("latin1", 128, 132) !== "DICM") return undefined;
  try {
    const meta = readElements(file, 132, (group) => group === 2);
    const syntax = meta.attributes["00020010"]?.Value?.[0];
    if (unreadableSyntaxes.some((unreadable) => unreadable === syntax)) return undefined;
    return readElements(file, meta.end, (group) => group > 2 && group < 0x7fe0).attributes;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readElements(
  file: Buffer,
  from: number,
  wanted: (group: number) => boolean,
): { attributes: DicomAttributes; end: number } {
  const attributes: Record<string, { vr: string; Value?: readonly unknown[] }> = {};
  let at = from;
  while (at + 8 <= file.length) {
    const group = file.readUInt16LE(at);
    if (!wanted(group)) break;
    const tag = hex(group) + hex(file.readUInt16LE(at + 2));
    const vr = file.toString("latin1", at + 4, at + 6);
    const long = longForms.includes(vr);
    const length = long ? file.readUInt32LE(at + 8) : file.readUInt16LE(at + 6);
    const start = at + (long ? 12 : 8);
    if (length === 0xffffffff) break;
    if (start + length > file.length) throw new RangeError("a value is longer than the file");
    if (textForms.includes(vr) && length <= longestKept)
      attributes[tag] = element(vr, file.toString("utf8", start, start + length));
    at = start + length;
  }
  return { attributes, end: at };
}

function element(vr: string, text: string): { vr: string; Value?: readonly unknown[] } {
  const values = text
    .replace(/[\0 ]+$/, "")
    .split("\\")
    .filter((value) => value !== "");
  if (values.length === 0) return { vr };
  return { vr, Value: vr === "PN" ? values.map((value) => ({ Alphabetic: value })) : values };
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(4, "0");
}

/** Writes attributes as a DICOM file (PS3.10) in explicit little-endian. */
export function writeDicomFile(attributes: DicomAttributes): Buffer {
  const uid = (tag: string): { vr: string; Value?: readonly unknown[] } => attributes[tag] ?? { vr: "UI" };
  const meta = writeElements({
    "00020002": uid("00080016"),
    "00020003": uid("00080018"),
    "00020010": { vr: "UI", Value: ["1.2.840.10008.1.2.1"] },
    "00020012": { vr: "UI", Value: ["1.2.826.0.1.3680043.10.1338.1"] },
  });
  const version = Buffer.from([0x02, 0, 0x01, 0, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 0, 1]);
  const length = Buffer.from([0x02, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  length.writeUInt32LE(version.length + meta.length, 8);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    length,
    version,
    meta,
    writeElements(attributes),
  ]);
}

function writeElements(attributes: DicomAttributes): Buffer {
  const elements = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(
    elements.flatMap(([tag, { vr, Value = [] }]) => {
      const text = Buffer.from(Value.map(textOfValue).join("\\"));
      const padding = Buffer.from(text.length % 2 === 0 ? "" : vr === "UI" ? "\0" : " ");
      const head = Buffer.alloc(8);
      head.writeUInt16LE(parseInt(tag.slice(0, 4), 16), 0);
      head.writeUInt16LE(parseInt(tag.slice(4), 16), 2);
      head.write(vr, 4, "latin1");
      head.writeUInt16LE(text.length + padding.length, 6);
      return [head, text, padding];
    }),
  );
}

function textOfValue(value: unknown): string {
  const { Alphabetic } = value as { readonly Alphabetic?: unknown };
  return String(Alphabetic ?? value);
}
