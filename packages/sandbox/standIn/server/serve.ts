import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineSessions } from "./engineSessions";
import { listenForGrpc } from "./grpcServer";
import type { Plugin } from "./plugin";
import { resourceProviderService } from "./resourceProviderService";

/** A plugin that answers the engine on a port of this process. */
export interface ServedPlugin {
  readonly port: number;
  /** Aborts what is under way and resolves once the port and all connections are closed. Idempotent. */
  stop(): Promise<void>;
}

/** Serves a plugin's gRPC service on a free loopback port. */
export async function servePlugin<Session>(plugin: Plugin<Session>): Promise<ServedPlugin> {
  const sessions = new EngineSessions<Session>();
  const server = await listenForGrpc((grpc) =>
    grpc.addService(ResourceProviderService, resourceProviderService(plugin, sessions)),
  );
  let stopped: Promise<void> | undefined;
  return {
    port: server.port,
    stop: () => {
      sessions.cancelAll();
      return (stopped ??= server.stop());
    },
  };
}
