import type { Answer, IncomingRequest } from "../../core/request";
import { statusOfKind, usualCodes, type Refusal } from "../../core/refusal";

/** Headers that Azure Resource Manager puts on every answer. */
function armHeaders(request: IncomingRequest): Record<string, string> {
  return {
    "cache-control": "no-cache",
    "x-ms-request-id": request.requestId,
    "x-ms-correlation-request-id": request.headers["x-ms-correlation-request-id"] ?? request.requestId,
    "strict-transport-security": "max-age=31536000; includeSubDomains",
  };
}

export function armAnswer(request: IncomingRequest, status: number, json?: unknown): Answer {
  return { status, headers: armHeaders(request), ...(json === undefined ? {} : { json }) };
}

/** The error envelope of Azure Resource Manager. */
export function renderArmRefusal(refusal: Refusal, request: IncomingRequest): Answer {
  const { kind, code, message } = refusal.data;
  return armAnswer(request, statusOfKind[kind], { error: { code: code ?? usualCodes[kind], message } });
}
