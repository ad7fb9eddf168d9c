import assert from "node:assert/strict";
import { azureRole, azureRoleScope, dicomRoles, privilegedAzureRole } from "../../policy/rules/azureRole";
import { roleOwner, uploaderRoleId } from "../../components/uploaderRoleId";
import { customRole } from "../../policy/rules/customRole";
import { examine, type ExaminedResource, passed, unknownText, violated } from "./examine";

const subscription = "/subscriptions/6d5cf8c5-4f8e-4a43-8a7c-000000000001";
const workspace = `${subscription}/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital`;
const dicomService = `${workspace}/dicomservices/pacs`;
const definition = (id: string): string =>
  `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";

const assignment = (props: Readonly<Record<string, unknown>> = {}): ExaminedResource => ({
  type: "azure-native:authorization:RoleAssignment",
  props: {
    scope: dicomService,
    principalId: unknownText,
    principalType: "ServicePrincipal",
    roleDefinitionId: definition(dicomRoles.reader),
    ...props,
  },
});

describe("policies on Azure roles", () => {
  it("accept a DICOM role of a service principal on a DICOM service or workspace", async () => {
    for (const policy of [azureRole, privilegedAzureRole, azureRoleScope]) {
      assert.deepEqual(await examine(policy, assignment()), passed);
      assert.deepEqual(
        await examine(
          policy,
          assignment({
            scope: `${workspace}/`,
            roleDefinitionId: definition(dicomRoles.owner.toUpperCase()),
          }),
        ),
        passed,
      );
    }
  });

  it("accept the custom role that a client brings along, and what it may give", async () => {
    const scope = dicomService.slice(1);
    const name = "imaging-gateway-access-hospital-pacs-uploader";
    // As the component computes it.
    const role = uploaderRoleId(dicomService, roleOwner("project", "dev", "imaging-gateway"));
    const own = { ...assignment({ scope, roleDefinitionId: definition(role) }), name };
    assert.deepEqual(await examine(azureRole, own), passed);
    for (const other of [
      { ...own, name: "other-access-hospital-pacs-uploader" },
      { ...own, stack: "prod" },
      { ...own, props: { ...own.props, scope: workspace } },
      { ...own, props: { ...own.props, roleDefinitionId: definition(contributor) } },
    ]) {
      assert.equal((await examine(azureRole, other)).violations.length, 1);
    }
    const write = "Microsoft.HealthcareApis/workspaces/dicomservices/resources/write";
    const defined = (permission: object): ExaminedResource => ({
      type: "azure-native:authorization:RoleDefinition",
      props: { roleDefinitionId: role, permissions: [permission] },
    });
    assert.deepEqual(await examine(customRole, defined({ dataActions: [write] })), passed);
    for (const wider of [
      { actions: ["*"], dataActions: [write] },
      { dataActions: ["Microsoft.HealthcareApis/workspaces/dicomservices/resources/*"] },
    ]) {
      for (const type of [
        "azure-native:authorization:RoleDefinition",
        "azure-native:authorization/v20220401:RoleDefinition",
        "azure-native_authorization_v20220401:authorization:RoleDefinition",
        "azure:authorization/roleDefinition:RoleDefinition",
        "azure:authorization:RoleDefinition",
        "azure:role/definition:Definition",
        "azurerm:index/roleDefinition:RoleDefinition",
      ]) {
        const { violations } = await examine(customRole, { ...defined(wider), type });
        assert.match(violations[0] ?? "", /^It gives .*\*, which/, type);
      }
    }
  });

  it("know everything that gives a role, of every version and provider, for good or by PIM", async () => {
    const props = { roleDefinitionName: "Contributor" };
    for (const type of [
      "azure-native:authorization:RoleAssignment",
      "azure-native:authorization/v20220401:RoleAssignment",
      "azure-native_authorization_v20220401:authorization:RoleAssignment",
      "azure-nextgen:authorization/v20200401preview:RoleAssignment",
      "azure-native:authorization:RoleAssignmentScheduleRequest",
      "azure-native:authorization/v20201001:RoleEligibilityScheduleRequest",
      "azure-native:authorization:PimRoleEligibilitySchedule",
      "azure-native_authorization_v20201001:authorization:PimRoleEligibilitySchedule",
      "azure:authorization/assignment:Assignment",
      "azure:authorization:Assignment",
      "azure:role/assignment:Assignment",
      "azure:marketplace/roleAssignment:RoleAssignment",
      "azure:pim/activeRoleAssignment:ActiveRoleAssignment",
      "azure:pim/eligibleRoleAssignment:EligibleRoleAssignment",
      "azurerm:index/roleAssignment:RoleAssignment",
      "azurerm:index/pimActiveRoleAssignment:PimActiveRoleAssignment",
      "azurerm:index/pimEligibleRoleAssignment:PimEligibleRoleAssignment",
    ]) {
      for (const policy of [azureRole, privilegedAzureRole, azureRoleScope]) {
        const { violations } = await examine(policy, { type, props });
        assert.notDeepEqual(violations, [], `${policy.name} of ${type}`);
      }
    }
    for (const type of [
      "azure-native:authorization:RoleDefinition",
      "azure-native:authorization:RoleManagementPolicyAssignment",
      "azure:pim/roleManagementPolicy:RoleManagementPolicy",
    ]) {
      assert.deepEqual(await examine(privilegedAzureRole, { type, props }), passed);
    }
  });

  it("ask no schedule for the principalType that it does not have, and let a request take a role away", async () => {
    const request = (props: Readonly<Record<string, unknown>>): ExaminedResource => ({
      ...assignment({ principalType: undefined, ...props }),
      type: "azure-native:authorization:RoleAssignmentScheduleRequest",
    });
    const owner = { roleDefinitionId: definition("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"), scope: "/" };
    for (const policy of [azureRole, privilegedAzureRole, azureRoleScope]) {
      assert.deepEqual(await examine(policy, request({ requestType: "AdminAssign" })), passed);
      assert.deepEqual(await examine(policy, request({ requestType: "AdminRemove", ...owner })), passed);
      for (const requestType of ["AdminAssign", "SelfActivate", undefined]) {
        const { violations } = await examine(policy, request({ requestType, ...owner }));
        assert.equal(violations.length, 1, policy.name);
      }
      // Nothing but a request has that property; a provider passes over it anywhere else.
      for (const type of [
        "azure-native:authorization:RoleAssignment",
        "azure-native:authorization:PimRoleEligibilitySchedule",
        "azure:pim/activeRoleAssignment:ActiveRoleAssignment",
      ]) {
        const other = { ...assignment({ requestType: "AdminRemove", ...owner }), type };
        assert.equal((await examine(policy, other)).violations.length, 1, type);
      }
    }
  });

  it("read the role out of every form of its id, and take nothing else for an allowed role", async () => {
    for (const roleDefinitionId of [
      dicomRoles.reader,
      `/providers/Microsoft.Authorization/roleDefinitions/${dicomRoles.reader}`,
      `${definition(dicomRoles.reader)}|${subscription}`,
    ]) {
      assert.deepEqual(await examine(azureRole, assignment({ roleDefinitionId })), passed);
    }
    for (const roleDefinitionId of [
      `${definition(contributor)}/${dicomRoles.reader}`,
      `${definition(contributor)}|/${dicomRoles.reader}`,
      `/subscriptions/${dicomRoles.reader}`,
    ]) {
      const { violations } = await examine(azureRole, assignment({ roleDefinitionId }));
      assert.equal(violations.length, 1, roleDefinitionId);
    }
    assert.deepEqual(
      await examine(privilegedAzureRole, { ...assignment(), props: { roleDefinitionName: "owner" } }),
      violated("It assigns the role Owner; assign a data role of the DICOM service instead."),
    );
  });

  describe("azure-role", () => {
    it("objects to other roles", async () => {
      assert.deepEqual(
        await examine(azureRole, assignment({ roleDefinitionId: definition(contributor) })),
        violated(`It assigns the role ${contributor}, which is not an allowed role; assign an allowed one.`),
      );
      assert.deepEqual(
        await examine(azureRole, assignment({ roleDefinitionId: undefined })),
        violated("It assigns the role without an id, which is not an allowed role; assign an allowed one."),
      );
    });

    it("takes other roles", async () => {
      const config = { allowedRoles: [contributor] };
      assert.deepEqual(
        await examine(azureRole, assignment({ roleDefinitionId: definition(contributor) }), config),
        passed,
      );
      assert.deepEqual(
        await examine(azureRole, assignment(), config),
        violated(
          `It assigns the role ${dicomRoles.reader}, which is not an allowed role; assign an allowed one.`,
        ),
      );
    });

    it("objects to other kinds of principals", async () => {
      assert.deepEqual(
        await examine(azureRole, assignment({ principalType: "User" })),
        violated("Its principalType is User; a client is a ServicePrincipal."),
      );
      assert.deepEqual(
        await examine(azureRole, assignment({ principalType: undefined })),
        violated(
          "It has no principalType, so a new principal is refused with PrincipalNotFound; write ServicePrincipal.",
        ),
      );
    });

    it("judges the rest of what a preview does not know in part", async () => {
      assert.deepEqual(
        await examine(azureRole, assignment({ roleDefinitionId: unknownText, principalType: "User" })),
        {
          violations: ["Its principalType is User; a client is a ServicePrincipal."],
          notYet: ["string value at .roleDefinitionId can't be known during preview"],
        },
      );
    });
  });

  describe("privileged-azure-role", () => {
    it("objects to the roles that administer, whatever is allowed", async () => {
      for (const [id, name] of [
        ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"],
        [contributor.toUpperCase(), "Contributor"],
        ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"],
        ["f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"],
        ["8b54135c-b56d-4d72-a534-26097cfdc8d8", "Key Vault Data Access Administrator"],
        ["a8889054-8d42-49c9-bc1c-52486c10e7cd", "Reservations Administrator"],
        ["66f75aeb-eabe-4b70-9f1e-c350c4c9ad04", "Virtual Machine Data Access Administrator (preview)"],
        ["95dd08a6-00bd-4661-84bf-f6726f83a4d0", "Azure Container Storage Contributor"],
        ["95de85bd-744d-4664-9dde-11430bc34793", "Azure Container Storage Owner"],
        ["bda0d508-adf1-4af0-9c28-88919fc3ae06", "Azure Stack HCI Administrator"],
        ["fd8ea4d5-6509-4db0-bada-356ab233b4fa", "Azure Migrate Owner"],
        ["1cfa4eac-9a23-481c-a793-bfb6958e836b", "Azure Migrate Execute Expert"],
        ["e47c6f54-e4a2-4754-9501-8e0985b135e1", "Azure AI Account Owner"],
        ["eadc314b-1a2d-4efa-be10-5d325db5065e", "Azure AI Project Manager"],
      ] as const) {
        assert.deepEqual(
          await examine(privilegedAzureRole, assignment({ roleDefinitionId: definition(id) })),
          violated(`It assigns the role ${name}; assign a data role of the DICOM service instead.`),
        );
      }
    });

    it("knows them in ids that are written in another way", async () => {
      for (const id of [`${definition(contributor)}/`, `{${contributor}}`, `${contributor} `]) {
        const { violations } = await examine(privilegedAzureRole, assignment({ roleDefinitionId: id }));
        assert.match(violations.join("\n"), /assigns the role Contributor/, id);
      }
    });

    it("says nothing of roles that are called as a property of objects, nor of such resources", async () => {
      const named = { ...assignment(), type: "azure:authorization:Assignment" };
      for (const name of ["constructor", "__proto__"]) {
        const props = { ...named.props, roleDefinitionId: undefined, roleDefinitionName: name };
        assert.deepEqual(await examine(privilegedAzureRole, { ...named, props }), passed);
        const type = `azure-native:authorization:${name}`;
        assert.deepEqual(
          await examine(azureRole, { ...assignment({ roleDefinitionId: "x" }), type }),
          passed,
        );
      }
    });

    it("waits for a role that a preview does not know", async () => {
      assert.deepEqual(await examine(privilegedAzureRole, assignment({ roleDefinitionId: unknownText })), {
        violations: [],
        notYet: ["string value at .roleDefinitionId can't be known during preview"],
      });
    });
  });

  describe("azure-role-scope", () => {
    const ending =
      "assign the role on Microsoft.HealthcareApis/workspaces/dicomservices or Microsoft.HealthcareApis/workspaces.";

    it("objects to anything wider, and to resources of other types", async () => {
      const vault = `${subscription}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv`;
      for (const [scope, is] of [
        ["/", "no single resource"],
        [subscription, "no single resource"],
        [`${subscription}/resourceGroups/imaging`, "no single resource"],
        [
          "/providers/Microsoft.Management/managementGroups/hospital",
          "of the type Microsoft.Management/managementGroups",
        ],
        [`${subscription}/resourceGroups/imaging/providers/Microsoft.HealthcareApis`, "no single resource"],
        [`${workspace}/dicomservices`, "no single resource"],
        [`${workspace}/fhirservices/records`, "of the type Microsoft.HealthcareApis/workspaces/fhirservices"],
        [vault, "of the type Microsoft.KeyVault/vaults"],
        ["", "no single resource"],
        [`${workspace}/dicomservices/..`, "no single resource"],
        [`${dicomService}/../../../..`, "no single resource"],
        [`${subscription}/providers/Microsoft.HealthcareApis/workspaces/.`, "no single resource"],
        [`${workspace}/dicomservices/%2e%2e`, "no single resource"],
        [`${workspace}//`, "no single resource"],
        [`${dicomService}/PROVIDERS/Microsoft.HealthcareApis/workspaces/x`, "no single resource"],
      ] as const) {
        assert.deepEqual(
          await examine(azureRoleScope, assignment({ scope })),
          violated(`Its scope "${scope}" is ${is}; ${ending}`),
        );
      }
    });

    it("takes other types of resources", async () => {
      const scope = `${subscription}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv`;
      const config = { allowedResourceTypes: ["microsoft.keyvault/vaults"] };
      assert.deepEqual(await examine(azureRoleScope, assignment({ scope }), config), passed);
    });

    it("waits for a scope that a preview does not know", async () => {
      assert.deepEqual(await examine(azureRoleScope, assignment({ scope: unknownText })), {
        violations: [],
        notYet: ["string value at .scope can't be known during preview"],
      });
    });
  });
});
