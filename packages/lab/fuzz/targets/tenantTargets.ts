import { readFileSync, statSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { connect } from "node:tls";
import * as fc from "fast-check";
import { seed, startTenant, type Tenant } from "entra-sandbox";
import { isMapping } from "dicom-service-client/model";
import {
  assertNoStackTrace,
  type FuzzTarget,
  openTarget,
  type OpenTarget,
  type Reaction,
} from "../fuzzTarget";
import { mutatedBytes } from "../mutatedBytes";
import { mutatedValue } from "../mutatedValue";
import { deeplyNestedJson, hostileText, hostileValue } from "../hostileValues";
import { temporaryFolder } from "./temporaryFolder";
import { validBody } from "./tenantBodies";

interface Row {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly versions: readonly string[];
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** After how many requests the tenant is put back: what succeeds must not pile up. */
const resetAfter = 400;

/** The sandbox tenant's HTTP surface. */
export const tenantTargets: readonly FuzzTarget[] = [
  {
    name: "tenant, requests",
    what: "every operation, with changed paths, queries, headers and bodies, signed in and not. Whatever is refused leaves the state as it was",
    share: 25,
    open: openRequests,
  },
  {
    name: "tenant, bytes",
    what: "a request, changed byte by byte before it is sent. The tenant answers the next one",
    share: 2,
    open: openBytes,
  },
];

async function openRequests(): Promise<OpenTarget> {
  const folder = await temporaryFolder();
  const tenant = await startTenant({ folder: folder.path });
  const client = new Client(tenant);
  const { json } = await tenant.control("GET", "operations");
  const rows = (json as { readonly value: readonly Row[] }).value.filter(
    ({ id }) => id !== "control.clock.set",
  );
  const state = join(folder.path, "tenant.json");
  let tokens = await client.tokens();
  let count = 0;
  return openTarget(
    requests(rows),
    async (sent): Promise<Reaction> => {
      if (++count % resetAfter === 0) {
        await tenant.control("DELETE", "faults");
        await tenant.control("POST", "reset");
        tokens = await client.tokens();
      }
      const before = statSync(state).ino;
      const { authorization, ...headers } = sent.headers;
      const token = tokens[authorization ?? ""] ?? authorization;
      const { status, body } = await client.send({
        ...sent,
        headers: { ...headers, ...(token === undefined ? {} : { authorization: token }) },
      });
      assertNoStackTrace(body);
      if (status >= 500 && status !== 501) {
        throw new Error(`it answers ${status}: ${tenant.requests().at(-1)?.reason ?? body}`);
      }
      if (status < 400) return "accepted";
      if (statSync(state).ino !== before)
        throw new Error(`the state changed, although it answered ${status}`);
      return "refused";
    },
    async () => {
      client.close();
      await tenant.stop();
      await folder.remove();
    },
  );
}

async function openBytes(): Promise<OpenTarget> {
  const tenant = await startTenant();
  const client = new Client(tenant);
  const body = JSON.stringify({ displayName: "x" });
  const valid = `POST /v1.0/applications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
  return openTarget(
    mutatedBytes(Buffer.from(valid)),
    async (bytes): Promise<Reaction> => {
      const answer = await client.sendBytes(bytes);
      assertNoStackTrace(answer);
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 400);
      if (status >= 500 && status !== 501) throw new Error(`it answers ${status}: ${answer}`);
      const health = await client.send({
        method: "GET",
        path: "/metadata/endpoints?api-version=2022-09-01",
        headers: {},
        body: "",
      });
      if (health.status !== 200) throw new Error(`afterwards it answers ${health.status}`);
      return status < 400 ? "accepted" : "refused";
    },
    async () => {
      client.close();
      await tenant.stop();
    },
  );
}

/** Requests for every operation: right in some parts and wrong in others. */
function requests(rows: readonly Row[]): fc.Arbitrary<Sent> {
  const safe = (text: string): string =>
    encodeURIComponent(Buffer.from(text).toString("utf8")).slice(0, 4_000);
  return fc.constantFrom(...rows).chain((row) =>
    fc
      .record({
        method: sometimes(
          row.method,
          fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"),
        ),
        path: pathOf(row, safe),
        query: fc.oneof(
          fc.constant(""),
          fc.constant("?api-version=2022-04-01"),
          fc
            .tuple(
              fc.constantFrom(
                "$filter",
                "$top",
                "$select",
                "$skiptoken",
                "$expand",
                "$count",
                "api-version",
                "x",
              ),
              hostileText,
            )
            .map(([name, value]) => `?${name}=${safe(value)}`),
          fc.constantFrom(
            "?%",
            "?$top=-1",
            "?$top=99999999999",
            "?$filter=appId%20eq%20'",
            "?$filter=((((",
            "?&&==",
            "?$skiptoken=%00",
          ),
        ),
        headers: fc.record({
          authorization: sometimes(
            surfaceToken(row.path),
            fc.constantFrom(
              "graph",
              "arm",
              "vault",
              "dicom",
              "control",
              "Bearer",
              "Bearer x.y.z",
              "Bearer e30.e30.",
              "Basic eDp4",
              "",
            ),
          ),
          "content-type": sometimes(
            row.path.includes("oauth2/v2.0/token")
              ? "application/x-www-form-urlencoded"
              : row.path.startsWith("/dicom")
                ? 'multipart/related; type="application/dicom"; boundary=x'
                : "application/json",
            fc.constantFrom("text/plain", "multipart/related", "application/x-www-form-urlencoded", "x", ""),
          ),
        }),
        body: bodyOf(row),
      })
      .map(({ path, query, ...others }) => ({ ...others, path: `${path}${query}` })),
  );
}

function sometimes(usual: string, other: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, other);
}

function pathOf(row: Row, safe: (text: string) => string): fc.Arbitrary<string> {
  const known: Readonly<Record<string, readonly string[]>> = {
    version: row.versions,
    tenant: [seed.tenantId, "common"],
    applicationId: [seed.pipeline.objectId],
    servicePrincipalId: [seed.pipeline.servicePrincipalId],
    userId: [seed.adminUserId],
    objectId: [seed.pipeline.objectId, seed.adminUserId],
    subscriptionId: [seed.subscriptionId],
    namespace: ["Microsoft.HealthcareApis"],
    vaultName: [seed.keyVault],
    service: [`${seed.workspace}-${seed.dicomService}`],
    "scope+": [
      `subscriptions/${seed.subscriptionId}`,
      `subscriptions/${seed.subscriptionId}/resourceGroups/${seed.resourceGroup}`,
    ],
  };
  const segments = row.path.split("/").map((segment): fc.Arbitrary<string> => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) return fc.constant(segment);
    const right = known[name] ?? ["3f1c5ad6-6d4b-4f0e-8d0a-0e7b8c1d2e3f"];
    return fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...right) },
      hostileText.map(safe),
      fc.constantFrom("%", "%zz", "x('y')", "..", "%2e%2e"),
    );
  });
  return fc.tuple(...segments).map((parts) => parts.join("/") || "/");
}

function surfaceToken(path: string): string {
  if (path.startsWith("/_sandbox")) return "control";
  if (path.startsWith("/vault")) return "vault";
  if (path.startsWith("/dicom")) return "dicom";
  return path.startsWith("/{version}") ? "graph" : "arm";
}

function bodyOf(row: Row): fc.Arbitrary<string> {
  if (row.method === "GET") return fc.oneof({ weight: 9, arbitrary: fc.constant("") }, hostileText);
  if (row.path.includes("oauth2/v2.0/token")) {
    return mutatedValue(validBody(row.id)).map((value) =>
      new URLSearchParams(
        Object.entries(isMapping(value) ? value : {}).map(([key, inner]): [string, string] => [
          key,
          String(JSON.stringify(inner) ?? "").replace(/^"|"$/g, ""),
        ]),
      ).toString(),
    );
  }
  return fc.oneof(
    { weight: 8, arbitrary: mutatedValue(validBody(row.id)).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: hostileValue.map((value) => JSON.stringify(value)) },
    hostileText,
    deeplyNestedJson,
    fc.constantFrom(
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      "{",
      '{"a":1,"a":2}',
      "\ufeff{}",
      "--x\r\nContent-Type: application/dicom\r\n\r\nDICM\r\n--x--",
      "--x--",
    ),
  );
}

/** Sends requests over connections that are kept open. */
class Client {
  private readonly agent: Agent;
  private readonly ca: Buffer;

  constructor(private readonly tenant: Tenant) {
    this.ca = readFileSync(tenant.caFile);
    this.agent = new Agent({ keepAlive: true, ca: this.ca, maxSockets: 4 });
  }

  /** What signs in at each surface, by the surface's name. */
  async tokens(): Promise<Readonly<Record<string, string>>> {
    const admin = async (resource: string): Promise<string> => {
      const { json } = await this.tenant.control("POST", "token", { resource });
      return `Bearer ${(json as { readonly access_token: string }).access_token}`;
    };
    const pipeline = async (resource: string): Promise<string> => {
      const { body } = await this.send({
        method: "POST",
        path: `/${seed.tenantId}/oauth2/v2.0/token`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: seed.pipeline.appId,
          client_secret: this.tenant.environment["ARM_CLIENT_SECRET"] ?? "",
          scope: `${resource}/.default`,
        }).toString(),
      });
      return `Bearer ${(JSON.parse(body) as { readonly access_token: string }).access_token}`;
    };
    return {
      graph: await admin("graph"),
      arm: await admin("arm"),
      vault: await pipeline("https://vault.azure.net"),
      dicom: await pipeline("https://dicom.healthcareapis.azure.com"),
    };
  }

  send({ method, path, headers, body }: Sent): Promise<{ readonly status: number; readonly body: string }> {
    const bytes = Buffer.from(body);
    const options = { method, agent: this.agent, headers: { ...headers, "content-length": bytes.length } };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(`${this.tenant.url}/`), { ...options, path }, (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(bytes);
    });
  }

  /** Sends bytes and ends the connection. @returns what came back; empty when it was only closed */
  sendBytes(bytes: Buffer): Promise<string> {
    return new Promise((resolve) => {
      let answer = "";
      const socket = connect(
        {
          host: "127.0.0.1",
          port: Number(new URL(this.tenant.url).port),
          ca: this.ca,
          servername: "localhost",
        },
        () => {
          socket.end(bytes);
        },
      );
      socket.on("data", (part: Buffer) => (answer += part.toString("latin1")));
      // A connection that is reset is as good an answer to nonsense as one that is closed.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        resolve(answer);
      });
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
