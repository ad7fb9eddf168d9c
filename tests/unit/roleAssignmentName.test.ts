import assert from "node:assert/strict";
import fc from "fast-check";
import { isGuid } from "../../components/azureResourceId";
import { roleAssignmentName } from "../../components/roleAssignmentName";

describe("role assignment name", () => {
  it("is one name for one assignment, and does not depend on case", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\/[A-Za-z0-9./-]{1,80}$/),
        fc.uuid(),
        fc.uuid(),
        (scope, principal, role) => {
          const name = roleAssignmentName(scope, principal, role);
          assert.ok(isGuid(name));
          assert.equal(
            roleAssignmentName(scope.toUpperCase(), principal.toUpperCase(), role.toUpperCase()),
            name,
          );
        },
      ),
    );
  });

  it("differs when scope, principal or role differ", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.uuid(), { minLength: 4, maxLength: 4 }),
        ([scope, principal, role, other]) => {
          assert.ok(scope && principal && role && other);
          const names = [
            roleAssignmentName(scope, principal, role),
            roleAssignmentName(other, principal, role),
            roleAssignmentName(scope, other, role),
            roleAssignmentName(scope, principal, other),
          ];
          assert.equal(new Set(names).size, names.length);
        },
      ),
    );
  });

  it("stays what it was in earlier versions: another name would recreate every assignment", () => {
    assert.equal(
      roleAssignmentName(
        "/subscriptions/s",
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-000000000002",
      ),
      "756ff32d-a3e3-5be2-803b-54cdd58aaf8c",
    );
  });
});
