import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One recorded request of the real azuread provider, with the answer it got. */
export interface RecordedLine {
  readonly at_ms: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly response: unknown;
}

/** The lines of a recording, in order. @param name of the file in fixtures/wire */
export function readRecording(name: string): readonly RecordedLine[] {
  const file = join(__dirname, "..", "..", "fixtures", "wire", name);
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedLine);
}
