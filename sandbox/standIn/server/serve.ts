import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineSessions } from "./engineSessions";
import type { Plugin } from "./plugin";
import { resourceProviderService } from "./resourceProviderService";

/** A plugin that answers the engine on a port of this process. */
export interface ServedPlugin {
  readonly port: number;
  /** Aborts what is under way and resolves once the port and all connections are closed. Idempotent. */
  stop(): Promise<void>;
}

/** Serves a plugin's gRPC service on a free loopback port. */
export async function serve<Session>(plugin: Plugin<Session>): Promise<ServedPlugin> {
  // A state with many credentials easily exceeds gRPC's default of 4 MiB a message.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const sessions = new EngineSessions<Session>();
  server.addService(ResourceProviderService, resourceProviderService(plugin, sessions));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  let stopped: Promise<void> | undefined;
  return {
    port,
    stop: () =>
      (stopped ??= new Promise((resolve) => {
        sessions.cancelAll();
        server.tryShutdown(() => resolve());
        server.forceShutdown();
      })),
  };
}
