import type { HttpClient, HttpMethod, HttpResponse } from "../http/httpClient";
import { isJsonObject, type JsonObject, parseJsonObject, textIn } from "../http/jsonBody";
import { queryString } from "../http/queryString";
import type { Sleep } from "../http/sleep";
import type { TokenCache } from "../signIn/accessTokens";

/** Azure Resource Manager, or a vault, refused a request. The message reads as pulumi-azure-native writes it. */
class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
  ) {
    super(`Status=${status} Code="${code}" Message="${text}"`);
    this.name = "ArmError";
  }
}

// Retries of the Azure SDK for Go as pulumi-azure-native 3 sets them up (provider/pkg/azure/client_azcore.go).
const retries = 3;
const firstWaitSeconds = 20;
const longestWaitSeconds = 120;
const retried: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

function waitSeconds(retry: number, response: HttpResponse | undefined): number {
  const retryAfter = response?.headers["retry-after"];
  if (retryAfter !== undefined && /^\d+$/.test(retryAfter)) return Number(retryAfter);
  return Math.min(firstWaitSeconds * (2 ** (retry + 1) - 1), longestWaitSeconds);
}

function armError(response: HttpResponse): ArmError {
  const error = parseJsonObject(response.body)?.["error"];
  const details = isJsonObject(error) ? error : {};
  return new ArmError(
    response.status,
    textIn(details["code"]),
    textIn(details["message"]) || `${response.status} ${response.statusText}`,
  );
}

/** One operation's requests to Azure Resource Manager, or to another service with tokens of its own. */
export class ArmClient {
  constructor(
    private readonly connection: {
      readonly client: HttpClient;
      /** Base URL without a trailing slash. */
      readonly base: string;
      readonly tokens: TokenCache;
      readonly sleep: Sleep;
    },
    private readonly operation: { readonly deadline: number; readonly signal: AbortSignal },
  ) {}

  /** Reads one object; undefined when it does not exist. */
  async find(id: string, apiVersion: string): Promise<JsonObject | undefined> {
    const response = await this.send("GET", id, apiVersion);
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw armError(response);
    return parseJsonObject(response.body) ?? {};
  }

  /** Reads one object; a missing one is an error. */
  async get(id: string, apiVersion: string): Promise<JsonObject> {
    const response = await this.send("GET", id, apiVersion);
    if (response.status !== 200) throw armError(response);
    return parseJsonObject(response.body) ?? {};
  }

  /**
   * Refuses to go on when the object exists: a PUT would take it over. An answer of 200 without a body, or
   * of 204, counts as "does not exist".
   */
  async requireAbsence(id: string, apiVersion: string): Promise<void> {
    const response = await this.send("GET", id, apiVersion);
    if (response.status === 404 || response.status === 204) return;
    if (response.status !== 200) {
      throw new Error(
        `cannot check existence of resource '${id}': status code ${response.status}, ${response.body}`,
      );
    }
    if (Object.keys(parseJsonObject(response.body) ?? {}).length > 0) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
  }

  async put(id: string, apiVersion: string, body: JsonObject): Promise<JsonObject> {
    const response = await this.send("PUT", id, apiVersion, body);
    if (![200, 201, 202].includes(response.status)) throw armError(response);
    return parseJsonObject(response.body) ?? {};
  }

  /** Deletes an object; it is fine when there is none. */
  async delete(id: string, apiVersion: string): Promise<void> {
    const response = await this.send("DELETE", id, apiVersion);
    if (![200, 202, 204, 404].includes(response.status)) throw armError(response);
  }

  private async send(
    method: HttpMethod,
    id: string,
    apiVersion: string,
    body?: JsonObject,
  ): Promise<HttpResponse> {
    const { client, base, tokens, sleep } = this.connection;
    const { signal, deadline } = this.operation;
    const headers = {
      Accept: "application/json",
      "User-Agent": "pulumi-azure-native-stand-in",
      Authorization: `Bearer ${await tokens.get(signal)}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" }),
    };
    const url = `${base}${id}${queryString({ "api-version": apiVersion })}`;
    for (let retry = 0; ; retry += 1) {
      const outcome = await client
        .send({ method, url, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }, signal)
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      const response = outcome instanceof Error ? undefined : outcome;
      if (response !== undefined && !retried.has(response.status)) return response;
      const wait = waitSeconds(retry, response) * 1000;
      const isLast = retry >= retries || signal.aborted || Date.now() + wait > deadline;
      if (isLast && outcome instanceof Error) throw outcome;
      if (isLast && response !== undefined) return response;
      await sleep(wait, signal);
    }
  }
}
