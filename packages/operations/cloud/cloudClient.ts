import type { TokenCredential } from "@azure/identity";
import pLimit from "p-limit";
import type { Console } from "../console/console";
import type { CloudCall } from "./call";
import { calls } from "./calls";
import { callAddress, type CallParameters } from "./callAddress";
import type { CloudEndpoints } from "./cloudEndpoints";
import type { HttpAnswer, HttpTransport } from "./httpTransport";
import { GraphBatch } from "./graphBatch";
import { parallelBatches, parallelRequests, sendWithRetry } from "./retry";
import { RefusedCall } from "./refusedCall";
import { explainSignIn } from "./signInProblem";
import { claimsOfToken } from "./tokenClaims";

/** Sends registered calls to Microsoft Graph and Azure Resource Manager as the operator's identity. */
export class CloudClient {
  private readonly limit: ReturnType<typeof pLimit>;
  /** By the address that their requests have in common. */
  private readonly batches: ReadonlyMap<string, GraphBatch>;

  /** @param grouping whether reads of Microsoft Graph go together in batches, for those who make many */
  constructor(
    readonly endpoints: CloudEndpoints,
    private readonly credential: TokenCredential,
    private readonly transport: HttpTransport,
    private readonly console: Console,
    grouping: "single" | "batched" = "single",
  ) {
    this.limit = pLimit(grouping === "batched" ? parallelBatches : parallelRequests);
    const bases = ["v1.0", "beta"].map((version) => `${endpoints.graph}/${version}`);
    this.batches = new Map(
      (grouping === "single" ? [] : bases).map((base) => [
        base,
        new GraphBatch(
          {
            one: (path) => this.send(calls.application, `${base}${path}`),
            batch: (body) => this.send(calls.batch, `${base}/$batch`, body),
          },
          console.clock,
          (line) => {
            console.note(line);
          },
        ),
      ]),
    );
  }

  /** The same, with the reads of Microsoft Graph in batches. */
  batched(): CloudClient {
    return new CloudClient(this.endpoints, this.credential, this.transport, this.console, "batched");
  }

  /**
   * Reads one object.
   *
   * @throws RefusedCall, TransportFailure, or OperationError when the operator cannot be signed in
   */
  async read(call: CloudCall, parameters: CallParameters = {}): Promise<unknown> {
    return (await this.get(call, this.addressOf(call, parameters))).json;
  }

  /** Reads a collection with all its pages; throws as {@link read} does, so half a collection is never taken for the whole. */
  async readAll(call: CloudCall, parameters: CallParameters = {}): Promise<readonly unknown[]> {
    return (await this.readAllDated(call, parameters)).items;
  }

  /**
   * The same, with the service's own time.
   *
   * @returns when the first page was answered, by the clock of who answered; undefined when that was not said
   */
  async readAllDated(
    call: CloudCall,
    parameters: CallParameters = {},
  ): Promise<{ readonly items: readonly unknown[]; readonly answeredAt: Date | undefined }> {
    const items: unknown[] = [];
    let answeredAt: Date | undefined;
    let address: string | undefined = this.addressOf(call, parameters);
    for (let isFirst = true; address !== undefined; isFirst = false) {
      const { headers, json } = await this.get(call, address);
      const page = json as Record<string, unknown>;
      if (isFirst) answeredAt = dateOf(headers);
      const { value } = page;
      if (!Array.isArray(value)) throw new RefusedCall(call, 200, "", "the response holds no collection");
      items.push(...(value as readonly unknown[]));
      const next: unknown = page["@odata.nextLink"] ?? page["nextLink"];
      address = typeof next === "string" && next !== "" ? this.sameOrigin(call, next) : undefined;
    }
    return { items, answeredAt };
  }

  /**
   * Changes something.
   *
   * @throws RefusedCall, TransportFailure, or OperationError when the operator cannot be signed in
   */
  async change(call: CloudCall, parameters: CallParameters, body: object): Promise<void> {
    const answer = await this.send(call, this.addressOf(call, parameters), JSON.stringify(body));
    if (answer.status < 200 || answer.status > 299) throw RefusedCall.of(call, answer);
  }

  /** Object id of whoever is signed in, as the token says. */
  async ownObjectId(): Promise<string> {
    const { oid } = claimsOfToken(await this.token(calls.appRoles));
    return typeof oid === "string" ? oid : "";
  }

  private addressOf(call: CloudCall, parameters: CallParameters): string {
    return callAddress(call, this.baseOf(call), parameters);
  }

  private baseOf({ service, version }: CloudCall): string {
    if (service !== "graph") return this.endpoints.resourceManager;
    return `${this.endpoints.graph}/${version ?? "v1.0"}`;
  }

  /** A token is never sent to another host than the one it is for, wherever a link points. */
  private sameOrigin(call: CloudCall, link: string): string {
    if (!URL.canParse(link) || new URL(link).origin !== new URL(this.baseOf(call)).origin) {
      throw new RefusedCall(call, 200, "", "the next page is on another host");
    }
    return link;
  }

  private async get(
    call: CloudCall,
    address: string,
  ): Promise<{ readonly json: unknown; readonly headers: HttpAnswer["headers"] }> {
    const base = this.baseOf(call);
    const batch =
      call.method === "GET" && address.startsWith(`${base}/`) ? this.batches.get(base) : undefined;
    const answer = batch ? await batch.get(address.slice(base.length)) : await this.send(call, address);
    if (answer.status < 200 || answer.status > 299) throw RefusedCall.of(call, answer);
    try {
      return { json: JSON.parse(answer.body) as unknown, headers: answer.headers };
    } catch {
      throw new RefusedCall(
        call,
        answer.status,
        "",
        "the response is not JSON; it may come from something in between",
      );
    }
  }

  private send(call: CloudCall, address: string, body?: string): Promise<HttpAnswer> {
    return this.limit(() => sendWithRetry(() => this.sendOnce(call, address, body), this.console));
  }

  private async sendOnce(call: CloudCall, address: string, body?: string): Promise<HttpAnswer> {
    return this.transport.send({
      method: call.method,
      url: address,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${await this.token(call)}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  private async token({ service }: CloudCall): Promise<string> {
    const { scope, name } = this.audienceOf(service);
    try {
      return (await this.credential.getToken(scope))?.token ?? "";
    } catch (error) {
      throw explainSignIn(error, name);
    }
  }

  private audienceOf(service: CloudCall["service"]): { readonly scope: string; readonly name: string } {
    const { graphScope, resourceManagerScope, vaultScope } = this.endpoints;
    switch (service) {
      case "graph":
        return { scope: graphScope, name: "Microsoft Graph" };
      case "vault":
        return { scope: vaultScope, name: "the key vault" };
      case "resourceManager":
      case "metadata":
      case "dicom":
        return { scope: resourceManagerScope, name: "Azure Resource Manager" };
    }
  }
}

function dateOf(headers: HttpAnswer["headers"]): Date | undefined {
  const time = Date.parse(headers["date"] ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
