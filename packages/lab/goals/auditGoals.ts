import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { auditReportSchema } from "dicom-ops";
import type { BenchContext } from "../benchRun";
import type { JudgedGoal } from "../report/goal";
import { populateSandbox, type Population } from "../population/populateSandbox";
import { project, projectRoot } from "../fixtures/repository";
import { ensurePulumiCli, SandboxFolder, type SessionOptions, stackName, withSession } from "entra-sandbox";

/** What an audit took. */
interface AuditMeasurement {
  /** Requests to Microsoft Graph and Azure Resource Manager, by the tenant's log; a batch is one. */
  readonly requests: number;
  /** From the start of the process to its end, in seconds. */
  readonly seconds: number;
  /** Greatest resident memory of the process, without the Pulumi CLI's, in MiB. */
  readonly mebibytes: number;
}

const population: Population = { clients: 500, applications: 20_000, deleted: 1000 };
const asOf = "2026-07-01";

/** An audit at the size that it is made for: what it asks, how long that takes, and what it holds. */
export async function measureLargeAudit(context: BenchContext): Promise<JudgedGoal[]> {
  const { requests, seconds, mebibytes } = await auditPopulation(context);
  const { clients, applications } = population;
  // Eight readings for each client, two for each fifteen names (living and deleted namesakes); an API, subscriptions, their role
  // assignments, and one role's name. Batches take them to a quarter, and further.
  const readings = 8 * clients + 2 * Math.ceil(clients / 15) + 4;
  const goal = Math.floor(readings / 4);
  const what = `audit of ${clients} clients among ${applications} applications`;
  return [
    {
      what: `${what}: requests for ${readings} readings`,
      goal: `at most ${goal}`,
      measured: String(requests),
      met: requests <= goal,
    },
    {
      what: `${what}: memory`,
      goal: "at most 256 MiB",
      measured: `${mebibytes.toFixed(0)} MiB`,
      met: mebibytes <= 256,
    },
    { what: `${what}: time`, goal: "none", measured: `${seconds.toFixed(1)} s`, met: true },
  ];
}

/** Audits a stack of 500 clients in a tenant of 20,000 applications, in a process of its own against the tenant in this one. */
async function auditPopulation({ base, userEnvironment, note }: BenchContext): Promise<AuditMeasurement> {
  const folder = new SandboxFolder(join(base, "audit"));
  const options: SessionOptions = {
    project,
    folder,
    provider: "stand-in",
    userEnvironment,
    note: () => undefined,
  };
  note(`filling a tenant with ${population.applications} applications and ${population.clients} clients`);
  const config = await populateSandbox(options, population, asOf);
  const log = join(base, "audit.log");
  return withSession({ ...options, config, log }, async ({ environment }) => {
    const cli = await ensurePulumiCli({ env: userEnvironment });
    note("auditing them");
    const usage = join(base, "audit-usage.json");
    const began = performance.now();
    const stdout = await run(["audit", "--stack", stackName, "--cwd", folder.workspace, "--format", "json"], {
      ...userEnvironment,
      ...environment,
      PATH: [dirname(cli.path), userEnvironment["PATH"]].join(delimiter),
      BENCH_MEMORY_FILE: usage,
    });
    const seconds = (performance.now() - began) / 1000;
    const { verdict, clients } = auditReportSchema.parse(JSON.parse(stdout));
    if (verdict !== "clean" || clients.length !== population.clients) {
      throw new Error(`the audit of ${clients.length} clients ended as ${verdict}`);
    }
    const requests = requestsIn(readFileSync(log, "utf8"));
    const { kibibytes } = JSON.parse(readFileSync(usage, "utf8")) as { readonly kibibytes: number };
    return { requests, seconds, mebibytes: kibibytes / 1024 };
  });
}

/** How many requests a log holds, without those that came within batches. */
function requestsIn(log: string): number {
  const entries = log
    .split("\n")
    .filter((line) => line !== "")
    .map(
      (line) =>
        JSON.parse(line) as { operation: string | null; body: { requests?: readonly unknown[] } | null },
    )
    .filter(({ operation }) => /^(graph|arm)\./.test(operation ?? ""));
  const within = entries
    .filter(({ operation }) => operation === "graph.batch")
    .reduce((sum, { body }) => sum + (body?.requests?.length ?? 0), 0);
  return entries.length - within;
}

/** Runs an operation as `npm run ops` does, with its options for Node.js. */
function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["-r", require.resolve("../speed/reportMemory"), require.resolve("dicom-ops/bin/cli.js"), ...argv],
      { cwd: projectRoot, env, stdio: ["ignore", "pipe", "inherit"] },
    );
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (data: string) => (stdout += data));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(`the audit ended with ${String(code)}`)),
    );
  });
}
