import type { Readable, Writable } from "node:stream";
import { isCancel, select, text } from "@clack/prompts";
import { OperationError } from "../operationError";

/** Where somebody can be asked. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** One of the answers to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Asks somebody at a terminal; whoever gives up ends the command. */
export class Questions {
  constructor(
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Lets one of several answers be chosen. */
  async choose(message: string, options: readonly Choice[], initialValue: string): Promise<string> {
    return answered(await select({ message, options: [...options], initialValue, ...this.place() }));
  }

  /**
   * Asks for a text.
   *
   * @param problemOf what is wrong with an answer; undefined when nothing is
   */
  async ask(
    message: string,
    initialValue: string,
    problemOf: (answer: string) => string | undefined,
  ): Promise<string> {
    return answered(
      await text({
        message,
        initialValue,
        validate: (answer) => problemOf((answer ?? "").trim()),
        ...this.place(),
      }),
    ).trim();
  }

  private place(): Terminal & { signal?: AbortSignal } {
    return { ...this.terminal, ...(this.signal === undefined ? {} : { signal: this.signal }) };
  }
}

/** @throws OperationError when whoever was asked gave up */
function answered(answer: string | symbol): string {
  if (!isCancel(answer)) return String(answer);
  throw new OperationError("Cancelled; nothing was written.");
}
