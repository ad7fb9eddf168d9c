import {
  Client,
  credentials,
  status,
  type MethodDefinition,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { AnalyzerService, type IAnalyzerServer } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerHandshakeResponse,
  AnalyzerStackConfigureResponse,
  type AnalyzerStackConfigureRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { listenForGrpc, unlimited, type GrpcServer } from "../standIn/server/grpcServer";
import { rpcError } from "../standIn/server/rpcError";
import { unary } from "../standIn/server/unary";

/**
 * Stands between the engine and a policy pack, because a pack must be started with the stack's configuration in its
 * environment, and the engine says what that is only to a pack that is already running.
 */
export class PolicyProxy {
  /** What the engine has said of the stack; undefined when it asks something before it has said anything. */
  readonly configuration: Promise<AnalyzerStackConfigureRequest | undefined>;
  private configure: (request: AnalyzerStackConfigureRequest | undefined) => void = () => undefined;
  private readonly pack: Promise<Client>;
  private found: (client: Client) => void = () => undefined;
  private lost: (error: Error) => void = () => undefined;
  private server: GrpcServer | undefined;

  private constructor() {
    this.configuration = new Promise((resolve) => (this.configure = resolve));
    this.pack = new Promise((resolve, reject) => {
      this.found = resolve;
      this.lost = reject;
    });
    // A pack that is lost before anybody has asked it something is no error.
    this.pack.catch(() => undefined);
  }

  /** Starts to listen. */
  static async start(): Promise<PolicyProxy> {
    const proxy = new PolicyProxy();
    proxy.server = await listenForGrpc((server) => server.addService(AnalyzerService, proxy.service()));
    return proxy;
  }

  /** The port that the engine is told. */
  get port(): number {
    return this.server?.port ?? 0;
  }

  /** Passes on to the pack what the engine asks, what it has asked so far included. */
  async attach(port: number): Promise<void> {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    try {
      const configuration = await this.configuration;
      if (configuration !== undefined) {
        await ask(client, AnalyzerService.configureStack, configuration);
      }
    } catch (error) {
      // Packs of older SDKs know nothing of it.
      if (!isUnimplemented(error)) {
        client.close();
        this.lost(
          rpcError(
            `policy pack configuration failed: ${error instanceof Error ? error.message : String(error)}`,
          ),
        );
        return;
      }
    }
    this.found(client);
  }

  /** Closes all connections. What is still waiting for an answer gets an error. */
  async stop(): Promise<void> {
    this.lost(rpcError("policy pack not started"));
    this.configure(undefined);
    await this.pack.then(
      (client) => client.close(),
      () => undefined,
    );
    await this.server?.stop();
  }

  private service(): IAnalyzerServer {
    return {
      handshake: unary(() => new AnalyzerHandshakeResponse()),
      configureStack: unary(({ request }) => {
        this.configure(request);
        return new AnalyzerStackConfigureResponse();
      }),
      analyze: this.forward(AnalyzerService.analyze),
      analyzeStack: this.forward(AnalyzerService.analyzeStack),
      remediate: this.forward(AnalyzerService.remediate),
      getAnalyzerInfo: this.forward(AnalyzerService.getAnalyzerInfo),
      getPluginInfo: this.forward(AnalyzerService.getPluginInfo),
      configure: this.forward(AnalyzerService.configure),
      cancel: this.forward(AnalyzerService.cancel),
    };
  }

  private forward<Request, Response>(method: MethodDefinition<Request, Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      this.configure(undefined);
      this.pack
        .then((client) => ask(client, method, call.request))
        .then(
          (response) => callback(null, response),
          (error: Error) => callback(error, null),
        );
    };
  }
}

function ask<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
  request: Request,
): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
}

function isUnimplemented(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === status.UNIMPLEMENTED;
}
