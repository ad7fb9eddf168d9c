import type { AdoptionPlan } from "./adoptionPlan";

/**
 * What to do next, in an order in which no consumer is refused: old secrets stay until nobody uses them.
 *
 * @param again the command line that was given, without --apply
 */
export function nextSteps(
  { verdict, stack, client, creates, rewrites, secrets }: AdoptionPlan,
  again: string,
): readonly string[] {
  if (verdict === "differences") {
    return [
      "# Make what is live and what is declared the same, as said under differences. Owners and permissions take an administrator.",
      `${again}   # until nothing differs`,
    ];
  }
  const hasManagedSecret = creates.some(({ type }) => type.endsWith(":ApplicationPassword"));
  const retirement = secrets.map(({ remove }) => remove);
  return [
    ...(verdict === "clean" ? [`${again} --apply`] : []),
    ...(creates.length + rewrites.length > 0
      ? [
          `pulumi up --stack ${stack}   # ${upDoes(creates.length, rewrites.length)}, and changes nothing else`,
        ]
      : []),
    ...(hasManagedSecret
      ? [
          `pulumi stack output clientSecrets --show-secrets --stack ${stack}   # hand the new secret to every consumer; the old ones stay valid`,
        ]
      : []),
    `npx dicom-ops verify --stack ${stack} --client ${client}   # proves that the published credentials work`,
    `npx dicom-ops audit --stack ${stack}   # names whatever is still undeclared`,
    ...(retirement.length > 0
      ? [
          "# Last of all, when no consumer uses an old secret any more (see the sign-in logs of the service principal), delete it:",
          ...retirement.map((command) => `# ${command}`),
        ]
      : []),
  ];
}

function upDoes(creates: number, rewrites: number): string {
  return [
    ...(creates > 0 ? ["creates what is missing"] : []),
    ...(rewrites > 0 ? ["writes lists anew in another order"] : []),
  ].join(", ");
}
