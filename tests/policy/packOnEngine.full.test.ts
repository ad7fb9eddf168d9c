import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import manifest from "../../policy/package.json";
import { dicomRoles } from "../../policy/rules/azureRole";
import { type CliRun, PlainCli, projectRoot, readerAccess } from "lab";
import { seedResourceIds } from "entra-sandbox";

const pack = join(projectRoot, "policy");
const example = join(pack, "policy-config.example.json");
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
/** A configuration that the component's clients do not keep to. */
const strict = {
  "secretless-stacks": { stacks: ["d*"] },
  owners: { productionStacks: ["dev"] },
  protection: { productionStacks: ["dev"], enforcementLevel: "advisory" },
  "azure-role": { allowedRoles: [dicomRoles.owner] },
  "granted-permissions": "disabled",
};

describe("the policy pack on the engine", function () {
  this.timeout(240_000);
  let cli: PlainCli;
  let cloneFolder: string;
  let own: CliRun;
  let refusedClone: CliRun;
  let refusedState: string;
  let refusedImpostor: CliRun;
  let analyses: Readonly<Record<"own" | "ownStrictly" | "clone" | "misspelled", CliRun>>;

  before(async () => {
    cli = await PlainCli.start();
    const gateway = {
      displayName: "Gateway",
      access: [readerAccess],
      consent: "managed",
      secret: { from: new Date().toISOString().slice(0, 10) },
    };
    await cli.configure("dev", { gateway });
    await cli.succeed(["stack", "init", "dev"]);
    own = await cli.run(["up", "--yes", "--policy-pack", pack, "--policy-pack-config", example]);
    await cli.succeed(["stack", "export", "--file", cli.file("own.json")]);

    const impostor = await writeProject("impostor");
    await configure(impostor, "impostor", {
      api: cli.api,
      dicomService: seedResourceIds.dicomService,
      role: dicomRoles.reader,
    });
    await cli.succeed(["stack", "init", "dev"], { cwd: impostor });
    refusedImpostor = await cli.run(["preview", "--policy-pack", pack], { cwd: impostor });

    cloneFolder = await writeProject("portalClone");
    await configureClone({ role: { id: contributor, scope: seedResourceIds.resourceGroup }, owned: false });
    await cli.succeed(["stack", "init", "dev"], { cwd: cloneFolder });
    refusedClone = await cli.run(["up", "--yes", "--policy-pack", pack], { cwd: cloneFolder });
    refusedState = await cli.succeed(["stack", "export"], { cwd: cloneFolder });
    await configureClone({
      role: { id: dicomRoles.owner, scope: seedResourceIds.dicomService },
      owned: true,
    });
    await cli.succeed(["up", "--yes", "--skip-preview"], { cwd: cloneFolder });
    await cli.succeed(["stack", "export", "--file", cli.file("clone.json")], { cwd: cloneFolder });

    const [ownAnalysis, ownStrictly, clone, misspelled] = await Promise.all([
      analyze("own.json"),
      analyze("own.json", strict),
      analyze("clone.json"),
      analyze("own.json", { "secretless-stacks": { stack: ["dev"] } }),
    ]);
    analyses = { own: ownAnalysis, ownStrictly, clone, misspelled };
  });
  after(() => cli.stop());

  it("lets the component's clients pass, in a preview and in an update, with the example's configuration", () => {
    assert.equal(own.code, 0, own.stdout + own.stderr);
    assert.equal(own.stdout.split(`✅ ${manifest.name}@v${manifest.version}`).length - 1, 2);
    assert.deepEqual(complaints(own), []);
    assert.match(own.stdout, /\+ 7 created/);
  });

  it("finds nothing wrong with the state of such a stack, without backend, cloud and passphrase", () => {
    const { code, stdout, stderr } = analyses.own;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /✅ dicom-service-client-policies/);
    assert.deepEqual(complaints(analyses.own), []);
    assert.match(stderr, /analyzing with secret values redacted/);
  });

  it("judges that state by a stricter configuration", () => {
    assert.equal(analyses.ownStrictly.code, 1);
    assert.deepEqual(complaints(analyses.ownStrictly), [
      "advisory: Application gateway-application: protection: It is not protected, so pulumi destroy deletes it; set protect: true.",
      "advisory: ServicePrincipal gateway-service-principal: protection: It is not protected, so pulumi destroy deletes it; set protect: true.",
      "mandatory: Application gateway-application: owners: It has 1 owner, but 2 are required in production; name more under owners.",
      "mandatory: ApplicationPassword gateway-secret-a: secretless-stacks: It is a client secret, but the stack dev must have none (CISA SCuBA MS.AAD.5.5v1); use a federated credential or a certificate.",
      "mandatory: RoleAssignment gateway-access-sandboxworkspace-imaging-reader: azure-role: It assigns the role e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a, which is not an allowed role; assign an allowed one.",
      "mandatory: ServicePrincipal gateway-service-principal: owners: It has 1 owner, but 2 are required in production; name more under owners.",
    ]);
  });

  it("refuses a configuration with a misspelled key, in words that help", () => {
    assert.equal(analyses.misspelled.code, 1);
    assert.match(
      analyses.misspelled.stderr,
      /the configuration of the policy secretless-stacks is wrong: unknown key stack; known: stacks, federationStacks$/m,
    );
    assert.doesNotMatch(analyses.misspelled.stderr, /\.ts|node_modules/);
  });

  it("stops a stack that does without the component before anything is created", () => {
    assert.equal(refusedClone.code, 1);
    assert.deepEqual(
      complaints(refusedClone),
      [
        `advisory: ApplicationPassword clone: secret-rotation: can't run policy 'secret-rotation' from policy pack '${manifest.name}@v${manifest.version}' during preview: string value at .rotateWhenChanged can't be known during preview`,
        ...wrongWithClone,
        "mandatory: Application clone: owners: It has no owner; name one under owners.",
        `mandatory: RoleAssignment clone: azure-role-scope: Its scope "${seedResourceIds.resourceGroup}" is no single resource; assign the role on Microsoft.HealthcareApis/workspaces/dicomservices or Microsoft.HealthcareApis/workspaces.`,
        `mandatory: RoleAssignment clone: azure-role: It assigns the role ${contributor}, which is not an allowed role; assign an allowed one.`,
        "mandatory: RoleAssignment clone: privileged-azure-role: It assigns the role Contributor; assign a data role of the DICOM service instead.",
        "mandatory: ServicePrincipal clone: owners: It has no owner; name one under owners.",
      ].sort(),
    );
    assert.doesNotMatch(refusedState, /azuread:index/);
  });

  it("finds such a stack by its state, too", () => {
    assert.equal(analyses.clone.code, 1);
    assert.deepEqual(complaints(analyses.clone), wrongWithClone);
  });

  it("stops what a program puts below a client, and a component that only has the type", () => {
    assert.equal(refusedImpostor.code, 1);
    const structure = complaints(refusedImpostor).filter((complaint) =>
      complaint.includes(": client-component:"),
    );
    const below =
      "client-component: It is declared below a client, but not by DicomServiceClient, which has no such child; give it another parent, or none.";
    assert.deepEqual(structure, [
      `mandatory: Application gateway-viewer: ${below}`,
      "mandatory: Application impostor-application: client-component: Its identifierUris is set, which DicomServiceClient never does; remove it.",
      `mandatory: ApplicationPassword impostor-password: ${below}`,
      `mandatory: RoleAssignment gateway-vault: ${below}`,
    ]);
  });

  /** Writes a project with one of the programs beside this test. */
  async function writeProject(program: string): Promise<string> {
    const folder = cli.file(program);
    await mkdir(folder);
    const project = {
      name: program,
      runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--require tsx/cjs" } },
      main: relative(folder, join(__dirname, program, "index.ts")),
    };
    await writeFile(join(folder, "Pulumi.yaml"), stringify(project));
    return folder;
  }

  async function configureClone(config: Readonly<Record<string, unknown>>): Promise<void> {
    await configure(cloneFolder, "portalClone", config);
  }

  async function configure(
    folder: string,
    program: string,
    config: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const keys = Object.entries(config).map(([key, value]) => [`${program}:${key}`, value]);
    await writeFile(
      join(folder, "Pulumi.dev.yaml"),
      stringify({ config: Object.fromEntries(keys) as unknown }),
    );
  }

  /** Judges an export as somebody does who has neither the backend nor the passphrase. */
  async function analyze(state: string, config?: object): Promise<CliRun> {
    const file = cli.file(`config of ${JSON.stringify(config)?.length ?? 0}.json`);
    await writeFile(file, JSON.stringify(config ?? {}));
    return cli.run(
      ["policy", "analyze", "--file", cli.file(state), "--policy-pack", pack, "--policy-pack-config", file],
      { env: { PULUMI_BACKEND_URL: undefined, PULUMI_CONFIG_PASSPHRASE: undefined } },
    );
  }
});

