import type { handleUnaryCall, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import * as automation from "@pulumi/pulumi/automation/server";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { inlineProgram } from "../runner/inlineProgram";
import { listen } from "../standIn/server/grpcServer";
import { program } from "../../../components/stack/program";

/** Of the SDK's class, whose types are not published, what is used here. */
interface InlineLanguageServer {
  run(call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): Promise<void>;
  getPluginInfo(call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): void;
}
const { LanguageServer } = automation as unknown as {
  readonly LanguageServer: new (program: () => Promise<unknown>) => InlineLanguageServer;
};

/** A language host that runs the stack's program in this process: quicker than one in a process of its own for each run. */
export interface InProcessLanguageHost {
  /** What makes a Pulumi CLI use it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the host that the Automation API uses for inline programs, for Pulumi CLIs that are run by themselves. */
export async function startInProcessLanguageHost(): Promise<InProcessLanguageHost> {
  const anew = (): InlineLanguageServer => new LanguageServer(inlineProgram(program));
  const answer =
    (make: () => unknown): handleUnaryCall<unknown, unknown> =>
    (_call, callback) => {
      callback(null, make());
    };
  const run: handleUnaryCall<unknown, unknown> = (call, callback) => void anew().run(call, callback);
  const getPluginInfo: handleUnaryCall<unknown, unknown> = (call, callback) => {
    anew().getPluginInfo(call, callback);
  };
  const server = await listen((grpc) => {
    grpc.addService(LanguageRuntimeService, {
      handshake: answer(() => new language.LanguageHandshakeResponse()),
      getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
      getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
      getPluginInfo,
      run,
    });
  });
  return {
    environment: { PULUMI_DEBUG_LANGUAGES: `nodejs:${server.port}` },
    stop: () => server.stop(),
  };
}
