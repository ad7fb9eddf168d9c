import assert from "node:assert/strict";
import { connect } from "node:net";
import { status, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { startStandIn, type ProviderName } from "../../standIn/standIn";
import { answered, EngineClient } from "./engineClient";
import { PluginFixture } from "./pluginFixture";
import { recordedCaller, recordedPart } from "./recording";

const application = "azuread:index/application:Application";

describe("stand-in service", () => {
  const fixtures: PluginFixture[] = [];

  async function start(provider: ProviderName): Promise<PluginFixture> {
    const fixture = await PluginFixture.start(provider);
    fixtures.push(fixture);
    return fixture;
  }

  afterEach(async () => {
    for (const fixture of fixtures.splice(0)) await fixture.stop();
  });

  for (const [provider, version] of [
    ["azuread", "6.9.1"],
    ["azure-native", "3.28.0"],
  ] as const) {
    it(`serves ${provider} under the version of the real plugin`, async () => {
      const { engine } = await start(provider);
      const info = await answered<PluginInfo>((done) => engine.raw.getPluginInfo(new Empty(), done));
      assert.equal(info.getVersion(), version);
    });

    it(`describes what it covers of ${provider} in a package schema`, async () => {
      const { engine } = await start(provider);
      const response = await answered<rpc.GetSchemaResponse>((done) =>
        engine.raw.getSchema(new rpc.GetSchemaRequest(), done),
      );
      const schema = JSON.parse(response.getSchema()) as Record<string, Record<string, unknown>>;
      assert.equal(schema["name"], provider);
      assert.equal(schema["version"], version);
      const covered = Object.keys({ ...schema["resources"], ...schema["functions"] });
      const expected =
        provider === "azuread"
          ? [application, "azuread:index/getClientConfig:getClientConfig"]
          : ["azure-native:authorization:RoleAssignment", "azure-native:authorization:getClientConfig"];
      assert.deepEqual(
        expected.filter((token) => !covered.includes(token)),
        [],
      );
    });
  }

  it("refuses a resource type that it does not cover, by its name", async () => {
    const { engine } = await start("azuread");
    await assert.rejects(
      engine.check("azuread:index/group:Group", { displayName: "imaging" }),
      (error: ServiceError) =>
        error.details ===
        "the stand-in for azuread does not cover azuread:index/group:Group; install the real plugin",
    );
  });

  it("refuses a function that it does not cover, by its name", async () => {
    const { engine } = await start("azure-native");
    await assert.rejects(
      engine.invoke("azure-native:storage:listStorageAccountKeys", {}),
      (error: ServiceError) =>
        error.details ===
        "the stand-in for azure-native does not cover azure-native:storage:listStorageAccountKeys; install the real plugin",
    );
  });

  it("answers what it does not implement as such", async () => {
    const { engine } = await start("azuread");
    const calls: readonly Promise<unknown>[] = [
      answered((done) => engine.raw.call(new rpc.CallRequest(), done)),
      answered((done) => engine.raw.construct(new rpc.ConstructRequest(), done)),
      answered((done) => engine.raw.parameterize(new rpc.ParameterizeRequest(), done)),
    ];
    for (const call of calls) {
      await assert.rejects(call, (error: ServiceError) => error.code === status.UNIMPLEMENTED);
    }
  });

  it("can be attached to", async () => {
    const { engine } = await start("azuread");
    await answered<Empty>((done) => engine.raw.attach(new PluginAttach(), done));
    await answered<rpc.ProviderHandshakeResponse>((done) =>
      engine.raw.handshake(new rpc.ProviderHandshakeRequest(), done),
    );
  });

  it("does nothing before it is configured", async () => {
    const { engine, directory } = await start("azuread");
    await assert.rejects(engine.create(application, { displayName: "dicom-client" }), /is not configured/);
    directory.verify();
  });

  it("keeps two providers of one program apart", async () => {
    const { engine, standIn, directory } = await start("azuread");
    const [metadata, token] = recordedPart("01-up", [0, 1]);
    assert.ok(metadata !== undefined && token !== undefined);
    const clientId = "99999999-9999-4999-8999-999999999999";
    const other = new EngineClient(standIn.port);
    try {
      directory.expect(metadata, token);
      await engine.configure();
      directory.expect(metadata, { ...token, body: { ...(token.body as object), client_id: clientId } });
      await other.configure({ "azuread:config:clientId": clientId });
      const asked = await Promise.all(
        [engine, other].map((client) => client.invoke("azuread:index/getClientConfig:getClientConfig", {})),
      );
      assert.deepEqual(
        asked.map((answer) => answer["clientId"]),
        [recordedCaller.clientId, clientId],
      );
      directory.verify();
    } finally {
      other.close();
    }
  });

  it("closes its port and its connections, and may be stopped twice", async () => {
    const { engine, standIn, directory } = await start("azuread");
    directory.expect(...recordedPart("01-up", [0, 1]));
    await engine.configure();
    await standIn.stop();
    await standIn.stop();
    const refused = await new Promise<NodeJS.ErrnoException>((resolve) => {
      connect(standIn.port, "127.0.0.1").on("error", resolve);
    });
    assert.equal(refused.code, "ECONNREFUSED");
  });

  it("says which CA file it cannot read", async () => {
    await assert.rejects(
      startStandIn("azuread", { SSL_CERT_FILE: "/nonexistent/ca.pem" }),
      /ENOENT.*\/nonexistent\/ca\.pem/,
    );
  });
});