/** What is wrong with the clone, whatever its configuration. */
const wrongWithClone = [
  "mandatory: Application clone: client-component: It is declared outside dicom-service-client:index:DicomServiceClient; declare it through that component.",
  "mandatory: Application clone: privileged-permissions: It requests Application.ReadWrite.All of Microsoft Graph; remove it.",
  "mandatory: Application clone: requested-permissions: It requests the application permission 1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9 of the API 00000003-0000-0000-c000-000000000000, which is not an allowed API; remove it.",
  "mandatory: Application clone: single-tenant: Its signInAudience is AzureADMultipleOrgs; write AzureADMyOrg.",
  "mandatory: Application clone: unique-name: Its preventDuplicateNames is not true, so it can get the same name as another application.",
  "mandatory: Application clone: user-sign-in: It allows the implicit grant through idTokenIssuanceEnabled; remove that.",
  "mandatory: Application clone: user-sign-in: Its web.redirectUris is not empty; a service client has no reply URL.",
  "mandatory: ApplicationPassword clone: client-component: It is declared outside dicom-service-client:index:DicomServiceClient; declare it through that component.",
  "mandatory: ApplicationPassword clone: credential-end-date: It ends on 2099-01-01T00:00:00Z, which is more than 180 days from now (CISA SCuBA MS.AAD.5.6v1: 180 days); choose an earlier end date.",
  "mandatory: RoleAssignment clone: own-principal: clone gives a right to 55555555-5555-4555-8555-555555555555, which is not among the service principals of this stack.",
  "mandatory: ServicePrincipal clone: client-component: It is declared outside dicom-service-client:index:DicomServiceClient; declare it through that component.",
];

/** What policies said in the output of a command, as `level: type name: policy: message`, in the order of the alphabet. */
function complaints({ stdout }: CliRun): string[] {
  const lines = stdout.split("\n");
  return lines
    .flatMap((line, index) => {
      const [, level, policy, type, name] =
        /^ {8}- \[(\w+)\](?: \[severity: \w+\])? {2}(\S+) {2}\(\S+:(\w+): (\S+)\)$/.exec(line) ?? [];
      return level === undefined
        ? []
        : [`${level}: ${type} ${name}: ${policy}: ${lastLineBelow(lines, index)}`];
    })
    .sort();
}

/** The last of the lines that are indented below a line. */
function lastLineBelow(lines: readonly string[], index: number): string {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((line) => !line.startsWith(" ".repeat(10)));
  return (rest[end - 1] ?? "").trim();
}
