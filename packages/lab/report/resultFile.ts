import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import azureNative from "@pulumi/azure-native/package.json";
import azuread from "@pulumi/azuread/package.json";
import sdk from "@pulumi/pulumi/package.json";
import { projectRoot } from "../../sandbox/runner/projectRoot";

/** What a result was measured with. */
export interface Circumstances {
  /** UTC date of the newest entry. */
  readonly date: string;
  readonly machine: string;
  readonly versions: string;
}

/** A committed file of results: circumstances, and one entry on each line. */
export interface Results<Entry> extends Circumstances {
  /** Of a matrix: how many cells each command has altogether. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly entries: readonly Entry[];
}

/** The kinds of measurement. */
export type ResultName = "faults" | "kills" | "secrets" | "fuzz";

/** The results file of one kind of measurement. */
export function resultFile(name: ResultName): string {
  return join(__dirname, `${name}.json`);
}

/** Reads a file of results; undefined when there is none yet. */
export function readResults<Entry>(name: ResultName): Results<Entry> | undefined {
  const file = resultFile(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results<Entry>) : undefined;
}

/** Writes a file of results, one entry a line, so that a change of few shows as such. */
export function writeResults<Entry>(
  name: ResultName,
  results: Pick<Results<Entry>, "sizes" | "entries">,
): void {
  const { entries, ...head } = results;
  const text = JSON.stringify({ ...circumstances(), ...head });
  const lines = entries.map((entry) => JSON.stringify(entry)).join(",\n");
  // Several runs may add to the results at the same time.
  const beside = `${resultFile(name)}.${process.pid}.next`;
  writeFileSync(beside, `${text.slice(0, -1)},"entries":[\n${lines}\n]}\n`);
  renameSync(beside, resultFile(name));
}

function circumstances(): Circumstances {
  const cli = readFileSync(join(projectRoot, ".pulumi.version"), "utf8").trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${Math.ceil(totalmem() / 2 ** 30)} GiB`,
    versions: `Node.js ${process.version}, Pulumi CLI ${cli}, SDK ${sdk.version}, stand-ins for azuread ${azuread.version} and azure-native ${azureNative.version}`,
  };
}
