import type { Console } from "../console/console";
import type { Call } from "../cloud/call";
import { callAddress } from "../cloud/callAddress";
import { calls } from "../cloud/calls";
import type { HttpAnswer, HttpTransport } from "../cloud/httpTransport";
import { isTransient, sendWithRetry } from "../cloud/retry";
import { TransportFailure } from "../cloud/transportFailure";
import type { DicomTarget } from "./dicomReach";
import type { RoleFinding } from "./roleStage";
import type { SyntheticInstance } from "./syntheticInstance";
import { busyService, interceptedAnswer, transportProblem } from "./transportProblem";
import { failed, passed, skipped, type Stage, type StageResult } from "./verification";

/** A DICOM service, called as a client. */
export interface DicomCaller {
  readonly target: DicomTarget;
  /** The client's token. */
  readonly token: string;
  readonly transport: HttpTransport;
  readonly console: Console;
  readonly role: RoleFinding;
  /** How many seconds to wait for a role to take effect. */
  readonly wait: number;
}

/** How long a DICOM service remembers decisions, in seconds. Source: https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac */
export const roleCacheSeconds = 300;
const pollSeconds = 10;
/**
 * Failure reason of an instance that is there already. Source: DICOM conformance statement of Azure Health Data Services, "Store
 * response", https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-services-conformance-statement-v2
 */
const alreadyStored = 45070;

/** Searches for studies (QIDO-RS), which needs a role that may read. */
export async function searchStage(caller: DicomCaller): Promise<StageResult> {
  return serviceStage(
    caller,
    "search",
    calls.searchStudies,
    "read",
    () => ({
      headers: { accept: "application/dicom+json" },
    }),
    ({ status }) =>
      status === 200 || status === 204
        ? passed(
            "search",
            status === 204 ? "The search succeeded; it found no study." : "The search succeeded.",
            caller.target.url,
          )
        : undefined,
  );
}

/** Stores an invented instance (STOW-RS), which needs a role that may write. */
export async function storeStage(caller: DicomCaller, instance: SyntheticInstance): Promise<StageResult> {
  const { url } = caller.target;
  if (caller.role.allows?.write === false) {
    return failed(
      "store",
      "no-role",
      "None of its Azure roles allows storing.",
      "Give it the role owner (DICOM Data Owner) under access, or verify without --write.",
      url,
    );
  }
  const boundary = "verify-instance";
  return serviceStage(
    caller,
    "store",
    calls.storeInstance,
    "write",
    () => ({
      headers: {
        accept: "application/dicom+json",
        "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
      },
      body: Buffer.concat([
        Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
        instance.file,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]),
    }),
    ({ status, body }) => {
      const reason = failureReason(body);
      // The instance is new with every run, so an attempt before has stored it and its answer was lost.
      if (status === 200 || (status === 409 && reason === alreadyStored)) {
        return passed(
          "store",
          `An invented instance is stored in the study ${instance.studyInstanceUid}; delete that study when it is no longer needed.`,
          url,
        );
      }
      if (status !== 202 && status !== 409) return undefined;
      return failed(
        "store",
        "unexpected",
        `The service has not stored the instance${reason === undefined ? "" : ` (failure reason ${reason})`}.`,
        "See the failure reasons in the DICOM conformance statement of Azure Health Data Services.",
        url,
      );
    },
  );
}

async function serviceStage(
  caller: DicomCaller,
  stage: Stage,
  call: Call,
  right: "read" | "write",
  content: () => { readonly headers: Readonly<Record<string, string>>; readonly body?: Uint8Array },
  accept: (answer: HttpAnswer) => StageResult | undefined,
): Promise<StageResult> {
  const { target, token, transport, console, role, wait } = caller;
  const send = (): Promise<HttpAnswer> => {
    const { headers, body } = content();
    return sendWithRetry(
      () =>
        transport.send({
          method: call.method,
          url: callAddress(call, "", { serviceUrl: target.url }),
          headers: { ...headers, authorization: `Bearer ${token}` },
          ...(body === undefined ? {} : { body }),
        }),
      console.clock,
      (line) => {
        console.note(line);
      },
    );
  };
  try {
    let answer = await send();
    const mayWait = role.allows?.[right] !== false;
    for (let waited = 0; answer.status === 403 && mayWait && waited < wait; waited += pollSeconds) {
      console.note(`Waiting for the role on ${target.url} to take effect: ${waited} of up to ${wait} s`);
      await console.clock.sleep(pollSeconds * 1000);
      answer = await send();
    }
    return accept(answer) ?? refusal(answer, stage, caller, right);
  } catch (error) {
    if (error instanceof TransportFailure) return transportProblem(stage, error, target.url);
    throw error;
  }
}

function refusal(
  answer: HttpAnswer,
  stage: Stage,
  caller: DicomCaller,
  right: "read" | "write",
): StageResult {
  const { target, role, wait } = caller;
  const { url } = target;
  const host = new URL(url).host;
  const { status } = answer;
  if (status === 407 || /^\s*<(!doctype|html)/i.test(answer.body))
    return interceptedAnswer(stage, host, status, url);
  if (status === 401) {
    return failed(
      stage,
      "wrong-audience",
      "The service does not accept the token (401): it is for another audience or from another tenant.",
      "Compare api.audience with the service's own: `az resource show --ids <DICOM service> --query properties.authenticationConfiguration`.",
      url,
    );
  }
  if (status === 403) {
    const allowed = role.allows?.[right];
    if (allowed === false) {
      return failed(
        stage,
        "no-role",
        "The service refuses the client (403), as it has no role that allows this.",
        "Run pulumi up, which assigns the roles that the configuration has under access.",
        url,
      );
    }
    return allowed === true
      ? failed(
          stage,
          "role-not-effective",
          `The service refuses the client (403), although it has the role${wait > 0 ? `; waited ${wait} s` : ""}.`,
          "A new role can take up to five minutes to take effect: run it again with --wait. If it persists, the service may only allow access from certain networks.",
          url,
        )
      : failed(
          stage,
          "forbidden",
          "The service refuses the client (403): it has no role here, or the role has not taken effect yet.",
          "Run it again with --wait; if it persists, run pulumi preview to see whether the role is gone.",
          url,
        );
  }
  if (status === 404) {
    return failed(
      stage,
      "no-such-service",
      `${host} answers, but there is no such DICOM service (404).`,
      "Check under access that the names of workspace and service are right, and that the service has not been deleted.",
      url,
    );
  }
  if (isTransient(status)) return busyService(stage, status, url);
  return failed(
    stage,
    "unexpected",
    `The service answers ${status}.`,
    "Check the service's diagnostic logs.",
    url,
  );
}

/** Failure reason of the first instance that was not stored, as DICOM JSON has it. */
function failureReason(body: string): number | undefined {
  try {
    const answer = JSON.parse(body) as {
      "00081198"?: { Value?: { "00081197"?: { Value?: number[] } }[] };
    };
    return answer["00081198"]?.Value?.[0]?.["00081197"]?.Value?.[0];
  } catch {
    return undefined;
  }
}

/** A service that is not called, because what is needed for it is missing. */
export function notCalled(stage: Stage, target: DicomTarget): StageResult {
  return skipped(stage, "Not tried without a token.", target.url);
}
