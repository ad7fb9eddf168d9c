import type { Answer } from "../core/request";
import { statusOfKind, usualCodes, type Refusal } from "../core/refusal";

/** The error envelope `{"error": {"code", "message"}}` without anything around it. */
export function renderPlainRefusal(refusal: Refusal): Answer {
  const { kind, code, message } = refusal.data;
  return { status: statusOfKind[kind], json: { error: { code: code ?? usualCodes[kind], message } } };
}
