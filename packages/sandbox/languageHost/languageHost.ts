import type { Writable } from "node:stream";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { listenForGrpc } from "../standIn/server/grpcServer";
import { ChildProcesses } from "./childProcesses";
import { languageRuntimeService } from "./languageRuntimeService";

/** A language host for Node.js, served in this process in place of `pulumi-language-nodejs`. */
export interface LanguageHost {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Ends the programs and plugins that are running; resolves once they, the port and all connections are gone. Idempotent. */
  stop(): Promise<void>;
}

export interface LanguageHostOptions {
  /**
   * Address of the engine's own service, as `host:port`, when the engine has started the host. One that attaches to a running
   * host says it in a handshake.
   */
  readonly engine?: string;
  /** What programs and npm are run with; plugins get the engine's. Default: this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Where the output of programs goes. Default: this process's own streams. */
  readonly stdout?: Writable;
  readonly stderr?: Writable;
}

/**
 * Serves the stand-in for Pulumi's Node.js language host. An engine attaches to it by `PULUMI_DEBUG_LANGUAGES=nodejs:<port>`.
 * It then knows neither that engine's environment nor more than one engine at a time, and the engine does not find it for
 * policy packs; the executable in `executable/`, which an engine starts for itself when it is on PATH, has none of these
 * limits.
 */
export async function startLanguageHost(options: LanguageHostOptions = {}): Promise<LanguageHost> {
  const children = new ChildProcesses();
  const server = await listenForGrpc((grpc) =>
    grpc.addService(
      LanguageRuntimeService,
      languageRuntimeService({
        engine: options.engine ?? "",
        environment: options.environment ?? process.env,
        children,
        stdout: options.stdout ?? process.stdout,
        stderr: options.stderr ?? process.stderr,
      }),
    ),
  );
  let stopped: Promise<void> | undefined;
  return {
    port: server.port,
    stop: () => (stopped ??= Promise.all([children.endAll(), server.stop()]).then(() => undefined)),
  };
}
