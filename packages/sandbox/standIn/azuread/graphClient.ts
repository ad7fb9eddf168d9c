import type { GraphVersion } from "../../graphVersion";
import { type RetryWhen, sendWithGoBackoff } from "../http/goBackoff";
import type { HttpClient, HttpMethod, HttpResponse } from "../http/httpClient";
import {
  isJsonObject,
  type JsonObject,
  objectsIn,
  parseJsonObject,
  sortedJson,
  textIn,
} from "../http/jsonBody";
import { queryString } from "../http/queryString";
import type { Sleep } from "../http/sleep";
import type { TokenCache } from "../signIn/accessTokens";

/** Microsoft Graph refused a request. The message reads as hashicorp/go-azure-sdk writes it. */
class GraphError extends Error {
  constructor(
    readonly status: number,
    statusText: string,
    readonly detail: string,
  ) {
    super(`unexpected status ${status} (${status} ${statusText}) with error: ${detail}`);
    this.name = "GraphError";
  }
}

/** Whether Graph answered that the object does not exist. */
function isNotFound(error: unknown): boolean {
  return error instanceof GraphError && error.status === 404;
}

/** The parts of Graph's error that retries are decided on: "code: message: inner error…". */
export function errorText(body: string): string {
  const error = parseJsonObject(body)?.["error"];
  if (!isJsonObject(error)) return body;
  const message = isJsonObject(error["message"]) ? error["message"]["value"] : error["message"];
  const inner = isJsonObject(error["innerError"]) ? textIn(error["innerError"]["message"]) : "";
  return [textIn(error["code"]), textIn(message), inner].filter((part) => part !== "").join(": ");
}

const headers = {
  Accept: "application/json; charset=utf-8; IEEE754Compatible=false",
  "Content-Type": "application/json; charset=utf-8",
  "Odata-Version": "4.0",
  "Odata-Maxversion": "4.0",
  "User-Agent": "pulumi-azuread-stand-in",
};

const accepted: Readonly<Record<HttpMethod, readonly number[]>> = {
  GET: [200],
  POST: [200, 201, 202, 204],
  PATCH: [200, 202, 204],
  PUT: [200, 201, 204],
  DELETE: [200, 204],
};

interface RequestOptions {
  readonly retryWhen?: RetryWhen;
  readonly version?: GraphVersion;
}

/** Sends one operation's requests to Microsoft Graph: headers, sign-in, retries and errors as the real plugin's. */
export class GraphClient {
  constructor(
    private readonly connection: {
      readonly client: HttpClient;
      /** Graph's base URL without a version. */
      readonly base: string;
      readonly tokens: TokenCache;
      readonly sleep: Sleep;
    },
    private readonly operation: { readonly deadline: number; readonly signal: AbortSignal },
  ) {}

  /** The URL by which one object refers to another: `<base>/v1.0/directoryObjects/<id>`. */
  directoryObject(id: string): string {
    return `${this.connection.base}/v1.0/directoryObjects/${id}`;
  }

  /** Reads one object. */
  get(
    path: string,
    parameters: Readonly<Record<string, string>> = {},
    version: GraphVersion = "v1.0",
  ): Promise<JsonObject> {
    return this.request("GET", this.url(version, path, parameters));
  }

  /** Reads one object that may not be there. */
  async find(path: string, version: GraphVersion = "v1.0"): Promise<JsonObject | undefined> {
    try {
      return await this.get(path, {}, version);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Reads all pages of a list. */
  async list(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    for (let url: string | undefined = this.url("v1.0", path, parameters); url !== undefined;) {
      const page: JsonObject = await this.request("GET", url);
      found.push(...objectsIn(page["value"]));
      url = textIn(page["@odata.nextLink"]) || undefined;
    }
    return found;
  }

  post(path: string, body: JsonObject, options: RequestOptions = {}): Promise<JsonObject> {
    return this.request("POST", this.url(options.version ?? "v1.0", path), body, options.retryWhen);
  }

  async patch(path: string, body: JsonObject, options: RequestOptions = {}): Promise<void> {
    await this.request("PATCH", this.url(options.version ?? "v1.0", path), body, options.retryWhen);
  }

  async delete(path: string, version: GraphVersion = "v1.0"): Promise<void> {
    await this.request("DELETE", this.url(version, path));
  }

  private url(
    version: GraphVersion,
    path: string,
    parameters: Readonly<Record<string, string>> = {},
  ): string {
    return `${this.connection.base}/${version}${path}${queryString(parameters)}`;
  }

  private async request(
    method: HttpMethod,
    url: string,
    body?: JsonObject,
    retryWhen?: RetryWhen,
  ): Promise<JsonObject> {
    const { client, tokens, sleep } = this.connection;
    const { signal, deadline } = this.operation;
    const authorization = `Bearer ${await tokens.get(signal)}`;
    const response: HttpResponse = await sendWithGoBackoff(
      client,
      {
        method,
        url,
        headers: { ...headers, Authorization: authorization },
        ...(body === undefined ? {} : { body: sortedJson(body) }),
      },
      {
        secondsLeft: (deadline - Date.now()) / 1000,
        signal,
        sleep,
        ...(retryWhen === undefined ? {} : { retryWhen }),
      },
    );
    if (!accepted[method].includes(response.status)) {
      throw new GraphError(response.status, response.statusText, errorText(response.body));
    }
    return parseJsonObject(response.body) ?? {};
  }
}
