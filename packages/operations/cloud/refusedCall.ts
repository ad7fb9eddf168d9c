import { isMapping } from "dicom-service-client/model";
import type { CloudCall } from "./call";
import type { HttpAnswer } from "./httpTransport";
import { parsedJson } from "./parsedJson";

/** A service has refused a call. */
export class RefusedCall extends Error {
  override readonly name = "RefusedCall";

  constructor(
    readonly call: CloudCall,
    readonly status: number,
    /** The service's own code, such as `Authorization_RequestDenied`; "" when it gave none. */
    readonly code: string,
    /** The service's own words, in one line; "" when it gave none. */
    readonly said: string,
  ) {
    super(`${call.name}: ${status}${code === "" ? "" : ` ${code}`}${said === "" ? "" : `: ${said}`}`);
  }

  /** Reads the refusal out of an answer in the form of Microsoft Graph or Azure Resource Manager. */
  static of(call: CloudCall, answer: HttpAnswer): RefusedCall {
    const error = errorOf(answer.body);
    return new RefusedCall(call, answer.status, error.code, error.message);
  }

  get isThrottled(): boolean {
    return this.status === 429;
  }

  /** Whether the query is not understood, such as a filter that Microsoft Graph does not support for these objects. */
  get isAboutQuery(): boolean {
    return this.status === 400 || this.status === 501;
  }

  get isDenied(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

function errorOf(body: string): { readonly code: string; readonly message: string } {
  const answer = parsedJson(body);
  const error = isMapping(answer) && isMapping(answer["error"]) ? answer["error"] : {};
  const { code, message } = error;
  return {
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" ? message.replace(/\s+/g, " ").trim() : "",
  };
}
