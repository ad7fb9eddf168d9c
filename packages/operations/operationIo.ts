import type { Terminal } from "./init/terminal";
import { setTimeout as sleep } from "node:timers/promises";

/** Where an operation writes to: a stream of Node.js, or anything that collects text. */
export interface OutputSink {
  /** Calls back once the text is handed over. */
  write(text: string, done: (error?: Error | null) => void): unknown;
  /** Whether somebody reads along on a terminal. */
  readonly isTTY?: boolean;
  /** How many characters a line of the terminal has. */
  readonly columns?: number;
}

/** The environment that an operation is run in. */
export interface OperationIo {
  /** Receives results only. */
  readonly stdout: OutputSink;
  /** Receives progress and errors. */
  readonly stderr: OutputSink;
  /** Decides the Pulumi backend, the identity and the cloud. */
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  /** Where somebody can be asked. Default: nowhere. */
  readonly terminal?: Terminal;
  /** Fires when the user gives up: nothing is waited for any more. */
  readonly signal?: AbortSignal;
  /** Default: the machine's clock. */
  readonly clock?: OperationClock;
}

/** Time, as an operation sees it. */
export interface OperationClock {
  now(): Date;
  /** Resolves after this many milliseconds; rejects when the signal fires before. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const machineClock: OperationClock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal }),
};
