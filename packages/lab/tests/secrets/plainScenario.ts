import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { PlainCli } from "../../fixtures/plainCli";
import { type Secret, tenantSecretPlaces } from "../../secretHooks/secretScan";
import { representativeClient } from "../representativeClient";
import { Sweep, type SweptStep } from "./sweep";
import { outputSecrets, tenantSecrets } from "./tenantSecrets";

/** The client of the scenario; app roles take a right that the pipeline does not hold. */
const { permissions: _, ...client } = representativeClient;

/** Takes a stack through a first deployment and the preview of a new secret, with a plain Pulumi CLI. */
export async function sweepPlainCli(): Promise<readonly SweptStep[]> {
  const cli = await PlainCli.start();
  try {
    const root = dirname(cli.project);
    const temporary = cli.file("temporary");
    mkdirSync(temporary);
    const sweep = new Sweep([root], tenantSecretPlaces);
    const env = { TMPDIR: temporary, PULUMI_EXPERIMENTAL: "true" };
    const outputs = async (): Promise<readonly Secret[]> =>
      outputSecrets((await cli.run(["stack", "output", "--json", "--show-secrets"])).stdout);
    const pulumi = (args: string, announce?: () => Promise<readonly Secret[]>): Promise<SweptStep> =>
      sweep.step(
        `pulumi ${args.replaceAll(`${root}/`, "")}`,
        () => cli.run(args.split(" "), { env }),
        announce,
      );
    const declare = (reissue: number): Promise<void> =>
      cli.configure(
        "dev",
        { "imaging-gateway": { ...client, secret: { ...client.secret, reissue } } },
        { asOf: "2026-12-01" },
      );

    sweep.announce(
      { name: "the backend's passphrase", value: cli.env["PULUMI_CONFIG_PASSPHRASE"] ?? "" },
      { name: "the pipeline's secret", value: cli.env["ARM_CLIENT_SECRET"] ?? "" },
      ...tenantSecrets(cli.file("tenant")),
    );
    await declare(0);
    await pulumi("stack init dev");
    await pulumi(`preview --save-plan ${cli.file("plan.json")}`);
    await pulumi("up --yes --skip-preview", outputs);
    await pulumi("preview --diff");
    await pulumi("preview --json");
    await pulumi("stack export");
    await pulumi("stack output");
    await pulumi("stack output --json");
    await declare(1);
    await pulumi(`preview --diff --save-plan ${cli.file("reissue.json")}`);
    return sweep.steps;
  } finally {
    await cli.stop();
  }
}
