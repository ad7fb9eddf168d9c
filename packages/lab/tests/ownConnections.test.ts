import assert from "node:assert/strict";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";
import { SupportsFeatureRequest } from "@pulumi/pulumi/proto/resource_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import "../fixtures/ownConnections";

describe("connections to engines", () => {
  const clients: ResourceMonitorClient[] = [];
  after(() => {
    for (const client of clients) client.close();
    runtime.resetOptions("", "", -1, "", "", false, "");
  });

  it("reach an engine on the port of one that has ended", async () => {
    const ended = await engineOn(0);
    ended.server.forceShutdown();
    assert.equal(await answerFrom(ended.port), status.UNAVAILABLE);

    const { server } = await engineOn(ended.port);
    try {
      assert.equal(await answerFrom(ended.port), status.UNIMPLEMENTED);
    } finally {
      server.forceShutdown();
    }
  });

  /** The status with which a program's first call ends. */
  function answerFrom(port: number): Promise<status | undefined> {
    runtime.resetOptions("project", "stack", 1, "", `127.0.0.1:${port}`, false, "");
    const client = runtime.getMonitor();
    assert.ok(client instanceof ResourceMonitorClient);
    clients.push(client);
    return new Promise((resolve) => {
      client.supportsFeature(new SupportsFeatureRequest(), (error) => resolve(error?.code));
    });
  }
});

/** Stands for an engine: it answers, if only that it knows no call. */
async function engineOn(port: number): Promise<{ server: Server; port: number }> {
  const server = new Server();
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, taken) =>
      error === null ? resolve(taken) : reject(error),
    );
  });
  return { server, port: bound };
}
