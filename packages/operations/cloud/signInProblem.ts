import { messageOf, OperationError } from "../operationError";
import { TransportFailure } from "./transportFailure";

/** Says why the operator could not be signed in, without anything of the request. */
export function explainSignIn(error: unknown, service: string): Error {
  if (error instanceof OperationError || error instanceof TransportFailure) return error;
  return new OperationError(`You could not be signed in to ${service}.`, {
    cause: firstLine(messageOf(error)),
    cure: "Log in with `az login`, or set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET (or ARM_USE_OIDC) as for `pulumi up`.",
    error,
  });
}

/** The number of Entra's error, such as 7000215; undefined when the text has none. Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export function entraErrorNumber(text: string): number | undefined {
  const match = /AADSTS(\d+)/.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** The part of Entra's error that explains: without the ids and times that follow it, which differ each time. */
export function entraErrorText(text: string): string {
  const from = text.indexOf("AADSTS");
  return text
    .slice(Math.max(from, 0))
    .replace(/\s*(Trace ID|Correlation ID|Timestamp):[\s\S]*$/, "")
    .trim();
}

function firstLine(text: string): string {
  return (text.includes("AADSTS") ? entraErrorText(text) : text).split("\n")[0]?.trim() ?? "";
}
