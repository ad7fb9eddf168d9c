import { randomUUID } from "node:crypto";
import { type Answer, type IncomingRequest, type Input, requestTarget } from "../../core/request";
import type { Authorization, Operation } from "../../core/operation";
import { notImplemented } from "../../core/refusal";
import { badRequest } from "../../domain/directoryRefusals";
import type { Directory } from "../../state/directory";
import { type Caller, callerLabel } from "../caller";
import type { Services } from "../services";
import { parseBody } from "./graphBody";
import { authenticate } from "./graphAuthorization";
import { graphHeaders } from "./graphRenderer";

/** A batch needs a token and no permission; each of its requests is judged by itself. */
export type BatchAccess = "each request by itself";

/** Admits whoever has a token. */
export function batchAuthorization(services: Services): Authorization<Directory, BatchAccess, Caller> {
  return { admit: (_access, _directory, input) => authenticate(services, input), label: callerLabel };
}

/** How many requests one batch takes. */
const mostRequests = 20;

/** One request of a batch. */
interface Step {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What comes back of one. */
interface StepAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Several requests in one. Each is answered, logged and hit by faults as if it had come alone; the answers are in another order than the
 * requests, as they may be at Graph. Source: https://learn.microsoft.com/graph/json-batching
 *
 * @param answer answers one request
 */
export function batchOperations(
  answer: (request: IncomingRequest) => Promise<Answer>,
): readonly Operation<Directory, BatchAccess, Caller>[] {
  return [
    {
      id: "graph.batch",
      method: "POST",
      path: "/{version}/$batch",
      access: "each request by itself",
      // What its requests write, they write by themselves.
      effect: "read",
      hidesAnswer: true,
      async handle(_directory, input) {
        const steps = readSteps(input);
        const answers = steps.map(async (step) => {
          const one = await answer(requestOf(step, input));
          return { ...stepAnswer(step, one), isCut: one.cut === true };
        });
        const responses = await Promise.all(answers.reverse());
        return {
          status: 200,
          headers: { ...graphHeaders(input), "content-type": "application/json" },
          json: { responses: responses.map(({ isCut: _isCut, ...response }) => response) },
          ...(responses.some(({ isCut }) => isCut) ? { cut: true as const } : {}),
        };
      },
    },
  ];
}

function readSteps(input: Input): readonly Step[] {
  const { requests } = parseBody(input);
  if (!Array.isArray(requests) || requests.length === 0) {
    throw badRequest("The batch request holds no requests.", "BadRequest");
  }
  if (requests.length > mostRequests) {
    throw badRequest(
      `Number of batch request steps exceeds the maximum value of ${String(mostRequests)}.`,
      "BadRequest",
    );
  }
  const seen = new Set<string>();
  return requests.map((request: unknown): Step => {
    const { id, method, url, headers = {}, body, dependsOn } = record(request);
    if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string") {
      throw badRequest("Every request of a batch needs id, method and url.", "BadRequest");
    }
    if (seen.has(id)) throw badRequest(`Request Id ${id} has to be unique in a batch.`, "BadRequest");
    if (/^https?:|\$batch/i.test(url)) {
      throw badRequest(
        `The url of request ${id} is not relative to the version, or is a batch.`,
        "BadRequest",
      );
    }
    if (dependsOn !== undefined) throw notImplemented("dependsOn in a batch");
    seen.add(id);
    const names = Object.entries(record(headers)).map(([name, value]) => [name.toLowerCase(), String(value)]);
    return {
      id,
      method: method.toUpperCase(),
      url,
      headers: Object.fromEntries(names) as Readonly<Record<string, string>>,
      body,
    };
  });
}

/** The request as if it had come alone, with the batch's own token. */
function requestOf({ method, url, headers, body }: Step, batch: Input): IncomingRequest {
  const requestId = randomUUID();
  return {
    requestId,
    clientRequestId: headers["client-request-id"] ?? requestId,
    method,
    ...requestTarget(`/${batch.version}/${url.replace(/^\//, "")}`),
    headers: { authorization: batch.headers["authorization"], ...headers },
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body), "utf8"),
    base: batch.base,
    now: batch.now,
  };
}

function stepAnswer({ id }: Step, { status, headers = {}, json, bytes }: Answer): StepAnswer {
  const names = Object.entries(headers).map(([name, value]) => [inTrain(name), value]);
  const body = json ?? bytes?.toString("base64");
  return {
    id,
    status,
    headers: Object.fromEntries(names) as Readonly<Record<string, string>>,
    ...(body === undefined ? {} : { body }),
  };
}

/** `Retry-After`: as Graph writes the names of headers inside of a batch. */
function inTrain(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
