import { requiredGoName } from "./goModule";
import { minimumVersion } from "./pinnedVersion";
import { type Attempt, ToolchainError } from "./toolchainError";

/** The error that ends a search in vain: what was tried, why each failed, and the two ways out. */
export function noPulumiCli(attempts: readonly Attempt[]): ToolchainError {
  return new ToolchainError(
    [
      `There is no Pulumi CLI to work with (v${minimumVersion.version} or newer is needed), and none could be got. Tried:`,
      ...attempts.map(({ source, reason }) => `  - ${source}: ${reason}`),
      "Either of these helps:",
      "  1. Install the Pulumi CLI as https://www.pulumi.com/docs/install/ says, then run this again.",
      `  2. Install Go ${requiredGoName} or newer from https://go.dev/dl/, so that \`go\` is on PATH, then run this again:`,
      "     the CLI is then built here, which takes about 3 minutes on two cores.",
    ].join("\n"),
  );
}
