import assert from "node:assert/strict";
import { documentedPermissions } from "dicom-ops";
import { type OutsideFact, outsideFacts } from "dicom-service-client/model";
import { overdueLines } from "../../scripts/overdueFacts";

describe("the facts about the outside", () => {
  it("have a source and days in order", () => {
    const facts: Readonly<Record<string, OutsideFact>> = outsideFacts;
    for (const [name, { source, readOn, lookAgainOn }] of Object.entries(facts)) {
      assert.ok(source !== "", name);
      assert.ok(/^\d{4}-\d\d-\d\d$/.test(readOn) && readOn < lookAgainOn, name);
    }
  });

  it("are listed from the day on that each names, and not before", () => {
    const lines = (today: string): readonly string[] =>
      overdueLines(outsideFacts, documentedPermissions, today);
    const all = Object.keys(outsideFacts).length + documentedPermissions.length;
    assert.deepEqual(lines("2026-11-28"), [`0 of ${all} facts are to be looked at again.\n`]);
    const { lookAgainOn, value } = outsideFacts.objectsOfAnIdentity;
    assert.ok(lines(lookAgainOn).some((line) => line.startsWith(`${lookAgainOn}  objectsOfAnIdentity`)));
    assert.ok(lines(lookAgainOn).some((line) => line.includes(`: ${value}\n`)));
    assert.equal(lines("2100-01-01").at(-1), `${all} of ${all} facts are to be looked at again.\n`);
  });
});
