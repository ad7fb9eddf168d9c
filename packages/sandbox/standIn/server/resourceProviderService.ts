import { status, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import type { EngineSession, EngineSessions } from "./engineSessions";
import type {
  ConfigurationVariables,
  CoveredFunction,
  DiffResult,
  Plugin,
  PropertyChange,
  ResourceHandler,
  ResourceRequest,
} from "./plugin";
import { containsUnknown } from "./propertyValue";
import { rpcError, rpcErrorFrom } from "./rpcError";
import { unary, unimplemented } from "./unary";
import { decodeProperties, encodeProperties } from "./wireStruct";

const noSecrets: ReadonlySet<string> = new Set();

const changeKinds: Readonly<
  Record<PropertyChange["kind"], readonly [rpc.PropertyDiff.Kind, rpc.PropertyDiff.Kind]>
> = {
  add: [rpc.PropertyDiff.Kind.ADD, rpc.PropertyDiff.Kind.ADD_REPLACE],
  delete: [rpc.PropertyDiff.Kind.DELETE, rpc.PropertyDiff.Kind.DELETE_REPLACE],
  update: [rpc.PropertyDiff.Kind.UPDATE, rpc.PropertyDiff.Kind.UPDATE_REPLACE],
};

/** Type token and name in a URN, whose last two parts they are; a type may be prefixed by its parents' types. */
function partsOfUrn(urn: string): { readonly type: string; readonly name: string } {
  const parts = urn.split("::");
  const type = parts[2]?.split("$").at(-1) ?? "";
  return { type, name: parts.slice(3).join("::") };
}

function diffResponse({ changes, deleteBeforeReplace }: DiffResult): rpc.DiffResponse {
  const response = new rpc.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  response.setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  const replaces: string[] = [];
  const detailed = response.getDetaileddiffMap();
  for (const [path, change] of changes) {
    const entry = new rpc.PropertyDiff();
    entry.setKind(changeKinds[change.kind][change.replace ? 1 : 0]);
    entry.setInputdiff(change.inputDiff ?? false);
    detailed.set(path, entry);
    if (change.replace) replaces.push(path);
  }
  response.setHasdetaileddiff(changes.size > 0);
  response.setReplacesList(replaces);
  response.setDiffsList([...new Set([...changes.keys()].map((path) => path.split(/[.[]/, 1)[0] ?? path))]);
  response.setDeletebeforereplace(deleteBeforeReplace && replaces.length > 0);
  return response;
}

function failureOf(reason: string): rpc.CheckFailure {
  const failure = new rpc.CheckFailure();
  failure.setReason(reason);
  return failure;
}

/**
 * Pulumi's ResourceProvider service (pulumi/pulumi, proto/pulumi/provider.proto) over a {@link Plugin}.
 * Secrets are not accepted on the way in, as the real plugins do not: the engine then marks what the
 * program marked, and the secret outputs of a resource are marked here.
 */
export function resourceProviderService<Session>(
  plugin: Plugin<Session>,
  sessions: EngineSessions<Session>,
): IResourceProviderServer {
  const prefix = `${plugin.name}:config:`;
  const notCovered = (token: string): ServiceError =>
    rpcError(`the stand-in for ${plugin.name} does not cover ${token}; install the real plugin`);

  function resource(urn: string): { readonly handler: ResourceHandler<Session>; readonly name: string } {
    const { type, name } = partsOfUrn(urn);
    const handler = plugin.resources.get(type);
    if (handler === undefined) throw notCovered(type);
    return { handler, name };
  }

  function lookup(token: string): CoveredFunction<Session> {
    const covered = plugin.functions.find((one) => one.token === token);
    if (covered === undefined) throw notCovered(token);
    return covered;
  }

  function sessionOf(peer: string): EngineSession<Session> {
    const session = sessions.get(peer);
    if (session === undefined) throw rpcError(`the stand-in for ${plugin.name} is not configured`);
    return session;
  }

  function variablesOf(entries: Iterable<readonly [string, string]>): ConfigurationVariables {
    return new Map(
      [...entries].map(([key, value]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, value]),
    );
  }

  /** Runs an operation on a resource; its failure carries the state that is known, with its secrets marked. */
  async function operate<Result>(
    request: { getUrn(): string; getTimeout?(): number },
    peer: string,
    run: (
      handler: ResourceHandler<Session>,
      base: ResourceRequest<Session>,
      secrets: ReadonlySet<string>,
    ) => Promise<Result>,
  ): Promise<Result> {
    const urn = request.getUrn();
    const { handler, name } = resource(urn);
    const { session, acceptsSecrets, cancellation } = sessionOf(peer);
    const secrets = acceptsSecrets ? handler.secretOutputs : noSecrets;
    const base = {
      session,
      urn,
      name,
      signal: cancellation.signal,
      timeoutSeconds: request.getTimeout?.() ?? 0,
      logError: async (message: string) => sessions.log(peer)?.error(urn, message),
    };
    try {
      return await run(handler, base, secrets);
    } catch (error) {
      throw rpcErrorFrom(error, secrets);
    }
  }

  return {
    handshake: unary<rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse>((call) => {
      sessions.attach(call.getPeer(), call.request.getEngineAddress());
      return new rpc.ProviderHandshakeResponse();
    }),
    attach: unary<PluginAttach, Empty>((call) => {
      sessions.attach(call.getPeer(), call.request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(plugin.version);
      return info;
    }),
    getSchema: unary<rpc.GetSchemaRequest, rpc.GetSchemaResponse>(({ request }) => {
      if (request.getVersion() !== 0) throw rpcError(`unsupported schema version ${request.getVersion()}`);
      const response = new rpc.GetSchemaResponse();
      response.setSchema(plugin.schema());
      return response;
    }),
    getMapping: unary(() => new rpc.GetMappingResponse()),
    getMappings: unary(() => new rpc.GetMappingsResponse()),

    checkConfig: unary<rpc.CheckRequest, rpc.CheckResponse>(({ request }) => {
      const news = decodeProperties(request.getNews());
      if (!containsUnknown(news)) {
        const texts = Object.entries(news).map(([key, value]): [string, string] => [
          key,
          typeof value === "string" ? value : JSON.stringify(value),
        ]);
        plugin.checkConfiguration(new Map(texts));
      }
      const response = new rpc.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    // A changed configuration never replaces what was made with the old one.
    diffConfig: unary<rpc.DiffRequest, rpc.DiffResponse>(() => new rpc.DiffResponse()),
    configure: unary<rpc.ConfigureRequest, rpc.ConfigureResponse>(async (call) => {
      const cancellation = new AbortController();
      const variables = variablesOf(call.request.getVariablesMap().toArray());
      const session = await plugin.configure(variables, cancellation.signal);
      sessions.set(call.getPeer(), {
        session,
        acceptsSecrets: call.request.getAcceptsecrets(),
        cancellation,
      });
      const response = new rpc.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),

    check: unary<rpc.CheckRequest, rpc.CheckResponse>(({ request }) => {
      const { handler, name } = resource(request.getUrn());
      const { inputs, failures } = handler.check({
        name,
        inputs: decodeProperties(request.getNews()),
        oldInputs: decodeProperties(request.getOlds()),
        randomSeed: request.getRandomseed_asU8(),
      });
      const response = new rpc.CheckResponse();
      response.setInputs(encodeProperties(inputs));
      response.setFailuresList(failures.map(failureOf));
      return response;
    }),
    diff: unary<rpc.DiffRequest, rpc.DiffResponse>((call) =>
      operate(call.request, call.getPeer(), async (handler, base) =>
        diffResponse(
          await handler.diff({
            ...base,
            id: call.request.getId(),
            oldInputs: decodeProperties(call.request.getOldInputs()),
            oldOutputs: decodeProperties(call.request.getOlds()),
            inputs: decodeProperties(call.request.getNews()),
            ignoreChanges: call.request.getIgnorechangesList(),
          }),
        ),
      ),
    ),
    create: unary<rpc.CreateRequest, rpc.CreateResponse>((call) =>
      operate(call.request, call.getPeer(), async (handler, base, secrets) => {
        const { id, outputs } = await handler.create({
          ...base,
          inputs: decodeProperties(call.request.getProperties()),
          preview: call.request.getPreview(),
        });
        const response = new rpc.CreateResponse();
        response.setId(id);
        response.setProperties(encodeProperties(outputs, secrets));
        return response;
      }),
    ),
    read: unary<rpc.ReadRequest, rpc.ReadResponse>((call) =>
      operate(call.request, call.getPeer(), async (handler, base, secrets) => {
        const live = await handler.read({
          ...base,
          id: call.request.getId(),
          oldInputs: decodeProperties(call.request.getInputs()),
          oldOutputs: decodeProperties(call.request.getProperties()),
        });
        const response = new rpc.ReadResponse();
        // no id: the engine drops the resource from the state
        if (live === undefined) return response;
        response.setId(live.id);
        response.setProperties(encodeProperties(live.outputs, secrets));
        response.setInputs(encodeProperties(live.inputs, secrets));
        return response;
      }),
    ),
    update: unary<rpc.UpdateRequest, rpc.UpdateResponse>((call) =>
      operate(call.request, call.getPeer(), async (handler, base, secrets) => {
        const outputs = await handler.update({
          ...base,
          id: call.request.getId(),
          oldInputs: decodeProperties(call.request.getOldInputs()),
          oldOutputs: decodeProperties(call.request.getOlds()),
          inputs: decodeProperties(call.request.getNews()),
          ignoreChanges: call.request.getIgnorechangesList(),
          preview: call.request.getPreview(),
        });
        const response = new rpc.UpdateResponse();
        response.setProperties(encodeProperties(outputs, secrets));
        return response;
      }),
    ),
    delete: unary<rpc.DeleteRequest, Empty>((call) =>
      operate(call.request, call.getPeer(), async (handler, base) => {
        await handler.delete({
          ...base,
          id: call.request.getId(),
          oldInputs: decodeProperties(call.request.getOldInputs()),
          oldOutputs: decodeProperties(call.request.getProperties()),
        });
        return new Empty();
      }),
    ),
    invoke: unary<rpc.InvokeRequest, rpc.InvokeResponse>(async (call) => {
      const covered = lookup(call.request.getTok());
      const { session, cancellation } = sessionOf(call.getPeer());
      const result = await covered.run(
        decodeProperties(call.request.getArgs()),
        session,
        cancellation.signal,
      );
      const response = new rpc.InvokeResponse();
      response.setReturn(encodeProperties(result));
      return response;
    }),

    cancel: unary((call) => {
      sessions.cancel(call.getPeer());
      return new Empty();
    }),
    call: unimplemented("Call", plugin.name),
    construct: unimplemented("Construct", plugin.name),
    parameterize: unimplemented("Parameterize", plugin.name),
    list: (stream) => {
      stream.destroy(
        rpcError(`the stand-in for ${plugin.name} does not implement List`, status.UNIMPLEMENTED),
      );
    },
  };
}
