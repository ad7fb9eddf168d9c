import { days, representativeClient } from "../representativeClient";
import type { CommandRun, DisturbedSandbox } from "./disturbedSandbox";
import type { Start } from "./sandboxCopies";

/** A command that is disturbed. */
export interface Scenario {
  readonly start: Start;
  /** The UTC day that counts as today. */
  readonly asOf: string;
  /** What the stack declares its client to be. */
  readonly client: object;
  readonly run: (sandbox: DisturbedSandbox) => Promise<CommandRun>;
  /** What a user runs next, to put right what this command has taken for deleted. */
  readonly next?: (sandbox: DisturbedSandbox) => Promise<CommandRun>;
}

const up = (sandbox: DisturbedSandbox): Promise<CommandRun> => sandbox.engine("up");
const deployed = { start: "deployed", asOf: days.deployed, client: representativeClient } as const;

/** Commands that change something, and one that reads. */
export const scenarios = {
  "a first deployment": { start: "blank", asOf: days.deployed, client: representativeClient, run: up },
  "a rotation": { ...deployed, asOf: days.rotation, run: up },
  // whichever consent is read first, it is one that goes
  "a withdrawn consent": {
    ...deployed,
    client: { ...representativeClient, permissions: [], consent: "none" },
    run: up,
  },
  "a refresh": { ...deployed, run: (sandbox) => sandbox.engine("refresh"), next: up },
  "a removal": { ...deployed, run: (sandbox) => sandbox.engine("destroy") },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
