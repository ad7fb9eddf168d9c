import type { OperationIo } from "../operationIo";
import { runOperation } from "../runOperation";
import { searchText } from "../../lab";

/** What a command of the operations ended with, and printed. */
export interface OperationRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the operations within this process, and looks for secrets in what it prints.
 *
 * @param onSaid gets what is written to stderr, and is waited for
 */
export async function operationRun(
  argv: readonly string[],
  surroundings: Omit<OperationIo, "stdout" | "stderr">,
  onSaid?: (text: string) => Promise<void>,
): Promise<OperationRun> {
  const printed = { stdout: "", stderr: "" };
  const code = await runOperation(argv, {
    ...surroundings,
    stdout: {
      write(text, done) {
        printed.stdout += text;
        done();
      },
    },
    stderr: {
      write(text, done) {
        printed.stderr += text;
        if (onSaid) onSaid(text).then(() => done(), done);
        else done();
      },
    },
  });
  searchText(`what ops ${argv[0] ?? ""} printed`, Buffer.from(printed.stdout + printed.stderr));
  return { code, ...printed };
}
