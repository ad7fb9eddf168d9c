import { cell, markdownTable } from "../report/markdownTable";
import { isKnownToLeak } from "./knownLeak";
import type { SweptStep } from "./sweep";

/** What the search for secrets has shown, for the record. */
export function secretsSection(steps: readonly SweptStep[]): string[] {
  const leaking = steps.filter(({ leaks }) => leaks.length > 0);
  const known = leaking.filter(({ command }) => isKnownToLeak(command));
  const printed = steps.reduce((sum, step) => sum + step.printed, 0);
  return [
    `${steps.length} commands, which printed ${Math.round(printed / 1024)} KiB and left up to ${Math.max(0, ...steps.map(({ files }) => files))} files:`,
    `${leaking.length - known.length} of them left a secret where it does not belong, beside ${known.length} with Pulumi's own verbose logs.`,
    ...(leaking.length === 0
      ? []
      : [
          markdownTable(
            ["command", "ended with", "secrets found"],
            leaking.map((step) => [`\`${cell(step.command)}\``, step.code ?? "a signal", leaksOf(step)]),
          ),
        ]),
  ];
}

function leaksOf({ leaks }: SweptStep): string {
  const texts = leaks.map(({ secret, encoding, where }) => `${secret} in ${where}, ${encoding}`);
  return [...new Set(texts)].join("; ");
}
