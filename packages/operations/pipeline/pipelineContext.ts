import type { OperationIo } from "../operationIo";
import type { JobOutput } from "./jobOutput";
import type { PulumiRun } from "./pulumiRun";

/** What a step of a pipeline works with. */
export interface PipelineContext {
  /** Its environment is signed in as the pipeline's identity. */
  readonly io: OperationIo;
  readonly output: JobOutput;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  readonly stack: string;
  /** Runs the Pulumi CLI on the same stack; what it prints goes to stderr. */
  readonly pulumi: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<PulumiRun>;
  /** Runs another command of the operations on the same stack. */
  readonly operate: (command: readonly string[]) => Promise<OperateResult>;
}

/** What another command has ended with. */
export interface OperateResult {
  readonly code: number;
  readonly stdout: string;
}
