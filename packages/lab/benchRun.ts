import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What every measurement is given. */
export interface BenchContext {
  /** A folder of its own, which is removed at the end. */
  readonly base: string;
  /** The user's own environment, where the CLI and the plugin cache are looked for. */
  readonly userEnvironment: NodeJS.ProcessEnv;
  /** Receives what the user should know on the way. */
  readonly note: (line: string) => void;
}

/** Runs a measurement in a folder of its own. */
export type BenchRun = (measure: (context: BenchContext) => Promise<void>) => Promise<void>;

/** Makes folders for measurements, and removes them afterwards. */
export function benchRun({ userEnvironment, note }: Omit<BenchContext, "base">): BenchRun {
  return async (measure) => {
    const base = mkdtempSync(join(tmpdir(), "bench-"));
    try {
      await measure({ base, userEnvironment, note });
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  };
}
