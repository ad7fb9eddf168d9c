import * as fc from "fast-check";

/** Texts that have broken software before. */
const troublesomeTexts = [
  "",
  " ",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "\u0000",
  "\ud800",
  "../../../../etc/passwd",
  "/dev/zero",
  "'",
  '"',
  "$filter=displayName eq 'x'",
  "-1",
  "1e999",
  "NaN",
  "null",
  "2026-02-30",
  "0000-00-00",
  "275760-09-13",
  "00000000-0000-0000-0000-000000000000",
  "<script>alert(1)</script>",
  "%00%ff",
  "[".repeat(300),
  "x".repeat(20_000),
];

/** Any text: notorious ones, short ones, and ones of any code point. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...troublesomeTexts),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** A value as JSON or YAML can hold it, with keys that reach for prototypes and numbers at the edges. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 53, Number.MAX_VALUE),
    hostileText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(hostileText, tie("value"), { maxKeys: 5 }),
  ),
})).value;
