import type { TransportFailure } from "../cloud/transportFailure";
import { failed, type VerificationProblem, type Stage, type StageResult } from "./verification";

const problems: Readonly<Record<TransportFailure["kind"], VerificationProblem>> = {
  "host-not-found": "host-not-found",
  refused: "unreachable",
  timeout: "unreachable",
  dropped: "unreachable",
  tls: "tls",
  proxy: "proxy",
};

/** A stage that no answer came in. */
export function transportProblem(stage: Stage, failure: TransportFailure, service?: string): StageResult {
  return failed(stage, problems[failure.kind], failure.message, failure.cure, service);
}

/** A stage that was answered by something in between. */
export function interceptedAnswer(stage: Stage, host: string, status: number, service?: string): StageResult {
  return failed(
    stage,
    "proxy",
    `The response of ${host} (${status}) does not come from the service.`,
    "A proxy or a sign-in page is in between: let it pass requests to this host, or set it in HTTPS_PROXY.",
    service,
  );
}

/** A stage that was answered by a service which is busy, also when it was asked again. */
export function busyService(stage: Stage, status: number, service?: string): StageResult {
  return failed(
    stage,
    "busy",
    `The service is busy (${status}), even after several attempts.`,
    "Try again later.",
    service,
  );
}
