import type { ToolchainSettings } from "./settings";

/** What every step of the search is given. */
export interface SearchContext {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (line: string) => void;
  readonly settings: ToolchainSettings;
  /** Aborted when the user interrupts or the caller gives up. */
  readonly signal: AbortSignal;
}
