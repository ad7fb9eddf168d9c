import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PlainCli } from "../fixtures/plainCli";
import { representativeClient } from "../trial/representativeClient";
import type { Secret } from "./secretScan";
import { Sweep, type SweptStep } from "./sweep";
import { secretsIn, tenantSecretPlaces, tenantSecrets } from "./tenantSecrets";

/** The client of the scenario; app roles take a right that the pipeline does not hold. */
const { permissions: _, ...client } = representativeClient;

/** What a plain Pulumi CLI is tried with, shortly in the tests or in full. */
export async function sweepPlainCli(
  full: boolean,
  note: (line: string) => void,
): Promise<readonly SweptStep[]> {
  const cli = await PlainCli.start();
  try {
    const root = dirname(cli.project);
    const temporary = cli.file("temporary");
    mkdirSync(temporary);
    const sweep = new Sweep([root], tenantSecretPlaces, note);
    const env = { TMPDIR: temporary, PULUMI_EXPERIMENTAL: "true" };
    const outputs = async (): Promise<readonly Secret[]> =>
      secretsIn((await cli.run(["stack", "output", "--json", "--show-secrets"])).stdout);
    const pulumi = (
      args: string,
      options: {
        readonly made?: boolean;
        readonly env?: Readonly<Record<string, string>>;
      } = {},
    ): Promise<SweptStep> =>
      sweep.step(
        `pulumi ${args.replaceAll(`${root}/`, "")}`,
        () => cli.run(args.split(" "), { env: { ...env, ...options.env } }),
        options.made === true ? outputs : undefined,
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
    await pulumi("up --yes --skip-preview", { made: true });
    await pulumi("preview --diff");
    await pulumi("preview --json");
    await pulumi("stack export");
    await pulumi("stack output");
    await pulumi("stack output --json");
    await declare(1);
    await pulumi(`preview --diff --save-plan ${cli.file("reissue.json")}`);
    if (!full) return sweep.steps;

    await cli.tenant.control("POST", "faults", {
      operation: "arm.vaultSecrets.put",
      effect: { kind: "refuse", status: 403, code: "Forbidden", message: "Refused on purpose." },
      times: 20,
    });
    await pulumi("up --yes --skip-preview", { made: true });
    await cli.tenant.control("DELETE", "faults");
    await pulumi("up --yes --diff", { made: true });
    await pulumi("up --yes --skip-preview --json");
    await pulumi("refresh --yes --skip-preview --diff");
    await pulumi("stack --show-ids --show-urns");
    await pulumi("stack history --json");
    await pulumi("config --json");
    const crash = cli.file("crash.cjs");
    writeFileSync(crash, 'setTimeout(() => { throw new Error("on purpose"); }, 1000);\n');
    await pulumi("preview --diff", { env: { NODE_OPTIONS: `--require ${crash}` } });
    for (const level of [1, 3, 4, 5, 7, 9]) {
      await declare(level + 1);
      await pulumi(`up --yes --skip-preview --logtostderr -v=${level}`, { made: true });
    }
    await declare(20);
    await pulumi("up --yes --skip-preview --debug", { made: true });
    await pulumi("destroy --yes --skip-preview");
    return sweep.steps;
  } finally {
    await cli.stop();
  }
}
