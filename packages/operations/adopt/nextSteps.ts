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
      "# Then look again, until nothing differs:",
      again,
    ];
  }
  const hasManagedSecret = creates.some(({ type }) => type.endsWith(":ApplicationPassword"));
  const retirement = secrets.map(({ remove }) => remove);
  return [
    ...(verdict === "clean" ? [`${again} --apply`] : []),
    ...(creates.length + rewrites.length > 0
      ? [
          `# This ${upDoes(creates.length, rewrites.length)}, and changes nothing else:`,
          `pulumi up --stack ${stack}`,
        ]
      : []),
    ...(hasManagedSecret
      ? [
          "# Hand the new secret to every consumer; the old ones stay valid:",
          `pulumi stack output clientSecrets --show-secrets --stack ${stack}`,
        ]
      : []),
    "# Prove that the published credentials work, and see what is still undeclared:",
    `npx dicom-ops verify --stack ${stack} --client ${client}`,
    `npx dicom-ops audit --stack ${stack}`,
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
  ].join(" and ");
}
