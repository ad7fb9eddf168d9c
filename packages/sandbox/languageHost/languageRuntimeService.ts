import type { Writable } from "node:stream";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { pinnedVersion } from "../toolchain/pinnedVersion";
import { rpcError } from "../standIn/server/rpcError";
import { unary, unimplemented } from "../standIn/server/unary";
import type { ChildProcesses, ProcessOutput } from "./childProcesses";
import { installDependencies } from "./installDependencies";
import { requiredPackages } from "./requiredPackages";
import { runPlugin } from "./runPlugin";
import { runProgram } from "./runProgram";

/** What the service works with. */
export interface RuntimeContext {
  /** Address of the engine's own service; a handshake replaces it. */
  readonly engine: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly children: ChildProcesses;
  /** Where the output of programs goes. */
  readonly stdout: Writable;
  readonly stderr: Writable;
}

const host = "the Node.js language host";

/**
 * Pulumi's LanguageRuntime service (pulumi/pulumi, proto/pulumi/language.proto) for Node.js: all that running programs,
 * component packages and policy packs needs, and nothing that generates code.
 */
export function languageRuntimeService(context: RuntimeContext): ILanguageRuntimeServer {
  const { environment, children } = context;
  let engine = context.engine;
  let programs = new AbortController();

  return {
    handshake: unary<rpc.LanguageHandshakeRequest, rpc.LanguageHandshakeResponse>(({ request }) => {
      engine = request.getEngineAddress();
      return new rpc.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(pinnedVersion.version);
      return info;
    }),
    getRequiredPackages: unary<rpc.GetRequiredPackagesRequest, rpc.GetRequiredPackagesResponse>(
      ({ request }) => {
        const response = new rpc.GetRequiredPackagesResponse();
        response.setPackagesList(requiredPackages(request.getInfo()?.getProgramDirectory() ?? ""));
        return response;
      },
    ),
    // The real host answers so, too: engines ask for the packages.
    getRequiredPlugins: unimplemented("GetRequiredPlugins", host),
    getProgramDependencies: unimplemented("GetProgramDependencies", host),
    about: unimplemented("About", host),
    // Nothing to ask: npm is the only package manager.
    runtimeOptionsPrompts: unary(() => new rpc.RuntimeOptionsResponse()),
    template: unary(() => new rpc.TemplateResponse()),
    installDependencies: streaming((call, cancelled) =>
      installDependencies(
        call.request,
        children,
        environment,
        outputTo(call, () => new rpc.InstallDependenciesResponse()),
        cancelled,
      ),
    ),
    run: (call, callback) => {
      const ended = new AbortController();
      call.on("cancelled", () => ended.abort());
      runProgram(call.request, { ...context, engine }, AbortSignal.any([ended.signal, programs.signal])).then(
        (response) => callback(null, response),
        (error: unknown) => callback(rpcError(String(error)), null),
      );
    },
    runPlugin: streaming((call, cancelled) =>
      runPlugin(
        call.request,
        children,
        outputTo(call, () => new rpc.RunPluginResponse()),
        cancelled,
      ),
    ),
    cancel: unary(() => {
      programs.abort();
      programs = new AbortController();
      return new Empty();
    }),
    generateProgram: unimplemented("GenerateProgram", host),
    generateProject: unimplemented("GenerateProject", host),
    generatePackage: unimplemented("GeneratePackage", host),
    pack: unimplemented("Pack", host),
    link: unimplemented("Link", host),
  };
}

/** Answers a call with a stream, which ends when the work does. */
function streaming<Request, Response>(
  work: (call: ServerWritableStream<Request, Response>, cancelled: AbortSignal) => Promise<void>,
) {
  return (call: ServerWritableStream<Request, Response>): void => {
    const cancellation = new AbortController();
    call.on("cancelled", () => cancellation.abort());
    work(call, cancellation.signal).then(
      () => call.end(),
      (error: unknown) =>
        call.emit("error", rpcError(error instanceof Error ? error.message : String(error))),
    );
  };
}

/** Passes on what a process prints, in answers of the call's own kind. */
function outputTo<Answer extends rpc.InstallDependenciesResponse | rpc.RunPluginResponse>(
  call: ServerWritableStream<unknown, Answer>,
  makeAnswer: () => Answer,
): ProcessOutput {
  const write = (stream: "setStdout" | "setStderr", data: Buffer): void => {
    const answer = makeAnswer();
    answer[stream](data);
    call.write(answer);
  };
  return { stdout: (data) => write("setStdout", data), stderr: (data) => write("setStderr", data) };
}
