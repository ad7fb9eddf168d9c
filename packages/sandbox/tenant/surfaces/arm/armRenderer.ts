import type { Answer, Call } from "../../core/exchange";
import { statusOfKind, usualCodes, type Refusal } from "../../core/refusal";

/** Headers that Azure Resource Manager puts on every answer. */
function armHeaders(call: Call): Record<string, string> {
  return {
    "cache-control": "no-cache",
    "x-ms-request-id": call.requestId,
    "x-ms-correlation-request-id": call.headers["x-ms-correlation-request-id"] ?? call.requestId,
    "strict-transport-security": "max-age=31536000; includeSubDomains",
  };
}

export function armAnswer(call: Call, status: number, json?: unknown): Answer {
  return { status, headers: armHeaders(call), ...(json === undefined ? {} : { json }) };
}

/** The error envelope of Azure Resource Manager. */
export function renderArmRefusal(refusal: Refusal, call: Call): Answer {
  const { kind, code, message } = refusal.data;
  return armAnswer(call, statusOfKind[kind], { error: { code: code ?? usualCodes[kind], message } });
}
