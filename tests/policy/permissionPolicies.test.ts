import assert from "node:assert/strict";
import { types } from "../../policy/pack/resourceTypes";
import { grantedPermissions } from "../../policy/rules/grantedPermissions";
import { ownPrincipal } from "../../policy/rules/ownPrincipal";
import { privilegedPermissions } from "../../policy/rules/privilegedPermissions";
import { dicomClientId, requestedPermissions } from "../../policy/rules/requestedPermissions";
import { examine, type ExaminedResource, examineStack, passed, unknownText, violated } from "./examine";

const scope = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0004";
const role = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0005";
const graph = "00000003-0000-0000-c000-000000000000";

const asking = (
  api: string,
  ...accesses: readonly (readonly [type: string, id: string])[]
): ExaminedResource => ({
  type: types.application,
  props: {
    requiredResourceAccesses: [
      { resourceAppId: api, resourceAccesses: accesses.map(([type, id]) => ({ type, id })) },
    ],
  },
});

describe("policies on permissions", () => {
  describe("requested-permissions", () => {
    it("accepts what is asked of the DICOM service for users", async () => {
      assert.deepEqual(await examine(requestedPermissions, asking(dicomClientId, ["Scope", scope])), passed);
      assert.deepEqual(
        await examine(requestedPermissions, asking(dicomClientId.toUpperCase(), ["Scope", scope])),
        passed,
      );
      assert.deepEqual(await examine(requestedPermissions, { type: types.application }), passed);
    });

    it("objects to another API and to application permissions, all at once", async () => {
      assert.deepEqual(
        await examine(requestedPermissions, asking(graph, ["Scope", scope], ["Role", role])),
        violated(
          `It requests the delegated permission ${scope} of the API ${graph}, which is not an allowed API; remove it.`,
          `It requests the application permission ${role} of the API ${graph}, which is not an allowed API; remove it.`,
        ),
      );
      assert.deepEqual(
        await examine(requestedPermissions, asking(dicomClientId, ["Role", role])),
        violated(
          `It requests the application permission ${role} of the API ${dicomClientId}, which is not allowed; remove it.`,
        ),
      );
    });

    it("judges what is asked for by a resource of its own", async () => {
      const access = { apiClientId: dicomClientId, scopeIds: [scope], roleIds: [role] };
      assert.deepEqual(
        await examine(requestedPermissions, { type: types.apiAccess, props: access }),
        violated(
          `It requests the application permission ${role} of the API ${dicomClientId}, which is not allowed; remove it.`,
        ),
      );
    });

    it("takes other APIs, limited to some of their permissions", async () => {
      const config = { allowed: [{ api: graph, scopes: [scope.toUpperCase()], roles: [role] }] };
      assert.deepEqual(
        await examine(requestedPermissions, asking(graph, ["Scope", scope], ["Role", role]), config),
        passed,
      );
      assert.deepEqual(
        await examine(requestedPermissions, asking(graph, ["Scope", role], ["Role", scope]), config),
        violated(
          `It requests the delegated permission ${role} of the API ${graph}, which is not allowed; remove it.`,
          `It requests the application permission ${scope} of the API ${graph}, which is not allowed; remove it.`,
        ),
      );
    });

    it("judges the rest of what a preview does not know in part", async () => {
      const partly = asking(dicomClientId, ["Scope", unknownText], ["Role", role]);
      assert.deepEqual(await examine(requestedPermissions, partly), {
        violations: [
          `It requests the application permission ${role} of the API ${dicomClientId}, which is not allowed; remove it.`,
        ],
        notYet: [
          "string value at .requiredResourceAccesses.0.resourceAccesses.0.id can't be known during preview",
        ],
      });
    });
  });

  describe("granted-permissions", () => {
    const consent = (...claimValues: readonly string[]): ExaminedResource => ({
      type: types.delegatedGrant,
      props: { claimValues, servicePrincipalObjectId: unknownText },
    });
    const assignment = (appRoleId: string): ExaminedResource => ({
      type: types.appRoleAssignment,
      props: { appRoleId },
    });

    it("accepts a consent to the DICOM service's scope", async () => {
      assert.deepEqual(await examine(grantedPermissions, consent("Dicom.ReadWrite")), passed);
    });

    it("objects to other scopes and to every app role", async () => {
      assert.deepEqual(
        await examine(grantedPermissions, consent("Dicom.ReadWrite", "User.Read", "openid")),
        violated(
          "It consents to User.Read, which is not an allowed scope; remove it.",
          "It consents to openid, which is not an allowed scope; remove it.",
        ),
      );
      assert.deepEqual(
        await examine(grantedPermissions, assignment(role)),
        violated(`It assigns the app role ${role}, which is not an allowed role; remove it.`),
      );
    });

    it("takes other scopes and roles", async () => {
      const config = { allowedScopes: ["user_impersonation"], allowedRoles: [role.toUpperCase()] };
      assert.deepEqual(await examine(grantedPermissions, assignment(role), config), passed);
      assert.deepEqual(
        await examine(grantedPermissions, consent("user_impersonation", "Dicom.ReadWrite"), config),
        violated("It consents to Dicom.ReadWrite, which is not an allowed scope; remove it."),
      );
    });

    it("judges the rest of what a preview does not know in part", async () => {
      assert.deepEqual(await examine(grantedPermissions, consent(unknownText, "openid")), {
        violations: ["It consents to openid, which is not an allowed scope; remove it."],
        notYet: ["string value at .claimValues.0 can't be known during preview"],
      });
      assert.deepEqual(await examine(grantedPermissions, assignment(unknownText)), {
        violations: [],
        notYet: ["string value at .appRoleId can't be known during preview"],
      });
    });
  });

  describe("privileged-permissions", () => {
    const roleManagement = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8";

    it("accepts a harmless permission of Microsoft Graph, and other APIs", async () => {
      assert.deepEqual(await examine(privilegedPermissions, asking(graph, ["Scope", scope])), passed);
      assert.deepEqual(
        await examine(privilegedPermissions, asking(dicomClientId, ["Role", roleManagement])),
        passed,
      );
    });

    it("objects to asking for power over the tenant, for users or for the application", async () => {
      assert.deepEqual(
        await examine(
          privilegedPermissions,
          asking(
            graph,
            ["Role", roleManagement.toUpperCase()],
            ["Scope", "bdfbf15f-ee85-4955-8675-146e8e5296b5"],
          ),
        ),
        violated(
          "It requests RoleManagement.ReadWrite.Directory of Microsoft Graph; remove it.",
          "It requests Application.ReadWrite.All of Microsoft Graph; remove it.",
        ),
      );
    });

    it("objects to giving it", async () => {
      assert.deepEqual(
        await examine(privilegedPermissions, {
          type: types.appRoleAssignment,
          props: { appRoleId: roleManagement },
        }),
        violated("It grants RoleManagement.ReadWrite.Directory of Microsoft Graph; remove it."),
      );
      assert.deepEqual(
        await examine(privilegedPermissions, {
          type: types.delegatedGrant,
          props: { claimValues: ["Directory.ReadWrite.All", "Dicom.*", ".default", "Dicom.ReadWrite"] },
        }),
        violated(
          "It consents to Directory.ReadWrite.All of Microsoft Graph; remove it.",
          "It consents to Dicom.*, which stands for more than one scope; name the scopes individually.",
          "It consents to .default, which stands for more than one scope; name the scopes individually.",
        ),
      );
    });

    it("objects to a role in the directory, for good or by PIM, whoever declares it", async () => {
      for (const type of [
        types.directoryRoleAssignment,
        types.directoryRoleEligibility,
        types.directoryRoleMember,
        types.administrativeUnitRoleMember,
        "azuread:index:DirectoryRoleEligibilityScheduleRequest",
      ]) {
        assert.deepEqual(
          await examine(privilegedPermissions, { type, props: { roleId: unknownText } }),
          violated(
            "It grants a directory role, which no service client of the DICOM service needs; remove it.",
          ),
        );
      }
    });

    it("knows the permissions by which PIM gives roles, and by which others are taken over", async () => {
      for (const [id, name] of [
        ["62a82d76-70ea-41e2-9197-370581804d09", "Group.ReadWrite.All"],
        ["50483e42-d915-4231-9639-7fdb7fd190e5", "UserAuthenticationMethod.ReadWrite.All"],
        ["7e05723c-0bb0-42da-be95-ae9f08a6e53c", "Domain.ReadWrite.All"],
        ["31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad", "RoleManagementPolicy.ReadWrite.Directory"],
        ["18a4783c-866b-4cc7-a460-3d5e5662c884", "Application.ReadWrite.OwnedBy"],
        ["dd199f4a-f148-40a4-a2ec-f0069cc799ec", "RoleAssignmentSchedule.ReadWrite.Directory"],
        ["fee28b28-e1f3-4841-818e-2704dc62245f", "RoleEligibilitySchedule.ReadWrite.Directory"],
        ["2f6817f8-7b12-4f0f-bc18-eeaf60705a9e", "PrivilegedAccess.ReadWrite.AzureADGroup"],
      ] as const) {
        assert.deepEqual(
          await examine(privilegedPermissions, asking(graph, ["Role", id])),
          violated(`It requests ${name} of Microsoft Graph; remove it.`),
        );
      }
    });

    it("waits for what a preview does not know", async () => {
      assert.deepEqual(
        await examine(privilegedPermissions, {
          type: types.appRoleAssignment,
          props: { appRoleId: unknownText },
        }),
        { violations: [], notYet: ["string value at .appRoleId can't be known during preview"] },
      );
    });
  });

  describe("own-principal", () => {
    const [own, stranger] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
    const clientId = "33333333-3333-4333-8333-333333333333";
    const applicationId = "44444444-4444-4444-8444-444444444444";
    const application: ExaminedResource = {
      type: types.application,
      name: "application",
      props: { clientId, objectId: applicationId },
    };
    const principal = (objectId: string): ExaminedResource => ({
      type: types.servicePrincipal,
      name: "own",
      props: { objectId, clientId },
    });
    const rights = (id: string, madeFrom: readonly string[] = []): ExaminedResource[] => [
      {
        type: types.delegatedGrant,
        name: "consent",
        props: { servicePrincipalObjectId: id },
        madeFrom: { servicePrincipalObjectId: madeFrom },
      },
      {
        type: types.appRoleAssignment,
        name: "app-role",
        props: { principalObjectId: id },
        madeFrom: { principalObjectId: madeFrom },
      },
      {
        type: "azure-native:authorization:RoleAssignment",
        name: "access",
        props: { principalId: id },
        madeFrom: { principalId: madeFrom },
      },
    ];
    const strange = (what: string): string[] =>
      ["consent", "app-role", "access"].map(
        (name) =>
          `${name}: ${name} gives a right to ${what}, which is not among the service principals of this stack.`,
      );

    it("accepts rights of the stack's own service principals", async () => {
      assert.deepEqual(
        await examineStack(ownPrincipal, [application, principal(own), ...rights(own.toUpperCase())]),
        [],
      );
    });

    it("objects to rights of anybody else", async () => {
      assert.deepEqual(
        await examineStack(ownPrincipal, [application, principal(own), ...rights(stranger, ["own"])]),
        strange(stranger),
      );
      assert.deepEqual(await examineStack(ownPrincipal, rights(own)), strange(own));
    });

    it("accepts Azure roles, and nothing else, of a managed identity that is named", async () => {
      const config = { managedIdentities: [stranger.toUpperCase()] };
      assert.deepEqual(
        await examineStack(ownPrincipal, rights(stranger), config),
        strange(stranger).filter((one) => !one.startsWith("access")),
      );
      assert.deepEqual(await examineStack(ownPrincipal, rights(own), config), strange(own));
    });

    it("judges a preview by where the principal comes from", async () => {
      assert.deepEqual(
        await examineStack(ownPrincipal, [
          application,
          principal(unknownText),
          ...rights(unknownText, ["own"]),
        ]),
        [],
      );
      const elsewhere: ExaminedResource = { type: "azuread:index/group:Group", name: "elsewhere" };
      assert.deepEqual(
        await examineStack(ownPrincipal, [
          application,
          principal(unknownText),
          elsewhere,
          ...rights(unknownText, ["elsewhere"]),
        ]),
        strange("something that is not known yet"),
      );
    });

    it("does not take an id for its own because a service principal of the stack is not known yet", async () => {
      assert.deepEqual(
        await examineStack(ownPrincipal, [application, principal(unknownText), ...rights(stranger)]),
        strange(stranger),
      );
    });

    it("knows rights by PIM, and those of the classic provider", async () => {
      for (const type of [
        "azure-native:authorization:RoleAssignmentScheduleRequest",
        "azure-native:authorization/v20220401:RoleAssignment",
        "azure:pim/eligibleRoleAssignment:EligibleRoleAssignment",
      ]) {
        const right: ExaminedResource = { type, name: "right", props: { principalId: stranger } };
        assert.deepEqual(await examineStack(ownPrincipal, [application, principal(own), right]), [
          `right: right gives a right to ${stranger}, which is not among the service principals of this stack.`,
        ]);
      }
    });

    it("has nothing against a request that takes a role away from anybody", async () => {
      const request = (requestType: string): ExaminedResource => ({
        type: "azure-native:authorization:RoleAssignmentScheduleRequest",
        name: "request",
        props: { principalId: stranger, requestType },
      });
      assert.deepEqual(await examineStack(ownPrincipal, [request("AdminRemove")]), []);
      assert.equal((await examineStack(ownPrincipal, [request("AdminAssign")])).length, 1);
      assert.equal((await examineStack(ownPrincipal, [request(unknownText)])).length, 1);
    });

    it("judges whatever belongs to an application or a service principal by whose it is", async () => {
      const ofApplication = ["Owner", "IdentifierUri", "OptionalClaims", "PreAuthorized", "AppRole"].map(
        (part) => [`azuread:index/application${part}:Application${part}`, "applicationId"] as const,
      );
      const ofPrincipal = ["ClaimsMappingPolicyAssignment", "Password"].map(
        (part) =>
          [`azuread:index/servicePrincipal${part}:ServicePrincipal${part}`, "servicePrincipalId"] as const,
      );
      for (const [type, key] of [...ofApplication, ...ofPrincipal]) {
        const part = (id: string): ExaminedResource => ({ type, name: "part", props: { [key]: id } });
        const [mine, theirs] =
          key === "applicationId"
            ? [`/applications/${applicationId}`, `/applications/${stranger}`]
            : [`/servicePrincipals/${own}`, `/servicePrincipals/${stranger}`];
        const stack = [application, principal(own)];
        assert.deepEqual(await examineStack(ownPrincipal, [...stack, part(mine)]), [], type);
        const [violation, ...others] = await examineStack(ownPrincipal, [...stack, part(theirs)]);
        assert.match(violation ?? "", new RegExp(`part is a property of ${theirs}, which`), type);
        assert.deepEqual(others, []);
      }
    });

    it("judges by content whose credential and whose service principal it is, not by where it stands", async () => {
      const credential = (type: string, props: Record<string, unknown>): ExaminedResource => ({
        type,
        name: "credential",
        props,
      });
      for (const type of [
        types.applicationPassword,
        types.applicationCertificate,
        types.federatedCredential,
        types.flexibleFederatedCredential,
        "azure:ad/applicationPassword:ApplicationPassword",
      ]) {
        for (const props of [
          { applicationId: `/applications/${applicationId.toUpperCase()}` },
          { applicationObjectId: applicationId },
        ]) {
          assert.deepEqual(await examineStack(ownPrincipal, [application, credential(type, props)]), []);
        }
        assert.deepEqual(
          await examineStack(ownPrincipal, [
            application,
            credential(type, { applicationId: `/applications/${stranger}` }),
          ]),
          [
            `credential: credential is a credential of /applications/${stranger}, which is not among the applications of this stack.`,
          ],
        );
      }
      assert.deepEqual(
        await examineStack(ownPrincipal, [
          application,
          { type: types.servicePrincipal, name: "theirs", props: { objectId: own, clientId: stranger } },
          { type: types.apiAccess, name: "more", props: { applicationId: `/applications/${stranger}` } },
        ]),
        [
          `theirs: theirs is the service principal of ${stranger}, which is not among the applications of this stack.`,
          `more: more is a property of /applications/${stranger}, which is not among the applications of this stack.`,
        ],
      );
    });
  });
});
