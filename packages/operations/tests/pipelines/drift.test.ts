import assert from "node:assert/strict";
import { finding } from "../../audit/finding";
import type { RuleId } from "../../audit/rules";
import type { CredentialStanding, CredentialStatus } from "../../status/credentialStatus";
import type { StackStatus } from "../../status/stackStatus";
import { changesOfPreview, isOfRotation, type PlannedChange } from "../../pipeline/plannedChange";
import { judgeDrift, type DriftAnswers } from "../../pipeline/stackDrift";

const prefix = "urn:pulumi:dev::dicom-service-client::dicom-service-client:index:DicomServiceClient$";
const change = (operation: string, type: string, name: string): PlannedChange => ({
  operation,
  type,
  urn: `${prefix}${type}::${name}`,
});
const newSecret = change(
  "create",
  "azuread:index/applicationPassword:ApplicationPassword",
  "gateway-secret-b",
);
const vaultSecret = change("update", "azure-native:keyvault:Secret", "gateway-vault-secret");
const renamed = change("update", "azuread:index/application:Application", "gateway-application");

function status(...standings: readonly CredentialStanding[]): StackStatus {
  const credential = (standing: CredentialStanding): CredentialStatus => ({
    kind: "secret",
    name: "a",
    standing,
    keyId: null,
    startsOn: null,
    endsAt: null,
    lifeUsedPercent: null,
    daysLeft: null,
    overlap: null,
    nextRotationOn: null,
    lastUsedAt: null,
    attention: null,
  });
  return {
    version: 1,
    stack: "dev",
    asOf: "2027-04-23",
    warnDays: null,
    use: null,
    needsAttention: false,
    clients: [{ name: "gateway", clientId: null, credentials: standings.map(credential) }],
  };
}

const findings = (...rules: readonly RuleId[]): DriftAnswers["audit"] => ({
  findings: rules.map((rule) =>
    finding({ rule, client: "gateway", side: "live", object: rule, detail: "", next: "" }),
  ),
});

const clean: DriftAnswers = {
  liveDiffers: false,
  changes: [],
  status: status("current"),
  audit: findings(),
};
const due: DriftAnswers = {
  ...clean,
  changes: [newSecret, vaultSecret],
  status: status("due", "previous"),
  audit: findings("rotation-due", "credential-expiring"),
};

describe("drift, judged", () => {
  it("is clean when nothing differs", () => {
    assert.deepEqual(judgeDrift(clean), { verdict: "clean", rotationDue: false, reasons: [] });
  });

  it("is a rotation when only the schedule calls for a change", () => {
    assert.deepEqual(judgeDrift(due), {
      verdict: "rotation",
      rotationDue: true,
      reasons: ["A rotation is due: gateway."],
    });
  });

  it("is a rotation when only a secret is to be removed at the end of its overlap", () => {
    const { verdict, reasons } = judgeDrift({
      ...clean,
      changes: [{ ...newSecret, operation: "delete" }],
      status: status("current", "retiring"),
    });
    assert.deepEqual([verdict, reasons], ["rotation", ["A secret will be removed: gateway."]]);
  });

  for (const [what, answers] of [
    ["what is live differs", { liveDiffers: true }],
    ["another resource would change", { changes: [newSecret, renamed] }],
    ["the audit has another finding", { audit: findings("rotation-due", "secret-undeclared") }],
  ] as const) {
    it(`is drift when ${what}, and a rotation beside it is still told`, () => {
      const { verdict, rotationDue, reasons } = judgeDrift({ ...due, ...answers });
      assert.deepEqual([verdict, rotationDue, reasons.length], ["drift", true, 2]);
      assert.equal(reasons.at(-1), "A rotation is due: gateway.");
    });
  }

  it("takes a secret that would be made without the schedule's asking for drift", () => {
    const { verdict, reasons } = judgeDrift({ ...clean, changes: [newSecret] });
    assert.equal(verdict, "drift");
    assert.match(reasons[0] ?? "", /create gateway-secret-b\.$/);
  });

  it("takes an end ahead for a finding when no rotation will cure it", () => {
    assert.equal(judgeDrift({ ...clean, audit: findings("credential-expiring") }).verdict, "drift");
  });
});

describe("the event log of a preview", () => {
  it("gives the steps that change something", () => {
    const line = (op: string, type: string): string =>
      JSON.stringify({
        sequence: 1,
        resourcePreEvent: { metadata: { op, type, urn: `urn:${type}` }, planning: true },
      });
    const log = [
      JSON.stringify({ sequence: 0, preludeEvent: { config: {} } }),
      line("same", "a"),
      line("refresh", "b"),
      line("read", "c"),
      line("create", "azure-native:keyvault:Secret"),
      line("delete", "e"),
      JSON.stringify({ sequence: 9, summaryEvent: { resourceChanges: { same: 1 } } }),
      "",
    ].join("\n");
    const changes = changesOfPreview(log);
    assert.deepEqual(changes, [
      { operation: "create", type: "azure-native:keyvault:Secret", urn: "urn:azure-native:keyvault:Secret" },
      { operation: "delete", type: "e", urn: "urn:e" },
    ]);
    assert.deepEqual(changes.map(isOfRotation), [true, false]);
  });

  it("is refused when it is not of the form that the engine writes", () => {
    assert.throws(() => changesOfPreview('{"resourcePreEvent":{"metadata":{"op":1}}}'));
    assert.throws(() => changesOfPreview("Previewing update"));
  });
});
