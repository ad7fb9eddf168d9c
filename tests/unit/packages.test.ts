import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";

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

    /** What the lint says of a file of ours with one import. */
    const complaints = async (file: string, module: string): Promise<readonly string[]> => {
      const lint = new ESLint({
        cwd: root,
        // The rules on types need files that exist.
        overrideConfig: { files: ["**/*.ts"], languageOptions: { parserOptions: { project: null } } },
        ruleFilter: ({ ruleId }) => ruleId === "no-restricted-imports",
      });
      const [result] = await lint.lintText(`import { x } from "${module}";\nvoid x;\n`, {
        filePath: join(root, file),
      });
      return (result?.messages ?? []).map(({ message }) => message);
    };

    for (const [file, module] of [
      ["packages/sandbox/runner/new.ts", "dicom-service-client/model"],
      ["packages/sandbox/runner/new.ts", "dicom-ops"],
      ["packages/sandbox/runner/new.ts", "../../../components/access"],
      ["components/new.ts", "dicom-ops"],
      ["components/new.ts", "entra-sandbox"],
      ["components/stack/new.ts", "../../packages/operations/exitCode"],
      ["policy/rules/new.ts", "dicom-service-client/model"],
      ["policy/rules/new.ts", "../../components/access"],
      ["packages/operations/audit/new.ts", "entra-sandbox"],
      ["packages/operations/audit/new.ts", "../../../components/access"],
      ["packages/operations/audit/new.ts", "dicom-service-client/bin/access"],
      ["packages/operations/audit/new.ts", "lab"],
      ["packages/operations/tests/new.ts", "../../sandbox/tenant/seed"],
      ["packages/lab/speed/new.ts", "../../sandbox/tenant/seed"],
      ["tests/engine/new.ts", "../../packages/sandbox/tenant/seed"],
      ["index.ts", "./components/stack/program"],
    ] as const) {
      it(`${file} may not import ${module}`, async () => {
        assert.notDeepEqual(await complaints(file, module), []);
      });
    }

    for (const [file, module] of [
      ["packages/operations/audit/new.ts", "dicom-service-client/model"],
      ["packages/operations/tests/new.ts", "lab"],
      ["packages/operations/tests/new.ts", "../audit/finding"],
      ["packages/lab/speed/new.ts", "entra-sandbox"],
      ["tests/unit/new.ts", "../../components/access"],
      ["index.ts", "dicom-service-client/stack"],
    ] as const) {
      it(`${file} may import ${module}`, async () => {
        assert.deepEqual(await complaints(file, module), []);
      });
    }
  });
});
