import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { PlainCli, readerAccess } from "lab";

const gateway = { displayName: "Gateway", access: [readerAccess], secret: { from: "2026-11-23" } };
const other = { displayName: "Other", access: [readerAccess], secret: { from: "2026-11-23" } };

// Pulumi takes a key with the project's name and without it, and drops one of two before the program sees it: on a deployed stack
// that would delete what only the dropped one declares.
describe("keys of the configuration under a plain Pulumi CLI", function () {
  this.timeout(180_000);
  let cli: PlainCli;
  let file: string;
  let deployed: string;

  before(async () => {
    cli = await PlainCli.start();
    file = join(cli.project, "Pulumi.dev.yaml");
    await cli.configure("dev", { gateway }, { asOf: "2026-11-24" });
    await cli.succeed(["stack", "init", "dev"]);
    await cli.succeed(["up", "--yes", "--skip-preview"]);
    deployed = await readFile(file, "utf8");
    assert.match(deployed, /dicom-service-client:clients/, "stack init writes the project's name");
  });
  beforeEach(() => writeFile(file, deployed));
  after(() => cli.stop());

  /** The deployed file with further keys. */
  function withKeys(more: Readonly<Record<string, unknown>>): string {
    const { config, ...rest } = parse(deployed) as { readonly config: object };
    return stringify({ ...rest, config: { ...config, ...more } });
  }

  it("are refused in two spellings, and the deployed client stays", async () => {
    await writeFile(file, withKeys({ clients: { other } }));
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, stdout } = await cli.run(command);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /clients: stands in Pulumi\.dev\.yaml as (dicom-service-client:)?clients and as /);
      assert.doesNotMatch(stdout, /to delete|[-−] \d+ deleted/);
    }
    await writeFile(file, deployed);
    await cli.succeed(["preview", "--expect-no-changes"]);
  });

  it("are looked for in the file that --config-file names", async function () {
    if (process.platform !== "linux") this.skip();
    const named = cli.file("named.yaml");
    await writeFile(named, withKeys({ clients: { other } }));
    try {
      for (const option of [
        ["--config-file", named],
        [`--config-file=${named}`],
        ["--config-file", "../named.yaml"],
      ]) {
        const { code, stdout } = await cli.run(["preview", ...option]);
        assert.equal(code, 1, stdout);
        assert.match(stdout, /clients: stands in \S*named\.yaml as (dicom-service-client:)?clients and as /);
      }
    } finally {
      await rm(named);
    }
  });

  it("are refused when nothing reads them", async () => {
    await writeFile(file, withKeys({ deployingIdentiy: "signed-in", "dicom-service-client:asof": "today" }));
    const { code, stdout } = await cli.run(["preview"]);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /2 problems/);
    assert.match(stdout, /deployingIdentiy: unknown key; .*did you mean deployingIdentity\?/);
    assert.match(stdout, /asof: unknown key; .*did you mean asOf\?/);
  });

  it("are refused where nothing reads them, beside config", async () => {
    const beside = { asOf: "2026-11-20", "dicom-service-client:api": {} };
    await writeFile(file, stringify({ ...(parse(deployed) as object), ...beside }));
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, stdout } = await cli.run(command);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /asOf: stands beside config in Pulumi\.dev\.yaml, .* under config/);
      assert.match(stdout, /api: stands beside config in Pulumi\.dev\.yaml, /);
    }
  });
});
