import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { componentSchema, type PackageSchema } from "../../scripts/componentSchema";
import { projectRoot } from "lab";
import { argsClassUse } from "./argsClasses";
import { SchemaNames } from "./schemaNames";

const example = (...path: readonly string[]): string => join(projectRoot, "examples", ...path);
const schema = new SchemaNames(JSON.parse(readFileSync(componentSchema.path, "utf8")) as PackageSchema);

/** Every example sets these and exports these, so that none of the checks below passes on a file it did not understand. */
const setByAll = ["displayName", "description", "access", "consent", "secret"];
const readByAll = ["clientId", "scope", "tokenUrl", "secretExpiresOn", "clientSecret"];

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const fromSnakeCase = (name: string): string =>
  name.replace(/_$/, "").replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Whether a program can be run here; the tests that need it are counted as skipped where it cannot. */
function isHere(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

describe("the examples of the component package", () => {
  it("in Python parses", function () {
    if (!isHere("python3", "--version")) this.skip();
    const { stderr, status } = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
      input: readFileSync(example("python", "__main__.py")),
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  it("in Python names what the schema has", function () {
    if (!isHere("python3", "--version")) this.skip();
    const used = JSON.parse(
      execFileSync("python3", [join(__dirname, "pythonCalls.py")], {
        input: readFileSync(example("python", "__main__.py")),
        encoding: "utf8",
      }),
    ) as { readonly arguments: Readonly<Record<string, unknown>>; readonly outputs: readonly string[] };
    assert.deepEqual(schema.unknownIn(used.arguments, fromSnakeCase), []);
    assert.deepEqual(Object.keys(used.arguments).map(fromSnakeCase), setByAll);
    assert.deepEqual(used.outputs.map(fromSnakeCase), readByAll);
  });

  it("in Go is well formed", function () {
    if (!isHere("gofmt", "-h") && !isHere("go", "version")) this.skip();
    const unformatted = execFileSync("gofmt", ["-e", "-l", example("go", "main.go")], { encoding: "utf8" });
    assert.equal(unformatted, "");
  });

  for (const [language, file] of [
    ["Go", example("go", "main.go")],
    ["C#", example("csharp", "Program.cs")],
  ] as const) {
    it(`in ${language} names what the schema has`, () => {
      const { set, read } = argsClassUse(readFileSync(file, "utf8"));
      for (const { argsClass, property } of set) {
        const properties = schema.ofArgsClass(argsClass);
        assert.ok(properties, argsClass);
        assert.ok(Object.hasOwn(properties, lowerFirst(property)), `${argsClass}.${property}`);
      }
      const ofComponent = set.filter(({ argsClass }) => argsClass === "DicomServiceClientArgs");
      assert.deepEqual(
        ofComponent.map(({ property }) => lowerFirst(property)),
        setByAll,
      );
      assert.equal(set.length, 10);
      assert.deepEqual(read.map(lowerFirst), readByAll);
    });
  }

  it("in YAML parses and names what the schema has", () => {
    const program = parse(readFileSync(example("yaml", "Pulumi.yaml"), "utf8")) as {
      readonly packages: Readonly<Record<string, string>>;
      readonly resources: Readonly<
        Record<string, { readonly type: string; readonly properties: Readonly<Record<string, unknown>> }>
      >;
      readonly outputs: Readonly<Record<string, string>>;
    };
    const { imagingGateway } = program.resources;
    assert.equal(imagingGateway?.type, "dicom-service-client:DicomServiceClient");
    assert.deepEqual(
      schema.unknownIn(imagingGateway.properties, (name) => name),
      [],
    );
    assert.deepEqual(Object.keys(imagingGateway.properties), setByAll);
    assert.deepEqual(
      Object.values(program.outputs),
      readByAll.map((name) => `\${imagingGateway.${name}}`),
    );
    // The folder that the package is taken from is there.
    const from = program.packages["dicom-service-client"] ?? assert.fail();
    assert.equal(join(example("yaml"), from), join(projectRoot, "components"));
  });

  it("use only outputs that the schema has", () => {
    assert.deepEqual(
      readByAll.filter((name) => !Object.hasOwn(schema.outputs, name)),
      [],
    );
  });

  it("would be found out if they named something else", () => {
    assert.deepEqual(
      schema.unknownIn({ display_nam: 1, access: [{ dicom: 1 }], secret: { frm: 1 } }, fromSnakeCase),
      ["display_nam", "access.dicom", "secret.frm"],
    );
    assert.deepEqual(
      argsClassUse('New("x", &d.AArgs{ B: "C: D", E: []d.FArgs{{ G: 1 }}, H: 2 })\nclient.I').set,
      [
        { argsClass: "AArgs", property: "B" },
        { argsClass: "AArgs", property: "E" },
        { argsClass: "FArgs", property: "G" },
        { argsClass: "AArgs", property: "H" },
      ],
    );
  });
});

describe("the component as an npm package", function () {
  this.timeout(120_000);
  let base: string;
  let files: readonly string[];
  let installed: string;

  before(() => {
    base = mkdtempSync(join(tmpdir(), "component-package-"));
    const packed = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--silent", "--ignore-scripts", "--pack-destination", base], {
        cwd: join(projectRoot, "components"),
        encoding: "utf8",
      }),
    ) as readonly { readonly filename: string; readonly files: readonly { readonly path: string }[] }[];
    const [tarball] = packed;
    assert.ok(tarball);
    files = tarball.files.map(({ path }) => path);
    symlinkSync(join(projectRoot, "node_modules"), join(base, "node_modules"), "dir");
    installed = join(base, "consumer", "node_modules", "dicom-service-client");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["-xzf", join(base, tarball.filename), "-C", installed, "--strip-components", "1"]);
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it("holds what was built, its schema and its guide, and no source", () => {
    const other = files.filter((path) => !/^bin\/[\w/]+\.(js|js\.map|d\.ts)$/.test(path)).sort();
    assert.deepEqual(other, [
      "LICENSE",
      "PulumiPlugin.yaml",
      "README.md",
      "package.json",
      "schema.json",
      "stack/config.schema.json",
    ]);
    for (const module of ["index", "model", "stack/index", "provider/index"]) {
      for (const end of ["js", "js.map", "d.ts"]) assert.ok(files.includes(`bin/${module}.${end}`), module);
    }
  });

  it("has the licence of the repository", () => {
    assert.equal(
      readFileSync(join(installed, "LICENSE"), "utf8"),
      readFileSync(join(projectRoot, "LICENSE"), "utf8"),
    );
  });

  it("finds everything that it imports among its dependencies", () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const imported = files
      .filter((path) => path.endsWith(".js"))
      .flatMap((path) => [
        ...readFileSync(join(installed, path), "utf8").matchAll(/\b(?:require|import)\("([^."][^"]*)"\)/g),
      ])
      .map(([, name = ""]) => name)
      .filter((name) => !name.startsWith("node:"))
      .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
    assert.deepEqual([...new Set(imported)].sort(), Object.keys(dependencies).sort());
  });

  it("can be imported as it was packed", () => {
    const program =
      'const { DicomServiceClient, readTenantContext, completeDicomApi } = require("dicom-service-client"); console.log([DicomServiceClient, readTenantContext, completeDicomApi].map((thing) => typeof thing).join());';
    const printed = execFileSync(process.execPath, ["-e", program], {
      cwd: join(base, "consumer"),
      encoding: "utf8",
    });
    assert.equal(printed, "function,function,function\n");
  });

  it("is what the example in TypeScript compiles against", () => {
    const consumer = join(base, "consumer");
    const text = readFileSync(example("typescript", "index.ts"), "utf8");
    writeFileSync(join(consumer, "right.ts"), text);
    writeFileSync(join(consumer, "wrong.ts"), text.replace("displayName:", "displayNam:"));
    const { stdout } = spawnSync(
      process.execPath,
      [
        join(projectRoot, "node_modules", "typescript", "bin", "tsc"),
        ...["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"],
        ...["--moduleResolution", "nodenext", "--types", "node", "right.ts", "wrong.ts"],
      ],
      { cwd: consumer, encoding: "utf8" },
    );
    const errors = stdout.split("\n").filter((line) => line.includes("error"));
    assert.equal(errors.length, 1, stdout);
    assert.match(errors[0] ?? "", /^wrong\.ts.*'displayNam' does not exist in type 'DicomServiceClientArgs'/);
  });
});
