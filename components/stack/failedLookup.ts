import * as pulumi from "@pulumi/pulumi";
import { runError } from "../problem";

/** The last line of every obstacle. */
const closing = /\nNothing has been created\.$/;

/**
 * Lets a program that looks things up fail with everything that was found and with what the providers have said. Pulumi would show
 * the error of a failed look-up with a stack trace, as a defect of the program, several times over.
 *
 * @param lookups under way; a pulumi.RunError of one of them is an obstacle that is explained already.
 * @throws pulumi.RunError with all obstacles, in the order of the look-ups, then with what could not be read.
 */
export async function explainFailedLookups<T extends readonly unknown[]>(lookups: {
  readonly [Index in keyof T]: Promise<T[Index]>;
}): Promise<T> {
  const settled = await Promise.allSettled(lookups);
  const errors = settled.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length === 0) return Promise.all(lookups);
  const obstacles = errors.filter((error) => pulumi.RunError.isInstance(error));
  const failures = errors.filter((error) => !pulumi.RunError.isInstance(error));
  const last = failures.length === 0 ? obstacles.length - 1 : obstacles.length;
  throw runError(
    [
      ...obstacles.flatMap(({ message }, index) =>
        (index < last ? message.replace(closing, "") : message).split("\n"),
      ),
      ...(failures.length === 0 ? [] : unread(failures)),
    ],
    { cause: errors[0] },
  );
}

function unread(failures: readonly unknown[]): readonly string[] {
  return [
    "The tenant or the subscription could not be read; nothing has been created or changed.",
    ...new Set(failures.flatMap(reasons).map((reason) => `  ${reason}`)),
    "If the cause is temporary, such as a lost connection, run the command again.",
  ];
}

/** What the provider has said, without the names of the engine's own calls and without blank lines. */
function reasons(error: unknown): string[] {
  return (error instanceof Error ? error.message : String(error))
    .replace(/^(invocation of \S+ returned an error: )?(invoking \S+: )?/, "")
    .split("\n")
    .map((line) => line.trim().replace(/^\* /, ""))
    .filter((line) => line !== "" && !/^\d+ errors? occurred:$/.test(line));
}
