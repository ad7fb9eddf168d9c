/** The steps from a credential to data, in their order. */
export type Stage =
  | "credential"
  | "token"
  | "claims"
  | "service"
  | "role"
  | "search"
  | "change-feed"
  | "store"
  | "delete"
  | "query-tags"
  | "export";

/** Whether a stage calls the DICOM service as the client. */
function isOfData(stage: Stage): boolean {
  return !["credential", "token", "claims", "service", "role"].includes(stage);
}

/** What stands in the way; each has a cause and a cure of its own. */
export type VerificationProblem =
  | "not-deployed"
  | "not-published"
  | "unreadable"
  | "not-declared"
  | "wrong-secret"
  | "expired-secret"
  | "unregistered-certificate"
  | "unsupported-key"
  | "unmatched-federated-token"
  | "unknown-application"
  | "disabled-application"
  | "missing-resource-api"
  | "unknown-tenant"
  | "refused-by-policy"
  | "wrong-claims"
  | "wrong-audience"
  | "no-role"
  | "role-not-effective"
  | "forbidden"
  | "more-than-declared"
  | "no-such-service"
  | "no-public-access"
  | "no-partitions"
  | "no-such-partition"
  | "host-not-found"
  | "unreachable"
  | "tls"
  | "proxy"
  | "busy"
  | "unexpected";

/** How a stage went. */
export interface StageResult {
  readonly stage: Stage;
  /** The DICOM service's address, of stages that are about one. */
  readonly service?: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly problem?: VerificationProblem;
  /** What was found. */
  readonly detail: string;
  /** What to do, when something is to be done. */
  readonly cure?: string;
}

/** The stages of one credential. */
export interface CredentialVerification {
  readonly kind: "secret" | "certificate" | "federated" | "managed-identity";
  /** `current` or `previous` of a secret, object id of a managed identity, name of any other. */
  readonly name: string;
  readonly keyId: string | null;
  /** Whether a token was asked for with it. */
  readonly tried: boolean;
  readonly stages: readonly StageResult[];
}

/** The credentials of one client. */
export interface ClientVerification {
  readonly name: string;
  readonly clientId: string | null;
  /** `untried`: nothing has failed, and there was nothing to ask for a token with, or no service to call with it. */
  readonly verdict: "works" | "fails" | "untried";
  readonly credentials: readonly CredentialVerification[];
}

/** What `verify` says of a stack; its JSON has exactly this form. */
export interface Verification {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  /** Whether every client that was verified got to the end with at least one credential, and nothing has failed. */
  readonly works: boolean;
  readonly clients: readonly ClientVerification[];
  /** Names of the stack's other clients, of which nothing was tried. */
  readonly notChosen: readonly string[];
}

/** What the credentials of a client say about it. */
export function verdictOf(credentials: readonly CredentialVerification[]): ClientVerification["verdict"] {
  const outcomes = credentials.flatMap(({ stages }) => stages.map(({ outcome }) => outcome));
  if (outcomes.includes("failed")) return "fails";
  const isProved = credentials.some(({ stages }) =>
    stages.some(({ stage, outcome }) => outcome === "passed" && isOfData(stage)),
  );
  return isProved ? "works" : "untried";
}

export function passed(stage: Stage, detail: string, service?: string): StageResult {
  return { stage, ...ofService(service), outcome: "passed", detail };
}

export function skipped(stage: Stage, detail: string, service?: string): StageResult {
  return { stage, ...ofService(service), outcome: "skipped", detail };
}

export function failed(
  stage: Stage,
  problem: VerificationProblem,
  detail: string,
  cure: string,
  service?: string,
): StageResult {
  return { stage, ...ofService(service), outcome: "failed", problem, detail, cure };
}

function ofService(service: string | undefined): { readonly service?: string } {
  return service === undefined ? {} : { service };
}
