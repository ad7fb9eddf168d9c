/** Attributes of a DICOM file by tag (`ggggeeee`), each with its value representation and text. */
export type FileAttributes = Readonly<Record<string, readonly [vr: string, value: string]>>;

/** A DICOM file (PS3.10) in explicit little-endian transfer syntax, with a little pixel data at its end. */
export function dicomFileBytes(attributes: FileAttributes): Buffer {
  const meta = elements({ "00020010": ["UI", "1.2.840.10008.1.2.1"] });
  const pixels = Buffer.concat([
    Buffer.from("e07f1000", "hex"),
    Buffer.from("OW\0\0"),
    length32(4),
    Buffer.alloc(4),
  ]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), meta, elements(attributes), pixels]);
}

/** A `multipart/related` body of DICOM files, with its content type. */
export function multipart(...files: readonly Buffer[]): {
  readonly bytes: Buffer;
  readonly contentType: string;
} {
  const boundary = "boundary-of-the-test";
  const parts = files.flatMap((file) => [
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    file,
    Buffer.from("\r\n"),
  ]);
  return {
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
  };
}

function elements(attributes: FileAttributes): Buffer {
  return Buffer.concat(
    Object.entries(attributes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, [vr, text]]) => {
        const value = Buffer.from(text.length % 2 === 0 ? text : `${text}${vr === "UI" ? "\0" : " "}`);
        const head = Buffer.alloc(8);
        head.writeUInt16LE(parseInt(tag.slice(0, 4), 16), 0);
        head.writeUInt16LE(parseInt(tag.slice(4), 16), 2);
        head.write(vr, 4, "latin1");
        head.writeUInt16LE(value.length, 6);
        return Buffer.concat([head, value]);
      }),
  );
}

function length32(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}
