import type { Answer, Call } from "../../core/exchange";
import { statusOfKind, type Refusal } from "../../core/refusal";

/** Headers that Microsoft Graph puts on every answer. */
export function graphHeaders(call: Call): Record<string, string> {
  return {
    "cache-control": "no-cache",
    "strict-transport-security": "max-age=31536000",
    "request-id": call.requestId,
    "client-request-id": call.clientRequestId,
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
export function renderGraphRefusal(refusal: Refusal, call: Call): Answer {
  const { kind, code, message, details } = refusal.data;
  return {
    status: statusOfKind[kind],
    headers: { ...graphHeaders(call), "content-type": "application/json" },
    json: {
      error: {
        code,
        message,
        ...(details === undefined
          ? {}
          : { details: details.map((detail) => ({ ...detail, blockedWord: "", prefix: "", suffix: "" })) }),
        innerError: {
          date: call.now.toISOString().slice(0, 19),
          "request-id": call.requestId,
          "client-request-id": call.clientRequestId,
        },
      },
    },
  };
}
