import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CommandResult, projectRoot, requestToken, TestSandbox } from "lab";
import { reachTenant } from "entra-sandbox";
import { liveObjects, type LiveObjects } from "./liveTenant";

// What this does not prove: that the stand-ins behave as the real plugins do. Run it with SANDBOX_PROVIDER=real for that.
describe("the main job, as a user runs it", function () {
  this.timeout(120_000);
  const sandbox = new TestSandbox();
  const credentials = join(sandbox.home, ".pulumi", "credentials.json");
  const tracked = readdirSync(projectRoot).filter((name) => /^Pulumi.*\.yaml$/.test(name));
  const contents = (): string[] => tracked.map((name) => readFileSync(join(projectRoot, name), "utf8"));
  const untouched = contents();
  let seeded: LiveObjects;
  let early: CommandResult;
  let first: CommandResult;

  before(async () => {
    mkdirSync(join(sandbox.home, ".pulumi"), { recursive: true });
    writeFileSync(credentials, '{"current":"https://api.pulumi.com"}');
    await sandbox.folder.prepare();
    seeded = await live(sandbox);
    early = await sandbox.run("drift");
    first = await sandbox.run("up");
  });
  after(() => sandbox.remove());

  it("starts nothing for a usage error of the project's own commands, or for their help", async () => {
    const other = new TestSandbox();
    for (const [argv, code, said] of [
      [["audt"], 1, /^error: unknown command 'audt'\n\(Did you mean audit\?\)\n/],
      [["status", "--wran"], 1, /^error: unknown option '--wran'\n\(Did you mean --warn\?\)\n/],
      [["status", "--help"], 0, /^Usage: dicom-ops status /],
    ] as const) {
      const { code: ended, stdout, stderr } = await other.run("ops", ...argv);
      assert.equal(ended, code, stderr);
      assert.match(code === 0 ? stdout : stderr, said);
      assert.ok(!existsSync(other.folder.root), argv.join(" "));
    }
    other.remove();
  });

  it("finds no drift before anything is deployed", () => {
    assert.equal(early.code, 0, early.stderr);
    assert.match(early.stdout, /^Nothing is deployed, so there is no drift\./);
  });

  it("says in a few lines what was done and what to do next", () => {
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^Deployed to the sandbox tenant https:\S+: \d+ created\.\n/);
    assert.doesNotMatch(first.stdout, /Nothing changed/);
    assert.ok(`${first.stdout}${first.stderr}`.split("\n").length < 10, first.stdout + first.stderr);
    const lines = first.stdout.trimEnd().split("\n");
    assert.equal(lines.at(-5), "What to do next:");
    const same = `  npx entra-sandbox --folder ${sandbox.folder.root}`;
    assert.deepEqual(lines.slice(-4), [
      `${same} output clientSecret --show-secrets`,
      `${same} portal --help`,
      `${same} drift`,
      `${same} destroy`,
    ]);
  });

  it("says on request what it uses, and shows what the engine does, with masked outputs", async () => {
    // The engine's display prints the outputs of the stack's last step (printOutputs in progress.go of github.com/pulumi/pulumi/pkg);
    // beside other work it was seen to print none of an update without changes.
    let again = await sandbox.run("up", "--verbose");
    for (let tries = 1; tries < 5 && !/^Outputs:$/m.test(again.stdout); tries += 1) {
      again = await sandbox.run("up", "--verbose");
    }
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /^Pulumi CLI v\d+\.\d+\.\d+/m);
    assert.match(again.stderr, /^Provider azuread v6\.9\.1: the (stand-in|real plugin) \(.+\)$/m);
    assert.match(again.stderr, /^Provider azure-native v3\.28\.0: the (stand-in|real plugin) \(.+\)$/m);
    assert.match(again.stdout, /azuread:index:Application imaging-gateway-application/);
    assert.match(again.stdout, /clientSecret *: \[secret\]/);
    assert.match(again.stdout, /clientSecrets *: \[secret\]/);
    assert.match(again.stdout, /clientId *: "[0-9a-f-]{36}"/);
  });

  it("says that nothing changed when it runs again", async () => {
    const again = await sandbox.run("up");
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^Nothing changed: the sandbox tenant is already as declared\.$/m);
  });

  it("finds no drift where there is none", async () => {
    assert.equal((await sandbox.run("preview", "--expect-no-changes")).code, 0);
    const drift = await sandbox.run("drift");
    assert.equal(drift.code, 0, drift.stdout);
    assert.match(drift.stdout, /^No drift\.$/m);
  });

  it("finds what somebody changed at the portal, by its property, and puts it back", async () => {
    const renamed = await sandbox.run("portal", "rename", "imaging-gateway", "Renamed by hand");
    assert.equal(renamed.code, 0, renamed.stderr);
    for (const command of [["preview", "--expect-no-changes"], ["drift"]]) {
      const { code, stdout, stderr } = await sandbox.run(...command);
      assert.equal(code, 7, command.join(" "));
      assert.match(stdout, /imaging-gateway-application .*displayName/);
      if (command[0] !== "drift") continue;
      // Whoever asks about drift made no mistake, and wants to read no more than what differs.
      assert.doesNotMatch(stderr, /error:/);
      assert.ok(`${stdout}${stderr}`.split("\n").length < 10, stdout + stderr);
      assert.match((await sandbox.run("drift", "--verbose")).stdout, /Resources:\n +~ 1 to update/);
    }
    assert.match((await sandbox.run("up")).stdout, /1 updated/);
    assert.equal((await sandbox.run("drift")).code, 0);
  });

  it("names what is made at the portal, with the value of a secret on request only", async () => {
    const value = /[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}/;
    const hidden = await sandbox.run("portal", "add-secret", "imaging-gateway");
    assert.equal(hidden.code, 0, hidden.stderr);
    assert.match(hidden.stdout, /^Secret: key id [0-9a-f-]{36}, from \S+ until \S+\.$/m);
    assert.doesNotMatch(hidden.stdout + hidden.stderr, value);
    const made = await sandbox.run("portal", "register", "By the how-to", "--secret", "--show-secrets");
    assert.match(made.stdout, value);
    assert.equal((await sandbox.run("portal", "delete", "By the how-to")).code, 0);
    const unknown = await sandbox.run("portal", "grant-app-role", "imaging-gateway", "Nothing.Read");
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /publishes no application permission "Nothing\.Read"\. It publishes:\n {2}\w/,
    );
    const [keyId = ""] = /(?<=key id )\S+(?=,)/.exec(hidden.stdout) ?? [];
    assert.equal((await sandbox.run("portal", "remove-secret", "imaging-gateway", keyId)).code, 0);
  });

  it("hands the secret out on request only, and keeps it nowhere in the clear", async () => {
    const { code, stdout, stderr } = await sandbox.run("output", "clientSecret", "--show-secrets");
    assert.equal(code, 0, stderr);
    const secret = stdout.trim();
    assert.ok(secret.length >= 30);
    const client = (await sandbox.run("output", "clients", "--json")).stdout;
    const { clientId, scope, tokenUrl } =
      (JSON.parse(client) as Record<string, { clientId: string; scope: string; tokenUrl: string }>)[
        "imaging-gateway"
      ] ?? assert.fail("the client has no outputs");
    const tenant = await reachTenant(sandbox.folder);
    try {
      const answer = await requestToken(tokenUrl, tenant.caFile, { clientId, secret, scope });
      assert.equal(answer.status, 200, answer.error);
      assert.equal(answer.claims?.["appid"], clientId);
      assert.match(String(answer.claims?.["aud"]), /^https:\/\/dicom\.healthcareapis\.azure\.com/);
      const wrong = await requestToken(tokenUrl, tenant.caFile, { clientId, secret: `${secret}x`, scope });
      assert.equal(wrong.status, 401);
      assert.match(wrong.error ?? "", /^AADSTS7000215/);
    } finally {
      await tenant.stop();
    }
    assert.deepEqual(sandbox.filesWith(secret), []);
    assert.equal(
      sandbox.printed.split(secret).length,
      2,
      "the secret was printed once: where it was asked for",
    );
  });

  it("masks the secret unless its value is asked for", async () => {
    assert.equal((await sandbox.run("output", "clientSecret")).stdout, "[secret]\n");
    const { code, stderr } = await sandbox.run("output", "clientSecre");
    assert.equal(code, 1);
    assert.match(stderr, /no output "clientSecre"; there are clientId, clientSecret/);
  });

  it("prints commands of operations that can be pasted outside of the sandbox", async () => {
    const { stdout, stderr } = await sandbox.run("ops", "handover", "--for", "env");
    const [, command = assert.fail(stdout + stderr)] =
      /^# +npx entra-sandbox (.*) \| jq /m.exec(stdout) ?? [];
    const [folder, path, ...words] = command.split(" ");
    assert.deepEqual([folder, path], ["--folder", sandbox.folder.root]);
    // Once among what this has printed is enough.
    const masked = words.filter((word) => word !== "--show-secrets");
    const pasted = await sandbox.run(...masked);
    assert.equal(pasted.stdout, '"[secret]"\n', pasted.stderr);
  });

  it("leaves the tenant as it was seeded when it destroys, Microsoft's own service principals included", async () => {
    const destroyed = await sandbox.run("destroy");
    assert.equal(destroyed.code, 0, destroyed.stdout);
    assert.deepEqual(await live(sandbox), seeded);
  });

  it("changes no tracked file, and nothing of the user's Pulumi", () => {
    assert.deepEqual(contents(), untouched);
    assert.equal(readFileSync(credentials, "utf8"), '{"current":"https://api.pulumi.com"}');
    assert.deepEqual(readdirSync(join(sandbox.home, ".pulumi")), ["credentials.json"]);
  });

  it("forgets everything on reset", async () => {
    const { code, stderr } = await sandbox.run("reset");
    assert.equal(code, 0);
    assert.ok(!existsSync(sandbox.folder.root));
    assert.doesNotMatch(stderr, /stays for shells/);
  });
});

async function live(sandbox: TestSandbox): Promise<LiveObjects> {
  const tenant = await reachTenant(sandbox.folder);
  try {
    return await liveObjects(tenant);
  } finally {
    await tenant.stop();
  }
}
