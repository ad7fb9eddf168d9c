import { open } from "node:fs/promises";
import { jsonText } from "dicom-service-client/model";
import { messageOf, OperationError } from "../operationError";
import type { OldCredential } from "./oldCredential";

/** One line of the record: what was done to a credential, or is about to be, and on what evidence. No secret is in it. */
export interface RecordedStep {
  readonly version: 1;
  /** By the clock of this machine. */
  readonly at: string;
  readonly stack: string;
  /** Object id of who did it. */
  readonly by: string;
  /** `begin` is written before anything happens, so that a run that was cut off leaves it. */
  readonly phase: "begin" | "done" | "failed";
  /** Removed from the tenant, or declared retired in these files, so that the next `pulumi up` removes it. */
  readonly action: "remove" | "declare";
  readonly credential: Omit<OldCredential, "action" | "startsOn">;
  readonly evidence: {
    /** When the report was read, by the service's clock. */
    readonly readAt: string;
    readonly unusedDays: number;
    readonly reportDelayDays: number;
  };
  /** Of a failure, in the service's own words. */
  readonly said?: string;
}

/** A record in JSON Lines, to which is only added. */
export class RetirementRecord {
  constructor(readonly path: string) {}

  /**
   * Adds a line; resolves once it is on the disk.
   *
   * @throws OperationError when it cannot be written
   */
  async add(step: RecordedStep): Promise<void> {
    try {
      const file = await open(this.path, "a");
      try {
        await file.appendFile(`${jsonText(step, 0)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new OperationError(`The record ${this.path} cannot be written.`, {
        cause: messageOf(error),
        cure: "Name a file that can be written with --record. Nothing is removed without a record.",
        error,
      });
    }
  }
}
