import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TestSandbox } from "../fixtures/testSandbox";
import { representativeClient } from "../trial/representativeClient";
import type { Secret } from "./secretScan";
import { type AllowedPlace, Sweep, type SweptStep } from "./sweep";
import { secretsIn, tenantSecretPlaces, tenantSecrets } from "./tenantSecrets";

const { permissions: _, ...client } = representativeClient;

const allowedPlaces: readonly AllowedPlace[] = [
  ...tenantSecretPlaces,
  [/^state\/passphrase$/, /passphrase$/],
];

/** What the sandbox's own commands and the operations are tried with. */
export async function sweepSandbox(note: (line: string) => void): Promise<readonly SweptStep[]> {
  const sandbox = new TestSandbox();
  const own = { TMPDIR: process.env["TMPDIR"], NODE_OPTIONS: process.env["NODE_OPTIONS"] };
  try {
    const root = dirname(sandbox.folder.root);
    process.env["TMPDIR"] = sandbox.file("temporary");
    mkdirSync(sandbox.file("temporary"));
    const sweep = new Sweep([root], allowedPlaces, note);
    const config = sandbox.configure({ "imaging-gateway": client }, { asOf: "2026-12-01" });
    const log = sandbox.file("requests.jsonl");
    const made = async (): Promise<readonly Secret[]> => [
      ...secretsIn((await sandbox.run("--config", config, "output", "--show-secrets")).stdout),
      ...tenantSecrets(sandbox.folder.tenant),
      {
        name: "the backend's passphrase",
        value: readFileSync(join(sandbox.folder.root, "passphrase"), "utf8"),
      },
    ];
    const run = (...args: readonly string[]): Promise<SweptStep> =>
      sweep.step(
        `npx entra-sandbox ${args.join(" ").replaceAll(`${root}/`, "")}`,
        () => sandbox.run("--config", config, "--log", log, ...args),
        args[0] === "up" ? made : undefined,
      );

    await run("up");
    await run("portal", "add-secret", "imaging-gateway");
    await run(
      "ops",
      "audit",
      "--report",
      `html=${sandbox.file("audit.html")}`,
      `sarif=${sandbox.file("audit.sarif")}`,
      `json=${sandbox.file("audit.json")}`,
      `markdown=${sandbox.file("audit.md")}`,
    );
    await run("preview", "--diff");
    await run("output");
    await run("output", "clients", "--json");
    await run("drift");
    await run("refresh");
    for (const format of ["text", "json"]) await run("ops", "status", "--format", format);
    for (const format of ["text", "json"]) await run("ops", "verify", "--debug", "--format", format);
    for (const format of ["text", "json", "html", "sarif", "markdown"])
      await run("ops", "audit", "--format", format);
    for (const format of ["text", "json", "commands"]) await run("ops", "rights", "--format", format);
    await run("ops", "rights", "--check");
    await run("portal", "add-secret", "imaging-gateway", "--on-service-principal");
    await run("portal", "remove-consent", "imaging-gateway");
    await run("ops", "verify", "--debug");
    const crash = sandbox.file("crash.cjs");
    writeFileSync(crash, 'setTimeout(() => { throw new Error("on purpose"); }, 2500);\n');
    process.env["NODE_OPTIONS"] = `--require ${crash}`;
    await run("up");
    await run("ops", "audit", "--debug");
    delete process.env["NODE_OPTIONS"];
    await run("up");
    await run("destroy");
    return sweep.steps;
  } finally {
    for (const [name, value] of Object.entries(own)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    sandbox.remove();
  }
}
