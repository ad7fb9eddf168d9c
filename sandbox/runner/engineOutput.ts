import { colours } from "./terminal";

/** How every run of the engine reports: Pulumi's own words, as they come. */
export interface EngineOutput {
  readonly color: "always" | "never";
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
}

/** Passes Pulumi's progress and results on to this process's own streams. */
export function engineOutput(): EngineOutput {
  return {
    color: colours(process.stdout, process.env) ? "always" : "never",
    onOutput: (text) => process.stdout.write(text),
    onError: (text) => process.stderr.write(text),
  };
}
