import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestSandbox } from "lab";

/** Puts something else in the place of a file. */
type Damage = (path: string) => void;

const nonsense: Damage = (path) => {
  writeFileSync(path, "{");
};
const empty: Damage = (path) => {
  writeFileSync(path, "");
};
const folderInstead: Damage = (path) => {
  rmSync(path, { recursive: true });
  mkdirSync(path);
};

describe("damaged files of the sandbox", function () {
  this.timeout(120_000);
  let sandbox: TestSandbox;
  let good: string;
  let config: string;

  before(async () => {
    sandbox = new TestSandbox();
    good = sandbox.file("good");
    config = sandbox.configure({ gateway: { displayName: "Gateway", credentials: "none" } });
    await sandbox.use(config, ({ stack }) => stack.up());
    cpSync(sandbox.folder.root, good, { recursive: true });
  });
  after(() => sandbox.remove());

  const stacks = join("backend", ".pulumi", "stacks", "dicom-service-client");
  const cases: readonly [string, Damage][] = [
    ["port", nonsense],
    ["port", folderInstead],
    ["passphrase", empty],
    ["passphrase", nonsense],
    [join("tenant", "tenant.json"), nonsense],
    [join("tenant", "tenant.json"), folderInstead],
    [join("tenant", "signing-key.pem"), nonsense],
    [join("tenant", "vault-key"), nonsense],
    [join("tenant", "tls", "server-key.pem"), folderInstead],
    [join("tenant", "tls", "server.pem"), nonsense],
    [join("tenant", "tls", "ca.pem"), empty],
    [stacks, (path) => readdirSync(path).forEach((name) => writeFileSync(join(path, name), "{"))],
    [join("backend", ".pulumi", "meta.yaml"), nonsense],
  ];
  for (const [file, damage] of cases) {
    it(`${file} is explained, with the way to start over (${damage.name || "every state"})`, async () => {
      rmSync(sandbox.folder.root, { recursive: true });
      cpSync(good, sandbox.folder.root, { recursive: true });
      damage(join(sandbox.folder.root, file));
      const { code, stderr } = await sandbox.run("--config", config, "preview");
      assert.equal(code, 1, stderr);
      assert.match(
        stderr,
        /`npx entra-sandbox reset`, with the same --folder if you gave one, removes everything the sandbox keeps/,
      );
      assert.doesNotMatch(stderr, /^\s+at |a bug in the sandbox/m);
    });
  }

  it("do not matter where they are only marks, such as that of a server that was killed", async () => {
    rmSync(sandbox.folder.root, { recursive: true });
    cpSync(good, sandbox.folder.root, { recursive: true });
    mkdirSync(join(sandbox.folder.root, "serving"));
    const { code, stderr } = await sandbox.run("--config", config, "preview");
    assert.equal(code, 0, stderr);
  });

  it("are gone after a reset", async () => {
    nonsense(join(sandbox.folder.root, "port"));
    assert.equal((await sandbox.run("reset")).code, 0);
    assert.equal((await sandbox.run("--config", config, "preview")).code, 0);
  });
});
