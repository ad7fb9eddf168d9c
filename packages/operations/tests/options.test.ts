import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operationRun } from "lab";

describe("what is given to ops is used or refused", () => {
  const clock = { now: () => new Date("2026-11-24T09:00:00Z"), sleep: () => Promise.resolve() };
  const runAsIs = (...argv: string[]): Promise<{ readonly code: number; readonly stderr: string }> =>
    operationRun(argv, { env: { PATH: "" }, cwd: tmpdir(), clock });
  const run = (...argv: string[]): ReturnType<typeof runAsIs> => runAsIs(...argv, "--stack", "none");

  for (const [argv, said] of [
    [["audit", "--reason", "x"], /^--reason is for suppressions only\.\nFix: Add --format suppressions/],
    [
      ["audit", "--owner", "x", "--expires", "2027-01-01"],
      /^--owner and --expires are for suppressions only/,
    ],
    [["rights", "--identity", "99999999-9999-4999-8999-999999999999"], /^--identity is for --check only\./],
    [["rights", "--check", "--identity", "gateway"], /^"gateway" is not the object id/],
    [["adopt", " "], /^The registration has no name\./],
    [["adopt", "x", "--config-out", "a", "--import-out", "./a"], /name the same file/],
    [["verify", "--certificate-key", "/nowhere/key.pem"], /^The file \/nowhere\/key\.pem cannot be read\./],
    [["status", "--warn", "-1"], /Write whole days/],
    [["status", "--stack", "other"], /^error: --stack is given twice; give it once/],
    [["status", "--warn", "1", "--format", "json", "--warn", "2"], /^error: --warn is given twice/],
    [
      ["audit", "--suppressions", "f", "--no-suppressions"],
      /^error: --suppressions and --no-suppressions exclude each other; give one/,
    ],
    [["audit", "--no-suppressions", "--suppressions=f"], /exclude each other/],
    [["audit", "--report", "html=a", "json=./a"], /^Two reports would be written into \.\/a\./],
    [["audit", "--report", "html=a", "--report", "html=a"], /^Two reports/],
    [["adopt", "x", "--stack-file", "nowhere.yaml"], /^The file of --stack-file cannot be read\./],
    [["audit", "--format", "sarif", "--stack-file", "nowhere.yaml"], /^The file of --stack-file cannot be/],
    [["audit", "--report", "sarif=f", "--stack-file", "nowhere.yaml"], /^The file of --stack-file cannot be/],
    ...[
      ...["audit", "map", "preflight", "retire", "rights", "status", "verify"].map((name) => [name]),
      ["completion", "bash"],
      ["pipelines", "github"],
      ["pipeline", "drift", "--reports", "f"],
      ["handover", "gateway", "--for", "orthanc"],
    ].map(
      (argv) => [[...argv, "--stack-file", "f"], /^error: --stack-file is for adopt, init, retire/] as const,
    ),
    [
      ["adopt", "x", "--config-out", "Pulumi.none.yaml"],
      /^--config-out would overwrite .*Pulumi\.none\.yaml/,
    ],
    [["adopt", "x", "--import-out", "./Pulumi.yaml"], /^--import-out would overwrite .*Pulumi\.yaml/],
    [["pipelines", "github"], /^error: this command does nothing with --stack; leave it out/],
    [
      ["pipeline", "comment", "--file", "f", "--pull-request", "1", "--cwd", "."],
      /^error: this command does nothing with --stack and --cwd/,
    ],
    [["completion", "bash"], /^error: this command does nothing with --stack; leave it out/],
    [["rights", "--verbose"], /^error: --verbose is for the text of audit and status; leave it out/],
    [["status", "--json", "--verbose"], /^error: --verbose is for the text of audit and status/],
    [["status", "--cwd", ""], /^error: --cwd is empty; give it a value/],
    [["adopt", "x", "--backup="], /^error: --backup is empty/],
    [["verify", "--client", "gateway", " "], /^error: --client is empty/],
    [["retire", "--record", "r.jsonl"], /^--record is for --apply only\./],
    [["pipeline", "expiry", "--days", "9999"], /Write whole days, 0 to 3650/],
    [
      ["verify", "--certificate-key", "/nowhere/key.pem", "--federated-token", "/nowhere/token"],
      /^The file \/nowhere\/key\.pem cannot be read\.\nThe file \/nowhere\/token cannot be read\.\nCause: /,
    ],
    [
      ["init", "--credential", "secret", "--issuer", "https://issuer.example"],
      /^A client gets one kind of credential: --issuer is for --credential federated\.\nFix: /,
    ],
    [
      ["init", "--certificate", "gateway.pem", "--subject", "s"],
      /^A client gets one kind of credential: --subject is for .* federated; --certificate is for .* certificate\./,
    ],
  ] as const) {
    it(`refuses ops ${argv.join(" ")}`, async () => {
      const { code, stderr } = await run(...argv);
      assert.equal(code, 1);
      assert.match(stderr, said);
    });
  }

  it("says which file or folder cannot be used", async () => {
    const github = { PATH: "", GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "a/b", GH_TOKEN: "invented" };
    const inJob = (...argv: string[]): ReturnType<typeof runAsIs> =>
      operationRun(argv, { env: github, cwd: tmpdir(), clock });
    for (const file of ["nowhere.md", "."]) {
      for (const command of [
        ["comment", "--pull-request", "1"],
        ["report", "--verdict", "clean", "--stack", "none"],
      ]) {
        const { code, stderr } = await inJob("pipeline", ...command, "--file", file);
        assert.equal(code, 1);
        assert.match(stderr, new RegExp(`^The file ${file.replace(".", "\\.")} cannot be read\\.\nCause: E`));
      }
    }
    const folder = await mkdtemp(join(tmpdir(), "project-"));
    try {
      await writeFile(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
      await writeFile(join(folder, ".github"), "");
      const { code, stderr } = await runAsIs("pipelines", "github", "--cwd", folder);
      assert.equal(code, 1);
      assert.match(stderr, /^\/.*\/\.github\/.* cannot be used\.\nCause: E/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("refuses ops pipelines identity --show with what would make an identity", async () => {
    const { code, stderr } = await runAsIs(
      ...["pipelines", "identity", "--for", "deploy", "--stacks", "dev", "--show", "--github", "a/b"],
    );
    assert.equal(code, 1);
    assert.match(stderr, /^--show does nothing with --github\./);
  });

  it("takes any subject that a token can have for ops pipelines identity, and refuses others before anything is read", async () => {
    const identity = ["pipelines", "identity", "--for", "deploy", "--stacks", "dev", "--name", "Pipelines"];
    const trusting = (subject: string): ReturnType<typeof runAsIs> =>
      runAsIs(...identity, "--issuer", "https://token.actions.githubusercontent.com", `--subject=${subject}`);
    for (const wrong of ["repo:contoso/*:environment:dev", "repo:contoso/pacs:environment:dev\n"]) {
      assert.match((await trusting(wrong)).stderr, /is not the subject of any token/, JSON.stringify(wrong));
    }
    // GitHub's environments may have blanks in their names.
    const { stderr } = await trusting("repo:contoso@1/pacs@2:environment:Production EU");
    assert.doesNotMatch(stderr, /is not the subject/);
  });
});
