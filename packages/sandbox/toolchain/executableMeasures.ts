import { stat } from "node:fs/promises";

/** What tells an executable from another that takes its place. */
export interface ExecutableMeasures {
  /** Bytes. */
  readonly size: number;
  /** When it was last modified, in milliseconds since 1970. */
  readonly modified: number;
}

/** Measures an executable; undefined when there is none. */
export async function measure(path: string): Promise<ExecutableMeasures | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, modified: mtimeMs };
  } catch {
    return undefined;
  }
}
