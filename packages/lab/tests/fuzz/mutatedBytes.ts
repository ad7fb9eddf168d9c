import * as fc from "fast-check";

interface Change {
  readonly kind: "flip" | "cut" | "drop" | "insert" | "repeat";
  /** Place in the bytes, from 0 to 1. */
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("flip", "cut", "drop", "insert", "repeat"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 64 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
});

/** Copies of valid bytes with one to four changes: bytes flipped, cut off, dropped, inserted, or repeated. */
export function mutatedBytes(valid: Buffer): fc.Arbitrary<Buffer> {
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => changes.reduce(apply, valid));
}

/** Copies of a valid text, changed as bytes and read as UTF-8 again, or with other texts inserted. */
export function mutatedText(valid: string, inserts: readonly string[]): fc.Arbitrary<string> {
  const inserted = fc
    .tuple(fc.nat(valid.length), fc.constantFrom(...inserts))
    .map(([at, text]) => valid.slice(0, at) + text + valid.slice(at));
  return fc.oneof(
    mutatedBytes(Buffer.from(valid)).map((bytes) => bytes.toString("utf8")),
    inserted,
  );
}

function apply(bytes: Buffer, { kind, at, length, bytes: fresh }: Change): Buffer {
  const place = Math.min(bytes.length, Math.floor(at * bytes.length));
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (kind) {
    case "flip": {
      const flipped = Buffer.from(bytes);
      const old = flipped[place];
      if (old !== undefined) flipped[place] = old ^ (1 << (length % 8));
      return flipped;
    }
    case "cut":
      return before;
    case "drop":
      return Buffer.concat([before, after.subarray(length)]);
    case "insert":
      return Buffer.concat([before, fresh, after]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, length), after]);
  }
}
