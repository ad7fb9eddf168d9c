import * as pulumi from "@pulumi/pulumi";

/**
 * Lets a program that looks something up fail with what the provider has said. Pulumi would show the error of a failed look-up
 * with a stack trace, as a defect of the program, several times over.
 *
 * @throws pulumi.RunError in place of any other error.
 */
export async function explainFailedLookup<T>(lookup: Promise<T>): Promise<T> {
  try {
    return await lookup;
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) throw error;
    throw new pulumi.RunError(
      [
        "The tenant or the subscription could not be read; nothing has been created or changed.",
        ...reasons(error).map((reason) => `  ${reason}`),
        "When the cause is a passing one, such as a lost connection, run the command again.",
      ].join("\n"),
      { cause: error },
    );
  }
}

/** What the provider has said, without the names of the engine's own calls and without blank lines. */
function reasons(error: unknown): string[] {
  return (error instanceof Error ? error.message : String(error))
    .replace(/^(invocation of \S+ returned an error: )?(invoking \S+: )?/, "")
    .split("\n")
    .map((line) => line.trim().replace(/^\* /, ""))
    .filter((line) => line !== "" && !/^\d+ errors? occurred:$/.test(line));
}
