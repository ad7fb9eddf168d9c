import { isMapping } from "dicom-service-client/model";
import { HttpTransport, type HttpAnswer } from "../cloud/httpTransport";
import { parsedJson } from "../cloud/parsedJson";
import { sendWithRetry } from "../cloud/retry";
import type { Console } from "../console/console";
import { OperationError } from "../operationError";

/** A request of GitHub's or Azure DevOps' REST API. */
export interface ReportingRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Whole address. */
  readonly url: string;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** What a refusal may lack, in words. */
  readonly needs: string;
  /** Statuses that are an answer, too. */
  readonly accepted?: readonly number[];
}

/** The way to where findings are reported. */
export class ReportingClient {
  private constructor(
    private readonly headers: Readonly<Record<string, string>>,
    private readonly transport: HttpTransport,
    private readonly console: Console,
  ) {}

  /** Opens the way, lets it be used and closes it again. */
  static async use<T>(
    token: string,
    { env, console, accept }: { env: NodeJS.ProcessEnv; console: Console; accept: string },
    work: (client: ReportingClient) => Promise<T>,
  ): Promise<T> {
    const transport = new HttpTransport(env, console.signal);
    try {
      const headers = { accept, authorization: `Bearer ${token}`, "user-agent": "dicom-ops" };
      return await work(new ReportingClient(headers, transport, console));
    } finally {
      transport.close();
    }
  }

  /** @throws OperationError when it is refused */
  async send({
    method,
    url,
    body,
    contentType = "application/json",
    needs,
    accepted = [],
  }: ReportingRequest): Promise<HttpAnswer> {
    const send = (): Promise<HttpAnswer> =>
      this.transport.send({
        method,
        url,
        headers: { ...this.headers, ...(body === undefined ? {} : { "content-type": contentType }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    // What creates something is not sent twice: the first may have been done although its answer was lost.
    const answer = method === "POST" ? await send() : await sendWithRetry(send, this.console);
    if ((answer.status >= 200 && answer.status < 300) || accepted.includes(answer.status)) return answer;
    throw new OperationError(`${new URL(url).host} refuses ${method} ${new URL(url).pathname}.`, {
      cause: `It answers ${answer.status}: ${messageIn(answer.body)}`,
      cure: `The token of the step needs ${needs}.`,
    });
  }

  /** @throws OperationError when it is refused, or the answer is no JSON */
  async json(request: ReportingRequest): Promise<unknown> {
    const { body } = await this.send(request);
    const answer = parsedJson(body);
    if (answer !== undefined) return answer;
    // Azure DevOps answers a token that it does not know with a page to sign in on.
    throw new OperationError(`${new URL(request.url).host} answered with something other than JSON.`, {
      cure: `The token of the step needs ${request.needs}.`,
    });
  }
}

function messageIn(body: string): string {
  const answer = parsedJson(body);
  const message = isMapping(answer) ? answer["message"] : undefined;
  return typeof message === "string" ? message : body.slice(0, 200);
}
