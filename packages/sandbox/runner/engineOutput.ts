import { colours } from "./terminal";

/** How every run of the engine reports: Pulumi's own words, as they come. */
export interface EngineOutput {
  readonly color: "always" | "never";
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  /** Lets an interruption reach the engine, which then finishes what it is doing and stops. */
  readonly signal?: AbortSignal;
}

/** Passes Pulumi's progress and results on to this process's own streams. */
export function engineOutput(signal?: AbortSignal): EngineOutput {
  return {
    ...(signal === undefined ? {} : { signal }),
    color: colours(process.stdout, process.env) ? "always" : "never",
    onOutput: (text) => process.stdout.write(text),
    onError: (text) => process.stderr.write(text),
  };
}
