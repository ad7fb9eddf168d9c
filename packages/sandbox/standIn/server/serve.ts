import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineSessions } from "./engineSessions";
import { type GrpcServer, listenForGrpc } from "./grpcServer";
import type { Plugin } from "./plugin";
import { resourceProviderService } from "./resourceProviderService";

/** Serves a plugin's gRPC service on a free loopback port. Stopping it aborts what is under way. */
export async function servePlugin<Session>(plugin: Plugin<Session>): Promise<GrpcServer> {
  const sessions = new EngineSessions<Session>();
  const server = await listenForGrpc((grpc) =>
    grpc.addService(ResourceProviderService, resourceProviderService(plugin, sessions)),
  );
  return {
    port: server.port,
    stop: () => {
      sessions.cancelAll();
      return server.stop();
    },
  };
}
