import { Server, ServerCredentials } from "@grpc/grpc-js";

/** A gRPC server on a port of this process. */
export interface GrpcServer {
  readonly port: number;
  /** Resolves once the port and all connections are closed. Idempotent. */
  stop(): Promise<void>;
}

/** A state with many credentials easily exceeds gRPC's default of 4 MiB a message. */
export const unlimited = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
} as const;

/** Serves gRPC on a free loopback port. */
export async function listenForGrpc(addServices: (server: Server) => void): Promise<GrpcServer> {
  const server = new Server(unlimited);
  addServices(server);
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
        server.tryShutdown(() => resolve());
        server.forceShutdown();
      })),
  };
}
