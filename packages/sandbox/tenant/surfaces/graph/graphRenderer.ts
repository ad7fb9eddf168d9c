import type { Answer, IncomingRequest } from "../../core/request";
import { statusOfKind, usualCodes, type Refusal, type RefusalData } from "../../core/refusal";
import { directoryObjectNotFound } from "../../domain/directoryRefusals";

/** Headers that Microsoft Graph puts on every answer. */
export function graphHeaders(request: IncomingRequest): Record<string, string> {
  return {
    "cache-control": "no-cache",
    "strict-transport-security": "max-age=31536000",
    "request-id": request.requestId,
    "client-request-id": request.clientRequestId,
    "x-ms-ags-diagnostic": JSON.stringify({
      ServerInfo: {
        DataCenter: "Sandbox",
        Slice: "E",
        Ring: "1",
        ScaleUnit: "001",
        RoleInstance: "SANDBOX00000001",
      },
    }),
    "x-ms-resource-unit": "1",
  };
}

/** The error envelope of Microsoft Graph; `innerError.date` has neither a zone nor a fraction. */
export function renderGraphRefusal(refusal: Refusal, request: IncomingRequest): Answer {
  const { kind, details } = refusal.data;
  const { code, message } = wording(refusal.data, request);
  return {
    status: statusOfKind[kind],
    headers: { ...graphHeaders(request), "content-type": "application/json" },
    json: {
      error: {
        code,
        message,
        ...(details === undefined
          ? {}
          : { details: details.map((detail) => ({ ...detail, blockedWord: "", prefix: "", suffix: "" })) }),
        innerError: {
          date: request.now.toISOString().slice(0, 19),
          "request-id": request.requestId,
          "client-request-id": request.clientRequestId,
        },
      },
    },
  };
}

/** Graph's code and text for a refusal that has no code of its own. */
function wording(
  data: RefusalData,
  request: IncomingRequest,
): { readonly code: string; readonly message: string } {
  const { kind, code, message } = data;
  if (code !== undefined) return { code, message };
  if (kind === "notFound") {
    const segments = request.path.split("/").filter((segment) => segment !== "" && segment !== "$ref");
    const { data: missing } = directoryObjectNotFound(segments.at(-1) ?? "");
    return { code: missing.code ?? usualCodes.notFound, message: missing.message };
  }
  return { code: kind === "conflict" ? "Directory_ConcurrencyViolation" : usualCodes[kind], message };
}
