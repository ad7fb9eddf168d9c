import assert from "node:assert/strict";
import { clientName } from "../trial/representativeClient";
import { SandboxFixture } from "../trial/sandboxFixture";
import { type Cell, runCell } from "../faults/faultCell";
import { faultKinds } from "../faults/faultKinds";
import { record, type Recording } from "../faults/recording";
import { scenarios } from "../faults/scenarios";
import { type Kill, type KillTarget, runKill } from "../kills/killCase";

// A few cells that once failed. The matrix itself, and kills by the hundred, are commands: npm run reliability.
describe("reliability", function () {
  this.timeout(120_000);
  let fixture: SandboxFixture;
  let recording: Recording;
  const up = scenarios.find(({ name }) => name === "up") ?? assert.fail();

  before(async () => {
    fixture = await SandboxFixture.build(() => undefined, ["blank"]);
    recording = await record(fixture, up);
  });
  after(() => fixture.remove());

  const hit = async (operation: string, faultName: string): Promise<Pick<Cell, "outcome" | "detail">> => {
    const request = recording.requests.find((one) => one.operation === operation) ?? assert.fail();
    const fault = faultKinds.find(({ name }) => name === faultName) ?? assert.fail();
    const { outcome, detail } = await runCell({ fixture, scenario: up, recording, request, fault, skip: 0 });
    return { outcome, detail };
  };

  it("knows every kind of thing that a client has", () => {
    assert.deepEqual(
      new Set(recording.expected.state.resources.map(({ what }) => what.split(" ")[0])),
      new Set([
        "Application",
        "ServicePrincipal",
        "ApplicationPassword",
        "ApplicationCertificate",
        "ApplicationFederatedIdentityCredential",
        "ServicePrincipalDelegatedPermissionGrant",
        "AppRoleAssignment",
        "RoleAssignment",
        "Secret",
      ]),
    );
  });

  it("leads out of a service principal whose creation was not answered", async () => {
    assert.deepEqual(await hit("graph.servicePrincipals.create", "cut-after"), {
      outcome: "recovered",
      detail: "Could not create service principal: socket hang up",
    });
  });

  it("explains a look-up that fails, without a stack trace", async () => {
    const { outcome, detail } = await hit("metadata.endpoints", "cut-before");
    assert.deepEqual([outcome, detail.includes("could not be read")], ["next run", true]);
  });

  it("reports a second application that a repeated creation has made", async () => {
    assert.deepEqual(await hit("graph.applications.create", "503-after"), {
      outcome: "reported",
      detail: 'left behind: application "Imaging gateway"',
    });
  });

  const kill = async (target: KillTarget, moment: number): Promise<Kill> => {
    const duration = 1_500;
    const { expected, secretsBefore } = recording;
    return runKill({ fixture, scenario: up, target, moment, seed: 1, duration, expected, secretsBefore });
  };

  for (const target of ["engine", "everything"] as const) {
    it(`comes through a kill: ${target}`, async () => {
      const { outcome, detail } = await kill(target, 0.9);
      assert.notEqual(outcome, "failed", `${clientName}: ${detail}`);
    });
  }
});
