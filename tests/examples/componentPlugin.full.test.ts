import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { componentSchema, type PackageSchema } from "../../scripts/componentSchema";
import { PlainCli, projectRoot, readerAccess, secretsIn } from "lab";

const components = join(projectRoot, "components");

// The real CLI starts the package and talks to it as it does for a program in any language. What is not proved here is the
// generated code of those languages: their language hosts cannot be had everywhere.
describe("the component as a plugin of the plain CLI", function () {
  this.timeout(240_000);
  let cli: PlainCli;
  let project: string;

  before(async () => {
    cli = await PlainCli.start();
    symlinkSync(join(projectRoot, "node_modules"), cli.file("node_modules"), "dir");
    project = cli.file("consumer");
    mkdirSync(project);
    cpSync(join(__dirname, "remoteProgram", "index.ts"), join(project, "index.ts"));
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", main: "index.ts" }));
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { module: "nodenext", target: "es2022", noCheck: true, types: [] } }),
    );
    writeFileSync(
      join(project, "Pulumi.yaml"),
      stringify({
        name: "consumer",
        runtime: "nodejs",
        plugins: { providers: [{ name: "dicom-service-client", path: components }] },
      }),
    );
    await cli.succeed(["stack", "init", "dev"], { cwd: project });
  });
  after(() => cli.stop());

  it("answers with the schema that is committed", async () => {
    const served = await cli.succeed(["package", "get-schema", components], { cwd: project });
    const [ours, theirs] = [readFileSync(componentSchema.path, "utf8"), served].map(withoutCliChanges);
    assert.deepEqual(theirs, ours);
  });

  it("answers from the repository's own folder, and leaves what is installed there as it is", async () => {
    const lock = (): string => readFileSync(join(projectRoot, "package-lock.json"), "utf8");
    const before = lock();
    await cli.succeed(["package", "get-schema", "./components"], { cwd: projectRoot });
    assert.equal(lock(), before);
    for (const left of ["package-lock.json", join("node_modules", "@pulumi")]) {
      assert.ok(!existsSync(join(components, left)), left);
    }
  });

  it("lists what is wrong with its arguments before it creates anything", async () => {
    await configure({ displayName: "Gateway", access: [{ ...readerAccess, role: "writer" }] });
    const { code, stdout, stderr } = await cli.run(["up", "--yes", "--skip-preview"], { cwd: project });
    assert.notEqual(code, 0);
    assert.match(`${stdout}${stderr}`, /access\[0\]\.role.*there is no role "writer"/);
    assert.doesNotMatch(stdout, /azuread:index/);
  });

  it("creates a client, and hands its secret out as one", async () => {
    await configure({
      displayName: "Gateway",
      access: [readerAccess],
      secret: { from: "2026-11-23" },
      asOf: "2026-11-24",
    });
    const up = await cli.run(["up", "--yes", "--skip-preview"], { cwd: project });
    assert.equal(up.code, 0, `${up.stdout}${up.stderr}`);
    assert.match(up.stdout, /clientId *: "[0-9a-f-]{36}"/);
    assert.match(up.stdout, /clientSecret *: \[secret\]/);
    assert.deepEqual(secretsIn(up), []);
    const secret = await cli.succeed(["stack", "output", "clientSecret", "--show-secrets"], { cwd: project });
    assert.match(secret, /\S{30,}/);
    const exported = await cli.succeed(["stack", "export"], { cwd: project });
    assert.ok(!exported.includes(secret.trim()));
    const { deployment } = JSON.parse(exported) as {
      readonly deployment: { readonly resources: readonly { readonly type: string }[] };
    };
    assert.deepEqual(
      deployment.resources
        .map(({ type }) => type)
        .filter((type) => !type.startsWith("pulumi:"))
        .sort(),
      [
        "azure-native:authorization:RoleAssignment",
        "azuread:index/application:Application",
        "azuread:index/applicationPassword:ApplicationPassword",
        "azuread:index/servicePrincipal:ServicePrincipal",
        "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
        "dicom-service-client:index:DicomServiceClient",
      ],
    );
  });

  async function configure(client: Readonly<Record<string, unknown>>): Promise<void> {
    await cli.succeed(["config", "set", "client", JSON.stringify(client), "--stack", "dev"], {
      cwd: project,
    });
  }
});

/** A schema without what the CLI does to it: it adds empty sections, and drops empty lists and a mark of the SDK's analyzer. */
function withoutCliChanges(text: string): Partial<PackageSchema> {
  const { name, version, description, language, resources, types } = JSON.parse(
    text,
    (key, value: unknown) =>
      key === "optional" || (Array.isArray(value) && value.length === 0) ? undefined : value,
  ) as PackageSchema;
  return { name, version, description, language, resources, types };
}
