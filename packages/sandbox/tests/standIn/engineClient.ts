import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import type { PropertyMap } from "../../standIn/server/propertyValue";
import { decodeProperties, encodeProperties } from "../../standIn/server/wireStruct";

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** A detailed diff by property path: the kind in lower case, with `, replace` for a replacement. */
export type Changes = Readonly<Record<string, string>>;

export interface Checked {
  readonly inputs: PropertyMap;
  /** Reasons for which the inputs are refused. */
  readonly failures: readonly string[];
}

export interface Created {
  readonly id: string;
  readonly outputs: PropertyMap;
  /** The outputs as they came over the wire, with the marks of secrets. */
  readonly wire: Readonly<Record<string, unknown>>;
}

export interface Live {
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/** Speaks with a provider plugin as the engine does. */
export class EngineClient {
  readonly raw: ResourceProviderClient;

  constructor(port: number) {
    // a connection of its own, as every provider of an engine has
    this.raw = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  close(): void {
    this.raw.close();
  }

  async configure(variables: Readonly<Record<string, string>> = {}, acceptSecrets = false): Promise<void> {
    const request = new rpc.ConfigureRequest();
    for (const [key, value] of Object.entries(variables)) request.getVariablesMap().set(key, value);
    request.setAcceptsecrets(acceptSecrets);
    await answered<rpc.ConfigureResponse>((done) => this.raw.configure(request, done));
  }

  async checkConfig(news: PropertyMap): Promise<void> {
    const request = new rpc.CheckRequest();
    request.setNews(encodeProperties(news));
    await answered<rpc.CheckResponse>((done) => this.raw.checkConfig(request, done));
  }

  /** Adds defaults to inputs and looks what is wrong with them. */
  async check(type: string, news: PropertyMap, olds: PropertyMap = {}): Promise<Checked> {
    const request = new rpc.CheckRequest();
    request.setUrn(urnOf(type));
    request.setNews(encodeProperties(news));
    request.setOlds(encodeProperties(olds));
    request.setRandomseed(new Uint8Array(32).fill(7));
    const response = await answered<rpc.CheckResponse>((done) => this.raw.check(request, done));
    return {
      inputs: decodeProperties(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async diff(
    type: string,
    change: {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldOutputs: PropertyMap;
      readonly inputs: PropertyMap;
      readonly ignoreChanges?: readonly string[];
    },
  ): Promise<{ readonly changes: Changes; readonly deleteBeforeReplace: boolean }> {
    const request = new rpc.DiffRequest();
    request.setId(change.id);
    request.setUrn(urnOf(type));
    request.setOldInputs(encodeProperties(change.oldInputs));
    request.setOlds(encodeProperties(change.oldOutputs));
    request.setNews(encodeProperties(change.inputs));
    request.setIgnorechangesList([...(change.ignoreChanges ?? [])]);
    const response = await answered<rpc.DiffResponse>((done) => this.raw.diff(request, done));
    return {
      changes: Object.fromEntries(
        response.toObject().detaileddiffMap.map(([path, { kind }]) => [path, kindNames.get(kind) ?? ""]),
      ),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(type: string, inputs: PropertyMap, preview = false): Promise<Created> {
    const request = new rpc.CreateRequest();
    request.setUrn(urnOf(type));
    request.setProperties(encodeProperties(inputs));
    request.setPreview(preview);
    const response = await answered<rpc.CreateResponse>((done) => this.raw.create(request, done));
    return {
      id: response.getId(),
      outputs: decodeProperties(response.getProperties()),
      wire: response.getProperties()?.toJavaScript() ?? {},
    };
  }

  /** Undefined when the object is gone. */
  async read(
    type: string,
    id: string,
    oldInputs: PropertyMap = {},
    oldOutputs: PropertyMap = {},
  ): Promise<Live | undefined> {
    const request = new rpc.ReadRequest();
    request.setId(id);
    request.setUrn(urnOf(type));
    request.setInputs(encodeProperties(oldInputs));
    request.setProperties(encodeProperties(oldOutputs));
    const response = await answered<rpc.ReadResponse>((done) => this.raw.read(request, done));
    if (response.getId() === "") return undefined;
    return {
      inputs: decodeProperties(response.getInputs()),
      outputs: decodeProperties(response.getProperties()),
    };
  }

  async update(
    type: string,
    change: {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldOutputs: PropertyMap;
      readonly inputs: PropertyMap;
      readonly preview?: boolean;
    },
  ): Promise<PropertyMap> {
    const request = new rpc.UpdateRequest();
    request.setId(change.id);
    request.setUrn(urnOf(type));
    request.setOldInputs(encodeProperties(change.oldInputs));
    request.setOlds(encodeProperties(change.oldOutputs));
    request.setNews(encodeProperties(change.inputs));
    request.setPreview(change.preview ?? false);
    const response = await answered<rpc.UpdateResponse>((done) => this.raw.update(request, done));
    return decodeProperties(response.getProperties());
  }

  async delete(type: string, id: string, oldInputs: PropertyMap, oldOutputs: PropertyMap): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setId(id);
    request.setUrn(urnOf(type));
    request.setOldInputs(encodeProperties(oldInputs));
    request.setProperties(encodeProperties(oldOutputs));
    await answered<Empty>((done) => this.raw.delete(request, done));
  }

  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    const request = new rpc.InvokeRequest();
    request.setTok(token);
    request.setArgs(encodeProperties(args));
    const response = await answered<rpc.InvokeResponse>((done) => this.raw.invoke(request, done));
    return decodeProperties(response.getReturn());
  }

  async cancel(): Promise<void> {
    await answered<Empty>((done) => this.raw.cancel(new Empty(), done));
  }
}

/** The URN under which the client speaks of a resource type. */
function urnOf(type: string): string {
  return `urn:pulumi:dev::project::${type}::client`;
}

/** Sends one call and waits for its answer. */
export function answered<Response>(call: (done: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

const { Kind } = rpc.PropertyDiff;
const kindNames = new Map<number, string>([
  [Kind.ADD, "add"],
  [Kind.ADD_REPLACE, "add, replace"],
  [Kind.DELETE, "delete"],
  [Kind.DELETE_REPLACE, "delete, replace"],
  [Kind.UPDATE, "update"],
  [Kind.UPDATE_REPLACE, "update, replace"],
]);
