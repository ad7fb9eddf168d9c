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
      "# Resolve the differences as described above. Owners and permissions need an administrator.",
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
          "# Last, once no consumer uses an old secret any more (see the service principal's sign-in logs), delete it:",
          ...retirement.map((command) => `# ${command}`),
        ]
      : []),
  ];
}

function upDoes(creates: number, rewrites: number): string {
  return [
    ...(creates > 0 ? ["creates what is missing"] : []),
    ...(rewrites > 0 ? ["rewrites lists in another order"] : []),
  ].join(", ");
}
