import { cell, table } from "../report/reliabilityTable";
import { isKnownToLeak } from "./knownLeak";
import type { SweptStep } from "./sweep";

/** What the search for secrets has shown, for the document. */
export function secretsSection(steps: readonly SweptStep[]): string {
  const leaking = steps.filter(({ leaks }) => leaks.length > 0);
  const known = leaking.filter(({ command }) => isKnownToLeak(command));
  return [
    `${steps.length} commands: ${leaking.length - known.length} of them left a secret where it does not belong, beside ${known.length} with Pulumi's own verbose logs (below).`,
    table(
      ["command", "ended with", "printed, bytes", "files", "command lines", "secrets found"],
      steps.map((step) => [
        `\`${cell(step.command)}\``,
        step.code ?? "a signal",
        step.printed,
        step.files,
        step.processes,
        leaksOf(step),
      ]),
    ),
  ].join("\n\n");
}

function leaksOf({ leaks }: SweptStep): string {
  const texts = leaks.map(({ secret, encoding, where }) => `${secret} in ${where}, ${encoding}`);
  return texts.length === 0 ? "none" : [...new Set(texts)].join("; ");
}
