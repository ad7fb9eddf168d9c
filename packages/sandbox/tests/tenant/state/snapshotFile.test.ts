import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { TenantError, startTenant } from "../../../tenant/tenant";
import { TestTenant, temporaryFolder } from "../support/testTenant";

describe("State on disk", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const file = (): string => join(folder.path, "tenant.json");
  const make = async (): Promise<void> => {
    const tenant = await TestTenant.start({ folder: folder.path });
    await tenant.application("kept");
    await tenant.stop();
  };
  const expectRefused = async (text: string, message: RegExp): Promise<void> => {
    writeFileSync(file(), text);
    await assert.rejects(startTenant({ folder: folder.path }), (error) => {
      assert.ok(error instanceof TenantError);
      assert.match(error.message, message);
      assert.ok(error.message.includes(file()));
      return true;
    });
    assert.equal(readFileSync(file(), "utf8"), text);
  };

  it("is the same after a restart, relations and secrets included", async () => {
    const first = await TestTenant.start({ folder: folder.path });
    const client = await first.application("kept", ["Application.Read.All"]);
    const read = async (tenant: TestTenant): Promise<string> => {
      const token = await tenant.adminToken();
      const bodies = await Promise.all(
        [
          "applications",
          "servicePrincipals",
          `servicePrincipals/${client.servicePrincipalId}/appRoleAssignments`,
        ].map(async (path) =>
          (await tenant.call("GET", `/v1.0/${path}`, { token })).body.replaceAll(tenant.url, ""),
        ),
      );
      return bodies.join();
    };
    const before = await read(first);
    const caBefore = readFileSync(first.running.caFile, "utf8");
    await first.stop();
    const second = await TestTenant.start({ folder: folder.path });
    assert.equal(await read(second), before);
    assert.equal(readFileSync(second.running.caFile, "utf8"), caBefore);
    await second.token(client.appId, client.secret, "https://graph.microsoft.com");
    assert.notEqual(
      second.running.environment.ARM_CLIENT_SECRET,
      first.running.environment.ARM_CLIENT_SECRET,
    );
    await second.stop();
  });

  it("holds no secret in clear text, and is for its owner only", async () => {
    const tenant = await TestTenant.start({ folder: folder.path });
    const { secret } = await tenant.application("client");
    await tenant.stop();
    const names = readdirSync(folder.path, { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder.path, name),
    );
    const files = names.filter((name) => statSync(name).isFile());
    assert.ok(files.length >= 5);
    for (const name of files) {
      assert.ok(!readFileSync(name, "utf8").includes(secret), name);
      if (!name.endsWith(".pem") || /key/.test(name)) assert.equal(statSync(name).mode & 0o077, 0, name);
    }
    assert.equal(statSync(folder.path).mode & 0o077, 0);
  });

  it("is refused and left alone when it is cut off, altered, or something else", async () => {
    await make();
    const text = readFileSync(file(), "utf8");
    await expectRefused(text.slice(0, text.length / 2), /is damaged/);
    await expectRefused(text.replace("kept", "kepT"), /the checksum does not match/);
    await expectRefused("", /is damaged/);
    await expectRefused("{}", /not a state file of the sandbox tenant/);
    await expectRefused("null", /is damaged/);
    writeFileSync(file(), text);
    await (await startTenant({ folder: folder.path })).stop();
  });

  it("is refused and left alone when its records are none, although the checksum fits", async () => {
    await make();
    const user = { id: "a" };
    for (const [tables, message] of [
      ['{"users":[null]}', /table users has a record without an id/],
      [JSON.stringify({ users: [user, user] }), /table users has the id a twice/],
      ['{"__proto__":[]}', /unknown table __proto__/],
    ] as const) {
      const checksum = createHash("sha256").update(tables).digest("base64url");
      const head = JSON.stringify({ format: "entra-sandbox-tenant", schemaVersion: 3, checksum });
      await expectRefused(`${head.slice(0, -1)},"tables":${tables}}`, message);
    }
  });

  it("is refused and left alone when a newer version wrote it", async () => {
    await make();
    const text = readFileSync(file(), "utf8");
    await expectRefused(
      text.replace('"schemaVersion":3', '"schemaVersion":4'),
      /newer version \(schema 4, this one knows up to 3\)/,
    );
  });

  it("leaves nothing behind when the start is refused: the folder can be used at once", async () => {
    await make();
    const text = readFileSync(file(), "utf8");
    await expectRefused("{}", /is damaged/);
    writeFileSync(file(), text);
    await (await startTenant({ folder: folder.path })).stop();
  });

  it("is kept in memory only without a folder, and the temporary files go with the tenant", async () => {
    const tenant = await TestTenant.start();
    const { caFile } = tenant.running;
    assert.ok(statSync(caFile).isFile());
    await tenant.stop();
    await tenant.stop();
    assert.throws(() => statSync(caFile), { code: "ENOENT" });
    await assert.rejects(once(connect(Number(new URL(tenant.url).port), "127.0.0.1"), "connect"), {
      code: "ECONNREFUSED",
    });
  });

  it("does not replace an authority unasked whose certificates do not belong together", async () => {
    await make();
    const ca = join(folder.path, "tls", "ca.pem");
    const before = readFileSync(ca, "utf8");
    writeFileSync(join(folder.path, "tls", "server.pem"), before);
    await assert.rejects(TestTenant.start({ folder: folder.path }), {
      name: "DamagedFileError",
      message: /tls is damaged \(its files do not belong together\)/,
    });
    assert.equal(readFileSync(ca, "utf8"), before);
  });

  it("makes its certificates anew when they were not finished", async () => {
    await make();
    const ca = join(folder.path, "tls", "ca.pem");
    rmSync(ca);
    const tenant = await TestTenant.start({ folder: folder.path });
    (await tenant.call("GET", "/metadata/endpoints?api-version=2022-09-01")).expect(200);
    await tenant.stop();
  });
});
