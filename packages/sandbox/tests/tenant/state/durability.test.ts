import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TenantError, startTenant } from "../../../tenant/tenant";
import { connectTenant } from "../../../tenant/connect";
import { send } from "lab";
import { TestTenant, temporaryFolder } from "../support/testTenant";

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
  readonly error?: string;
}

describe("A tenant that is killed, or not alone", function () {
  this.timeout(120_000);
  let folder: ReturnType<typeof temporaryFolder>;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    folder.remove();
  });

  async function start(): Promise<Server> {
    const program = join(__dirname, "tenantProgram.ts");
    const child = spawn(process.execPath, ["-r", "tsx/cjs", program, folder.path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return { child, ...(JSON.parse(line) as Omit<Server, "child">) };
  }

  async function kill(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  const names = async (server: Pick<Server, "url" | "caFile" | "token">): Promise<ReadonlySet<string>> => {
    const answer = await send(
      `${server.url}/v1.0/applications?$top=999&$select=displayName`,
      server.caFile,
      "GET",
      {
        token: server.token,
      },
    );
    const listed = answer.expect(200).listAt("value") as readonly { readonly displayName: string }[];
    return new Set(listed.map(({ displayName }) => displayName));
  };

  it("loses no acknowledged write, whenever it is killed, and starts again within seconds", async () => {
    const acknowledged = new Set<string>();
    let server = await start();
    for (const writesBeforeKill of [1, 7, 23]) {
      let running = true;
      const write = async (writer: number): Promise<void> => {
        for (let number = 0; running; number++) {
          const displayName = `${String(writesBeforeKill)}-${String(writer)}-${String(number)}`;
          const { url, caFile, token } = server;
          try {
            const answer = await send(`${url}/v1.0/applications`, caFile, "POST", {
              token,
              json: { displayName },
            });
            if (answer.status === 201) acknowledged.add(displayName);
          } catch {
            return;
          }
        }
      };
      const target = acknowledged.size + writesBeforeKill;
      const writers = [1, 2, 3].map(write);
      while (acknowledged.size < target) await new Promise(setImmediate);
      await kill(server.child);
      running = false;
      await Promise.all(writers);
      server = await start();
      assert.equal(server.error, undefined);
      const kept = await names(server);
      const lost = [...acknowledged].filter((name) => !kept.has(name));
      assert.deepEqual(lost, []);
    }
  });

  it("refuses a second server on its folder, naming the first one's address and process", async () => {
    const server = await start();
    await assert.rejects(startTenant({ folder: folder.path }), (error) => {
      assert.ok(error instanceof TenantError);
      assert.ok(error.message.includes(server.url), error.message);
      assert.ok(error.message.includes(`process ${String(server.child.pid)}`), error.message);
      return true;
    });
    assert.equal((await connectTenant(folder.path))?.url, server.url);
  });

  it("lets exactly one of two servers have a dead one's folder", async () => {
    await kill((await start()).child);
    const errors = (await Promise.all([start(), start()])).map((server) => server.error);
    assert.equal(errors.filter((error) => error === undefined).length, 1, errors.join());
    assert.match(errors.find((error) => error !== undefined) ?? "", /^Another sandbox tenant is running on /);
  });

  it("refuses a second server in the same process as well", async () => {
    const first = await startTenant({ folder: folder.path });
    await assert.rejects(startTenant({ folder: folder.path }), new RegExp(first.url));
    await first.stop();
    await (await startTenant({ folder: folder.path })).stop();
  });

  it("ends with its owner: after SIGTERM the process is gone, the port closed and the folder free", async () => {
    const server = await start();
    await kill(server.child, "SIGTERM");
    assert.equal(server.child.exitCode, 0);
    await assert.rejects(send(`${server.url}/metadata/endpoints`, server.caFile, "GET"), {
      code: "ECONNREFUSED",
    });
    assert.equal(await connectTenant(folder.path), undefined);
    await (await startTenant({ folder: folder.path })).stop();
  });

  it("refuses what it cannot write, as on a full disk, in a way that nobody repeats; and goes on afterwards", async () => {
    const tenant = await startTenant({ folder: folder.path });
    try {
      const { json } = await tenant.control("POST", "token", { resource: "graph" });
      const { access_token: token } = json as { readonly access_token: string };
      const create = (displayName: string): ReturnType<typeof send> =>
        send(`${tenant.url}/v1.0/applications`, tenant.caFile, "POST", { token, json: { displayName } });
      const beside = join(folder.path, "tenant.json.next");
      // Everything that is written there meets a full disk.
      symlinkSync("/dev/full", beside);
      (await create("on a full disk")).expectError(
        403,
        "SandboxStateNotWritten",
        /tenant\.json cannot be written: ENOSPC: .*Nothing was changed\.$/,
      );
      unlinkSync(beside);
      (await create("with room again")).expect(201);
      const kept = await names({ url: tenant.url, caFile: tenant.caFile, token });
      assert.deepEqual(
        ["on a full disk", "with room again"].map((name) => kept.has(name)),
        [false, true],
      );
    } finally {
      await tenant.stop();
    }
  });

  it("answers what is under way before it stops", async () => {
    const tenant = await TestTenant.start();
    const token = await tenant.adminToken();
    const effect = { kind: "slow", milliseconds: 100 };
    await tenant.running.control("POST", "faults", { operation: "graph.applications.create", effect });
    const json = { displayName: "last" };
    const underWay = tenant.call("POST", "/v1.0/applications", { token, json });
    const hit = async (): Promise<boolean> => {
      const { value } = (await tenant.running.control("GET", "faults")).json as {
        value: readonly { hits: number }[];
      };
      return value[0]?.hits === 1;
    };
    while (!(await hit()));
    await tenant.stop();
    (await underWay).expect(201);
  });

  it("shares nothing with another in the same process", async () => {
    const [one, two] = await Promise.all([TestTenant.start(), TestTenant.start()]);
    const client = await one.application("only in one");
    const token = await two.adminToken();
    assert.notEqual(one.url, two.url);
    (await two.call("GET", `/v1.0/applications/${client.id}`, { token })).expect(404);
    const foreign = await one.adminToken();
    (await two.call("GET", "/v1.0/applications", { token: foreign })).expect(401);
    await Promise.all([one.stop(), two.stop()]);
  });
});
