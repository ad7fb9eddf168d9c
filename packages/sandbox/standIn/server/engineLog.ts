import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { unlimited } from "./grpcServer";

/** The log of an engine: what a plugin writes there is shown beside the resource that it is about. */
export class EngineLog {
  private readonly engine: EngineClient;

  /** @param address host and port, as the engine names itself to a plugin */
  constructor(address: string) {
    this.engine = new EngineClient(address, credentials.createInsecure(), unlimited);
  }

  /** Writes an error. An engine that is gone is not told, and nobody waits for it. */
  error(urn: string, message: string): Promise<void> {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.ERROR);
    request.setUrn(urn);
    request.setMessage(message);
    return new Promise((resolve) => {
      this.engine.log(request, new Metadata(), { deadline: Date.now() + 5_000 }, () => resolve());
    });
  }

  close(): void {
    this.engine.close();
  }
}
