import { callAddress } from "../cloud/callAddress";
import { calls } from "../cloud/calls";
import { word } from "../cloud/graphRequest";
import type { HttpAnswer, HttpTransport } from "../cloud/httpTransport";
import type { CloudCall } from "../cloud/call";
import { isTransient, sendWithRetry } from "../cloud/retry";
import { TransportFailure } from "../cloud/transportFailure";
import type { Console } from "../console/console";
import { type DicomOperation, dicomOperations, type RequestContent, storeContent } from "./dicomOperations";
import type { DicomTarget } from "./dicomReach";
import type { RoleFinding } from "./roleStage";
import type { SyntheticInstance } from "./syntheticInstance";
import { busyService, interceptedAnswer, transportProblem } from "./transportProblem";
import { failed, passed, skipped, type StageResult } from "./verification";

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
  /** What to store, where the client is to prove that it stores, and not only that it may. */
  readonly instance?: SyntheticInstance;
  /** Name of the stack, for the commands that are advised. */
  readonly stack: string;
}

/** How long a DICOM service remembers decisions, in seconds. Source: https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac */
export const roleCacheSeconds = 300;
const pollSeconds = 10;
/**
 * Failure reason of an instance that is there already. Source: DICOM conformance statement of Azure Health Data Services, "Store
 * response", https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-services-conformance-statement-v2
 */
const alreadyStored = 45070;

/**
 * Proves each operation that the client's declared roles give, and then that the service refuses every other. Where the service cannot
 * be asked, or refuses what the client may do, one stage fails and the others are not tried: what it refuses then proves nothing.
 */
export async function serviceStages(caller: DicomCaller): Promise<readonly StageResult[]> {
  const { declared } = caller.role;
  const isGiven = ({ right, stage }: DicomOperation): boolean => declared?.has(right) ?? stage === "search";
  const given = dicomOperations.filter(isGiven);
  const results: StageResult[] = [];
  for (const operation of given) {
    const result = await givenStage(caller, operation);
    results.push(...result);
    if (result.some(({ outcome }) => outcome === "failed")) return results;
  }
  if (declared === undefined) {
    const what =
      "Not tried: the permissions of the declared role cannot be read, so what should be refused is unknown.";
    return [...results, skipped("store", what, caller.target.url)];
  }
  for (const operation of dicomOperations.filter((one) => !isGiven(one))) {
    results.push(await refusedStage(caller, operation));
  }
  return results;
}

/** An operation that the client may do, and what it has stored for the proof taken away again. */
async function givenStage(caller: DicomCaller, operation: DicomOperation): Promise<readonly StageResult[]> {
  const { instance, target } = caller;
  const { stage, verb } = operation;
  const isStored = stage === "store" && instance !== undefined;
  const content = isStored ? storeContent(instance.file) : operation.content;
  const answer = await ask(caller, operation, content, ({ status }) => status === 403);
  if ("stage" in answer) return [answer];
  if (stage === "delete" && instance !== undefined) return [await removal(caller, operation, instance)];
  if (isStored) return [stored(answer, caller, operation, instance)];
  return [
    operation.lets(answer)
      ? passed(
          stage,
          stage === "search"
            ? answer.status === 204
              ? "The search succeeded; it found no study."
              : "The search succeeded."
            : `The client may ${verb}, as declared.`,
          target.url,
        )
      : refusal(answer, operation, caller),
  ];
}

function stored(
  answer: HttpAnswer,
  caller: DicomCaller,
  operation: DicomOperation,
  { studyInstanceUid }: SyntheticInstance,
): StageResult {
  const { status, body } = answer;
  const { url } = caller.target;
  const reason = failureReason(body);
  // The instance is new with every run, so an attempt before has stored it and its answer was lost.
  if (status === 200 || (status === 409 && reason === alreadyStored)) {
    const remains = caller.role.declared?.has("delete")
      ? ""
      : ". It stays there because the client is not allowed to delete it; delete that study as somebody who is";
    return passed("store", `An invented instance is stored in the study ${studyInstanceUid}${remains}.`, url);
  }
  if (status !== 202 && status !== 409) return refusal(answer, operation, caller);
  return failed(
    "store",
    "unexpected",
    `The service has not stored the instance${reason === undefined ? "" : ` (failure reason ${reason})`}.`,
    "See the failure reasons in the DICOM conformance statement of Azure Health Data Services.",
    url,
  );
}

/** Takes away the study that invented instances were stored in. */
async function removal(
  caller: DicomCaller,
  operation: DicomOperation,
  { studyInstanceUid }: SyntheticInstance,
): Promise<StageResult> {
  const own = { ...operation, parameters: { studyInstanceUid } };
  const answer = await ask(caller, own, operation.content, ({ status }) => status === 403);
  if ("stage" in answer) return answer;
  return operation.lets(answer)
    ? passed(
        "delete",
        `The study ${studyInstanceUid} with what was stored is deleted again.`,
        caller.target.url,
      )
    : refusal(answer, operation, caller);
}

