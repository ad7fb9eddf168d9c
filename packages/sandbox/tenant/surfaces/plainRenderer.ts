import type { Answer } from "../core/request";
import { statusOfKind, usualCodes, type Refusal } from "../core/refusal";

/** The error envelope `{"error": {"code", "message"}}` without anything around it. */
export function renderPlainRefusal(refusal: Refusal): Answer {
  const { kind, code, message } = refusal.data;
  return { status: statusOfKind[kind], json: { error: { code: code ?? usualCodes[kind], message } } };
}

/** An answer that nobody on the way may keep. */
export function uncachedAnswer(json: unknown): Answer {
  return { status: 200, headers: { "cache-control": "no-store" }, json };
}
