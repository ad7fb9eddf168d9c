import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..");
const folders = ["", "components", "policy", "packages/operations", "packages/sandbox", "packages/lab"];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifests = folders.map(
  (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest,
);

describe("the packages", () => {
  it("ask for one version of whatever several of them use", () => {
    const asked = new Map<string, Set<string>>();
    for (const { dependencies = {}, devDependencies = {} } of manifests) {
      for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
        asked.set(name, (asked.get(name) ?? new Set()).add(range));
      }
    }
    const several = [...asked].filter(([, ranges]) => ranges.size > 1);
    assert.deepEqual(several, []);
  });

  it("ask for exactly the version of ours that is here", () => {
    const versions = new Map(manifests.map(({ name, version }) => [name, version]));
    for (const { name, dependencies = {}, devDependencies = {} } of manifests) {
      for (const [other, range] of Object.entries({ ...dependencies, ...devDependencies })) {
        if (versions.has(other)) assert.equal(range, versions.get(other), `${name} -> ${other}`);
      }
    }
  });

  it("read a configuration without loading Pulumi's SDKs, which takes seconds", () => {
    const loaded = execFileSync(
      process.execPath,
      [
        "-e",
        'require("dicom-service-client/model"); console.log(Object.keys(require.cache).filter((file) => /@pulumi/.test(file)).length)',
      ],
      { cwd: root, encoding: "utf8" },
    );
    // The errors that Pulumi shows without a stack trace, and what they need.
    assert.ok(Number(loaded) <= 2, loaded);
  });

  describe("import each other through their entries, and only downwards", function () {
    this.timeout(60_000);

    const refused = [
      ["packages/sandbox/runner/a.ts", "dicom-service-client/model"],
      ["packages/sandbox/runner/b.ts", "dicom-ops"],
      ["packages/sandbox/runner/c.ts", "../../../components/access"],
      ["components/a.ts", "dicom-ops"],
      ["components/b.ts", "entra-sandbox"],
      ["components/stack/a.ts", "../../packages/operations/exitCode"],
      ["policy/rules/a.ts", "dicom-service-client/model"],
      ["policy/rules/b.ts", "../../components/access"],
      ["packages/operations/audit/a.ts", "entra-sandbox"],
      ["packages/operations/audit/b.ts", "../../../components/access"],
      ["packages/operations/audit/c.ts", "dicom-service-client/bin/access"],
      ["packages/operations/audit/d.ts", "lab"],
      ["packages/operations/tests/a.ts", "../../sandbox/tenant/seed"],
      ["packages/lab/speed/a.ts", "../../sandbox/tenant/seed"],
      ["tests/engine/a.ts", "../../packages/sandbox/tenant/seed"],
      ["index.ts", "./components/stack/program"],
    ] as const;
    const accepted = [
      ["packages/operations/audit/e.ts", "dicom-service-client/model"],
      ["packages/operations/tests/b.ts", "lab"],
      ["packages/operations/tests/c.ts", "../audit/finding"],
      ["packages/lab/speed/b.ts", "entra-sandbox"],
      ["tests/unit/a.ts", "../../components/access"],
      ["components/c.ts", "dicom-service-client"],
    ] as const;
    const folder = mkdtempSync(join(tmpdir(), "borders-"));
    let named: ReadonlySet<string>;

    before(() => {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      // Types need a project, which these files have none of.
      const config = readFileSync(join(root, "oxlint.config.mts"), "utf8").replace("typeAware: true", "");
      writeFileSync(join(folder, "oxlint.config.mts"), config);
      for (const [file, module] of [...refused, ...accepted]) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), `import { x } from "${module}";\nvoid x;\n`);
      }
      const files = [...refused, ...accepted].map(([file]) => file);
      const { stdout } = spawnSync(
        join(root, "node_modules", ".bin", "oxlint"),
        ["--format", "json", ...files],
        { cwd: folder, encoding: "utf8" },
      );
      const { diagnostics } = JSON.parse(stdout) as {
        readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
      };
      named = new Set(
        diagnostics
          .filter(({ code }) => code === "eslint(no-restricted-imports)")
          .map(({ filename }) => filename),
      );
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const [file, module] of refused) {
      it(`${file} may not import ${module}`, () => assert.ok(named.has(file)));
    }
    for (const [file, module] of accepted) {
      it(`${file} may import ${module}`, () => assert.ok(!named.has(file)));
    }
  });
});
