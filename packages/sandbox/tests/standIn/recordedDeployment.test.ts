import assert from "node:assert/strict";
import { isJsonObject } from "../../standIn/http/jsonBody";
import { Administrator } from "./administrator";
import { Deployment, deploymentTimeout, type StateResource, type TenantRequest } from "./deployment";
import { IdTranslation } from "./idTranslation";
import { recordedProgram, type RecordedSettings } from "./recordedProgram";
import {
  recordedCertificate,
  recordedDiff,
  type RecordedRequest,
  type RecordedResource,
  recordedState,
  recordedStep,
  type RecordedStep,
  withoutBridgeKeys,
} from "./recording";

const first: RecordedSettings = {
  displayName: "dicom-client",
  subject: "repo:contoso/pacs:environment:dev",
  appRoleAssignmentRequired: false,
  endDate: "2027-05-01T00:00:00Z",
  deletedWithApplication: false,
  certificate: recordedCertificate(),
  certificateEnd: "2026-12-20T00:00:00Z",
};
const changed: RecordedSettings = {
  ...first,
  displayName: "dicom-client-2",
  notes: "changed",
  subject: "repo:contoso/pacs:environment:prod",
  appRoleAssignmentRequired: true,
};
const rotated: RecordedSettings = { ...first, endDate: "2027-06-01T00:00:00Z" };

/** What a directory says in its own way, and nothing follows from. */
const ownToTheDirectory = ["publisherDomain", "startDate", "principalDisplayName", "resourceDisplayName"];

interface Outcome {
  readonly requests: readonly TenantRequest[];
  readonly printed: string;
  readonly state: readonly StateResource[];
}

/** The requests to Graph, one line each, in alphabetical order: the engine does independent things side by side. */
function graphLines(requests: readonly Pick<RecordedRequest, "method" | "url" | "body">[]): string[] {
  return requests
    .filter(({ url }) => /^\/(v1\.0|beta)\//.test(url))
    .map(({ method, url, body }) => `${method} ${url} ${body === null ? "" : JSON.stringify(body)}`)
    .map((line) => line.replace(/TERRAFORM_UPDATE_[0-9a-f-]{36}/, "TERRAFORM_UPDATE_"))
    .toSorted();
}

/** The lines that `pulumi preview --diff` prints about resources, each with the resource that it belongs to. */
function diffLines(printed: string): string[] {
  const lines: string[] = [];
  let resource = "";
  for (const line of printed.split("\n")) {
    const heading = /^\s+(?:[~+-]+ ?)azuread:\S+/.exec(line);
    if (heading !== null) resource = line.trim();
    const isChange = /^\s+[~+-] \w+\s*:/.test(line);
    if (heading !== null || isChange) lines.push(`${resource} | ${line.trim().replaceAll(/\s+/g, " ")}`);
  }
  return lines.toSorted();
}

describe("azuread plugin on the engine: the deployments of the recordings", function () {
  this.timeout(deploymentTimeout);
  const outcomes = new Map<RecordedStep, Outcome>();
  const ids = new IdTranslation();
  let deployment: Deployment;
  let base: string;

  before(async () => {
    deployment = await Deployment.start({
      fixedWaits: true,
      sleep: () => Promise.resolve(),
      now: new Date("2026-11-23T02:01:45Z"),
    });
    base = deployment.tenant.url;
    await new Administrator(deployment.tenant).permitPipeline("AppRoleAssignment.ReadWrite.All");
    deployment.newRequests();
    const { stack } = deployment;
    const step = async (
      name: RecordedStep,
      run: () => Promise<{ readonly stdout: string }>,
    ): Promise<void> => {
      const { stdout } = await run();
      outcomes.set(name, {
        printed: stdout,
        requests: deployment.newRequests(),
        state: await deployment.resources(),
      });
    };
    await step("01-up", () => stack.up({ program: recordedProgram(first) }));
    ids.learn(outcome("01-up").state, recordedState("01-up"));
    await step("02-preview", () => stack.preview({ program: recordedProgram(first), expectNoChanges: true }));
    await step("03-refresh", () => stack.previewRefresh({ expectNoChanges: true }));
    await step("04-update-preview", () => stack.preview({ program: recordedProgram(changed), diff: true }));
    await step("05-update", () => stack.up({ program: recordedProgram(changed) }));
    await step("06-rotate-preview", () => stack.preview({ program: recordedProgram(rotated), diff: true }));
    await step("07-rotate", () => stack.up({ program: recordedProgram(rotated) }));
    ids.learn(outcome("07-rotate").state, recordedState("07-rotate"));
    await step("08-destroy", () => stack.destroy());
    await stack.up({ program: recordedProgram({ ...first, deletedWithApplication: true }) });
    deployment.newRequests();
    ids.learn(
      await deployment.resources(),
      recordedStep("10-destroy-deleted-with")
        .filter(({ method }) => method === "DELETE")
        .map(({ url }) => ({
          type: url.includes("/applications/")
            ? "azuread:index/application:Application"
            : "azuread:index/servicePrincipal:ServicePrincipal",
          id: url.replace("/v1.0", ""),
          inputs: {},
          outputs: {},
          additionalSecretOutputs: [],
        })),
    );
    await step("10-destroy-deleted-with", () => stack.destroy());
  });

  after(() => deployment.stop());

  function outcome(step: RecordedStep): Outcome {
    const found = outcomes.get(step);
    if (found === undefined) throw new Error(`${step} was not run`);
    return found;
  }

  function translated(text: string): string {
    return ids.translate(text).replaceAll(base, "{base}");
  }

  const steps: readonly RecordedStep[] = [
    "01-up",
    "02-preview",
    "03-refresh",
    "04-update-preview",
    "05-update",
    "06-rotate-preview",
    "07-rotate",
    "08-destroy",
    "10-destroy-deleted-with",
  ];

  for (const step of steps) {
    it(`sends exactly the requests of ${step}`, () => {
      const sent = graphLines(outcome(step).requests).map(translated).toSorted();
      assert.deepEqual(sent, graphLines(recordedStep(step)));
    });
  }

  for (const step of ["04-update-preview", "06-rotate-preview"] as const) {
    it(`prints the differences of ${step}`, () => {
      assert.deepEqual(diffLines(outcome(step).printed), diffLines(recordedDiff(step)));
    });
  }

  for (const step of ["01-up", "07-rotate"] as const) {
    for (const recorded of recordedState(step)) {
      it(`leads to the state of ${step}: ${recorded.type.split(":").at(-1) ?? ""}`, () => {
        const live = outcome(step).state.find(({ type }) => type === recorded.type);
        assert.deepEqual(comparable(live), comparable(recorded));
      });
    }
  }

  function comparable(resource: StateResource | RecordedResource | undefined): unknown {
    const {
      id,
      inputs,
      outputs,
      additionalSecretOutputs = [],
    } = withoutBridgeKeys<Partial<StateResource>>(resource ?? {});
    const own = Object.fromEntries(
      Object.entries(outputs ?? {}).map(([name, value]) => [name, kindOf(name, value)]),
    );
    const secrets = Object.fromEntries(
      Object.entries(inputs ?? {}).map(([name, value]) => [name, kindOf(name, value)]),
    );
    const text = JSON.stringify({ id, inputs: secrets, outputs: own, additionalSecretOutputs });
    return JSON.parse(translated(text));
  }
});

function kindOf(name: string, value: unknown): unknown {
  if (ownToTheDirectory.includes(name)) return typeof value;
  const isSecret = isJsonObject(value) && "plaintext" in value;
  return isSecret || value === "<secretText>" || value === "<pem>" ? "a secret" : value;
}