/** An operation that nothing declared gives the client. */
async function refusedStage(caller: DicomCaller, operation: DicomOperation): Promise<StageResult> {
  const { target, role, wait, stack } = caller;
  const { stage, verb, right } = operation;
  const answer = await ask(caller, operation, operation.content, operation.lets);
  if ("stage" in answer) return answer;
  if (answer.status === 403) {
    return passed(
      stage,
      `The service refuses the client (403), which is not allowed to ${verb}, as declared.`,
      target.url,
    );
  }
  if (!operation.lets(answer)) return refusal(answer, operation, caller);
  const roles = role.held?.get(right) ?? [];
  const audit = `\`npx dicom-ops audit --stack ${stack}\``;
  return failed(
    stage,
    "more-than-declared",
    `The client is allowed to ${verb}, although no declared role permits it${roles.length > 0 ? `: it has ${roles.join(" and ")}` : ""}.`,
    roles.length > 0
      ? `Remove the role, or declare it under access. This names its assignment: ${audit}`
      : `A role that was removed can stay in effect for up to five minutes: run it again with --wait${wait > 0 ? " later" : ""}. If it persists, this names the client's roles: ${audit}`,
    target.url,
  );
}

/**
 * Asks the service, again for as long as is waited for a role, while the answer is not the one that is declared.
 * @returns the answer, or a failed stage when none came
 */
async function ask(
  caller: DicomCaller,
  { stage, call, parameters, right, isOfPartition }: DicomOperation,
  content: RequestContent,
  isOtherwise: (answer: HttpAnswer) => boolean,
): Promise<HttpAnswer | StageResult> {
  const { target, console, role, wait } = caller;
  const address = callAddress(call, "", { placeUrl: placeUrl(target, isOfPartition), ...parameters });
  const send = (): Promise<HttpAnswer> => sendOnce(caller, call, address, content);
  try {
    let answer = await send();
    const holds = role.held === undefined ? undefined : (role.held.get(right)?.length ?? 0) > 0;
    const mayChange = holds === undefined || holds === (answer.status === 403);
    for (let waited = 0; isOtherwise(answer) && mayChange && waited < wait; waited += pollSeconds) {
      console.note(`Waiting for the role on ${target.url} to take effect: ${waited} of up to ${wait} s`);
      await console.clock.sleep(pollSeconds * 1000);
      answer = await send();
    }
    return answer;
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error;
    return target.isPublic === false
      ? closedService(stage, target, error.message)
      : transportProblem(stage, error, target.url);
  }
}

function sendOnce(
  { token, transport, console }: DicomCaller,
  { method }: CloudCall,
  url: string,
  { headers, body }: RequestContent,
): Promise<HttpAnswer> {
  return sendWithRetry(
    () =>
      transport.send({
        method,
        url,
        headers: { ...headers, authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body }),
      }),
    console,
  );
}

function placeUrl({ url, partition }: DicomTarget, isOfPartition: boolean): string {
  return partition === undefined || !isOfPartition ? `${url}/v2` : `${url}/v2/partitions/${partition}`;
}

function refusal(
  answer: HttpAnswer,
  { stage, right, call }: DicomOperation,
  caller: DicomCaller,
): StageResult {
  const { target, role, wait, stack } = caller;
  const { url } = target;
  const host = new URL(url).host;
  const { status, body } = answer;
  if (status === 407 || /^\s*<(!doctype|html)/i.test(body))
    return interceptedAnswer(stage, host, status, url);
  if (status === 401) {
    return failed(
      stage,
      "wrong-audience",
      "The service does not accept the token (401): it is for another audience or from another tenant.",
      `Compare api.audience with the service's own: \`az resource show --ids ${word(target.resourceId)} --query properties.authenticationConfiguration\`.`,
      url,
    );
  }
  if (status === 403) {
    const held = role.held?.get(right);
    if (held?.length === 0) {
      return failed(
        stage,
        "no-role",
        "The service refuses the client (403), as it has no role that allows this.",
        `Run \`pulumi up --stack ${stack}\`, which assigns the roles that the configuration has under access.`,
        url,
      );
    }
    if (target.isPublic === false) return closedService(stage, target, "it answers 403");
    return held !== undefined
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
          `Run it again with --wait. If it persists, this shows whether the role is gone: \`pulumi preview --diff --stack ${stack}\``,
          url,
        );
  }
  if (status === 400 && /partition/i.test(body)) return partitionProblem(stage, body, target);
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
    `The service answers ${status} to ${call.name}.`,
    "Check the service's diagnostic logs.",
    url,
  );
}

/**
 * A service that takes calls from private networks only, and was called from another one.
 * Source: https://learn.microsoft.com/azure/healthcare-apis/healthcare-apis-configure-private-link
 */
function closedService(stage: StageResult["stage"], { url }: DicomTarget, said: string): StageResult {
  return failed(
    stage,
    "no-public-access",
    `The service does not accept calls from public networks (publicNetworkAccess is Disabled), and is called from one: ${said}.`,
    "Run verify where the client runs: in the virtual network of the workspace's private endpoint, with its private DNS zone.",
    url,
  );
}

function partitionProblem(stage: StageResult["stage"], body: string, target: DicomTarget): StageResult {
  const { url, partition } = target;
  if (partition === undefined) {
    return failed(
      stage,
      "no-such-partition",
      `The service has data partitions, and none was named: ${body.trim()}`,
      `Write partition under access, such as Microsoft.Default, or let whoever verifies read the service (${calls.dicomService.needs.least.join(", ")}).`,
      url,
    );
  }
  return /disabled/i.test(body)
    ? failed(
        stage,
        "no-partitions",
        `The service has no data partitions, and the configuration names ${partition}.`,
        "Leave out partition under access.",
        url,
      )
    : failed(
        stage,
        "no-such-partition",
        `The service has no data partition ${partition}: ${body.trim()}`,
        "A partition is created when something is first stored in it; until then, or if its name under access is wrong, nothing can be read there.",
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
