import { v4, v5 } from "uuid";

/** An invented DICOM instance. No person is meant. */
export interface SyntheticInstance {
  readonly studyInstanceUid: string;
  /** A DICOM file (PS3.10). */
  readonly file: Uint8Array;
}

const secondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
const explicitLittleEndian = "1.2.840.10008.1.2.1";
/** Namespace of the UIDs that are derived from clients. */
const namespace = "c8a1f0a5-6d0e-4d0b-9f0a-0d6f3f7f2f11";

/** Makes a picture of one grey point. All instances of one client lie in the same study, so that they are easily removed. */
export function syntheticInstance(clientId: string, now: Date): SyntheticInstance {
  const studyInstanceUid = uid(v5(`study of ${clientId}`, namespace));
  const sopInstanceUid = uid(v4());
  const date = now.toISOString().slice(0, 10).replaceAll("-", "");
  const meta = [
    element(0x0002, 0x0001, "OB", Buffer.from([0, 1])),
    text(0x0002, 0x0002, "UI", secondaryCapture),
    text(0x0002, 0x0003, "UI", sopInstanceUid),
    text(0x0002, 0x0010, "UI", explicitLittleEndian),
    text(0x0002, 0x0012, "UI", uid(namespace)),
  ];
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.reduce((sum, { byteLength }) => sum + byteLength, 0));
  const file = Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x0002, 0x0000, "UL", length),
    ...meta,
    text(0x0008, 0x0016, "UI", secondaryCapture),
    text(0x0008, 0x0018, "UI", sopInstanceUid),
    text(0x0008, 0x0020, "DA", date),
    text(0x0008, 0x0030, "TM", "000000"),
    text(0x0008, 0x0050, "SH", ""),
    text(0x0008, 0x0060, "CS", "OT"),
    text(0x0008, 0x0064, "CS", "WSD"),
    text(0x0008, 0x0090, "PN", ""),
    text(0x0008, 0x1030, "LO", "Invented instance, safe to delete"),
    text(0x0010, 0x0010, "PN", "Verify^Invented"),
    text(0x0010, 0x0020, "LO", "OPS-VERIFY"),
    text(0x0010, 0x0030, "DA", ""),
    text(0x0010, 0x0040, "CS", "O"),
    text(0x0020, 0x000d, "UI", studyInstanceUid),
    text(0x0020, 0x000e, "UI", uid(v5(`series of ${clientId}`, namespace))),
    text(0x0020, 0x0010, "SH", "1"),
    text(0x0020, 0x0011, "IS", "1"),
    text(0x0020, 0x0013, "IS", "1"),
    number(0x0028, 0x0002, 1),
    text(0x0028, 0x0004, "CS", "MONOCHROME2"),
    number(0x0028, 0x0010, 1),
    number(0x0028, 0x0011, 1),
    number(0x0028, 0x0100, 8),
    number(0x0028, 0x0101, 8),
    number(0x0028, 0x0102, 7),
    number(0x0028, 0x0103, 0),
    element(0x7fe0, 0x0010, "OW", Buffer.from([0x80, 0])),
  ]);
  return { studyInstanceUid, file };
}

/** A UID made of a UUID (DICOM PS3.5, B.2). */
function uid(uuid: string): string {
  return `2.25.${BigInt(`0x${uuid.replaceAll("-", "")}`).toString()}`;
}

function text(group: number, tag: number, representation: string, value: string): Buffer {
  const padding = representation === "UI" ? "\0" : " ";
  return element(group, tag, representation, Buffer.from(value.length % 2 === 0 ? value : value + padding));
}

function number(group: number, tag: number, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return element(group, tag, "US", bytes);
}

/** A data element with explicit value representation, little-endian (DICOM PS3.5, 7.1.2). */
function element(group: number, tag: number, representation: string, value: Buffer): Buffer {
  const isLong = representation === "OB" || representation === "OW";
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(tag, 2);
  head.write(representation, 4, "latin1");
  if (isLong) head.writeUInt32LE(value.byteLength, 8);
  else head.writeUInt16LE(value.byteLength, 6);
  return Buffer.concat([head, value]);
}
