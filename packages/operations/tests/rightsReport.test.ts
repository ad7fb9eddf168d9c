import assert from "node:assert/strict";
import type { ClientConfig } from "dicom-service-client/model";
import type { CloudCall } from "../cloud/call";
import type { CloudClient } from "../cloud/cloudClient";
import type { DeclaredClient } from "../project/declaration";
import { childTypes, type DeployedClient } from "../project/deployedClient";
import type { DeployedResource } from "../project/deployedResource";
import { type HeldRights, readHeldRights } from "../rights/heldRights";
import { readRoleCondition, roleCondition } from "../rights/roleCondition";
import { checkRights, notLookedAtByRightsCheck } from "../rights/rightsCheck";
import { rightsCommands } from "../rights/rightsCommands";
import { needsFor, rightsReport, type IdentityRights, type Purpose } from "../rights/rightsReport";
import type { RightsReading } from "../rights/reading";

const subscription = "/subscriptions/6d5cf8c5-4f8e-4a43-8a7c-000000000001";
const serviceOf = (group: string): string =>
  `${subscription}/resourceGroups/${group}/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs`;
const service = serviceOf("imaging");
const reader = "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a";
const owner = "58a3b984-7adf-4c20-983a-32417c86fbc8";
const administrator = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";
const somebody = "66666666-6666-4666-8666-666666666666";

const gateway: ClientConfig = {
  displayName: "Gateway",
  consent: "none",
  access: [{ dicomService: service, role: "reader" }],
};

/** A role assignment as the state has it. */
const deployedRole = (scope: string, roleId: string): DeployedResource => ({
  urn: `urn:${scope}:${roleId}`,
  type: childTypes.azureRole,
  name: "role",
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/7e6b4d4f-0000-4000-8000-000000000001`,
  inputs: { scope },
  outputs: {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
  },
});
const deployedWith = (owners: readonly string[]): DeployedClient => ({
  name: "gateway",
  urn: "urn",
  dicomServiceUrls: [],
  isManagedIdentity: false,
  lastKnown: {},
  vaultSecrets: [],
  application: {
    displayName: "Gateway",
    description: "",
    serviceManagementReference: "",
    signInAudience: "",
    owners,
    requiredAccess: [],
    declared: {},
  },
  secrets: [],
  certificates: [],
  federatedCredentials: [],
  consents: [],
  appRoles: [],
  azureRoles: [],
});

const declarationOf = (
  client: Omit<DeclaredClient, "name">,
  resources: readonly DeployedResource[] = [],
): Parameters<typeof rightsReport>[0] => ({
  stack: "prod",
  clients: [{ name: "gateway", ...client }],
  resources,
  api: {} as never,
  asOf: {} as never,
  asOfIsPinned: false,
  providers: {},
});
const rightsOf = (
  declaration: Parameters<typeof rightsReport>[0],
  purpose: Purpose = "deploy",
  reading: RightsReading = "strict",
): IdentityRights => rightsReport(declaration, [purpose], reading).identities[0] ?? assert.fail();
const names = ({ graph }: Pick<IdentityRights, "graph">): readonly string[] =>
  graph.map(({ permission }) => permission);

describe("the rights of a stack", () => {
  describe("whose state has what the configuration has not", () => {
    it("take the role away from a scope that was left, and give nothing there", () => {
      const left = serviceOf("left");
      const { azure } = rightsOf(declarationOf({ config: gateway }, [deployedRole(left, owner)]));
      const there = azure.find(({ scope }) => scope === left);
      assert.deepEqual(
        [there?.roleId, there?.actions, there?.assignable, there?.escalation],
        [
          administrator,
          ["Microsoft.Authorization/roleAssignments/delete", "Microsoft.Authorization/roleAssignments/read"],
          { gives: [], takes: [owner] },
          false,
        ],
      );
      assert.match(
        there?.condition ?? "",
        /^\(!\(ActionMatches\{'Microsoft\.Authorization\/roleAssignments\/write'\}\)\) AND /,
      );
    });

    it("take away the role that was replaced at a scope that stays", () => {
      const { azure } = rightsOf(
        declarationOf({ config: gateway }, [deployedRole(service.toUpperCase(), owner)]),
      );
      assert.deepEqual(
        azure.map(({ scope, assignable }) => [scope.toLowerCase(), assignable]),
        [[service.toLowerCase(), { gives: [reader], takes: [owner, reader].sort() }]],
      );
    });

    it("remove the secret of a key vault that was left, which only the vault itself can do", () => {
      const vault = `${subscription}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv`;
      const secret: DeployedResource = {
        urn: "urn:secret",
        type: childTypes.vaultSecret,
        name: "secret",
        id: `${vault}/secrets/gateway`,
        inputs: {},
        outputs: {},
      };
      const { azure } = rightsOf(declarationOf({ config: gateway }, [secret]));
      const there = azure.find(({ scope }) => scope === vault);
      assert.deepEqual(
        [there?.actions, there?.dataActions],
        [["Microsoft.KeyVault/vaults/secrets/read"], ["Microsoft.KeyVault/vaults/secrets/delete"]],
      );
    });

    it("take back consent and application permissions", () => {
      const resource = (type: string): DeployedResource => ({
        urn: type,
        type,
        name: "x",
        inputs: {},
        outputs: {},
      });
      assert.deepEqual(names(rightsOf(declarationOf({ config: gateway }))), [
        "Application.ReadWrite.OwnedBy",
        "Organization.Read.All",
      ]);
      assert.deepEqual(
        names(
          rightsOf(
            declarationOf({ config: gateway }, [resource(childTypes.consent), resource(childTypes.appRole)]),
          ),
        ),
        [
          "AppRoleAssignment.ReadWrite.All",
          "Application.ReadWrite.OwnedBy",
          "DelegatedPermissionGrant.ReadWrite.All",
          "Organization.Read.All",
        ],
      );
    });
  });

  describe("with owners", () => {
    const config = { ...gateway, owners: [somebody] };
    const adding = ["Application.ReadWrite.All", "Directory.Read.All"];

    it("name them in the creation; adding one later takes more, which is said", () => {
      const { graph, occasional, otherReading } = rightsOf(declarationOf({ config }));
      assert.deepEqual(names({ graph }), ["Application.ReadWrite.OwnedBy", "User.Read.All"]);
      // Not for the creation by that reading, but for preflight to read the owners with.
      assert.deepEqual(otherReading.graph, ["Application.ReadWrite.OwnedBy", "User.Read.All"]);
      assert.deepEqual(
        occasional.map(({ when, graph: more }) => [when, names({ graph: more })]),
        [["when an owner is added, or put back, after the creation", adding]],
      );
    });

    it("add those that the state lacks", () => {
      const declaration = declarationOf({ config, deployed: deployedWith([]) });
      assert.deepEqual(names(rightsOf(declaration)), adding);
      assert.deepEqual(names(rightsOf(declaration, "deploy", "lenient")), [
        "Application.ReadWrite.OwnedBy",
        "User.Read.All",
      ]);
      assert.deepEqual(names(rightsOf(declarationOf({ config, deployed: deployedWith([somebody]) }))), [
        "Application.ReadWrite.OwnedBy",
        "User.Read.All",
      ]);
    });

    it("hand out no contested escalation by the script unless asked for it", () => {
      const script = rightsCommands(
        rightsReport(declarationOf({ config, deployed: deployedWith([]) }), ["deploy"], "strict"),
        "imaging",
      );
      assert.match(script, /^permit \S+ # Application\.ReadWrite\.OwnedBy$/m);
      assert.match(
        script,
        /^\[ "\$\{ESCALATE:-\}" != yes \] \|\| permit \S+ # Application\.ReadWrite\.All$/m,
      );
    });
  });

  it("read nothing with a right to write where documentation names one that only reads", () => {
    const federatedCredentials = [{ name: "ci", issuer: "https://issuer.example", subject: "a" }];
    const without = rightsOf(declarationOf({ config: gateway }), "drift");
    assert.deepEqual(names(without), ["Application.Read.All", "Directory.Read.All", "Policy.Read.All"]);
    const adopting = rightsOf(declarationOf({ config: gateway }), "adopt");
    assert.deepEqual(names(adopting), ["Application.Read.All", "Directory.Read.All"]);
    assert.deepEqual(
      adopting.occasional.map(({ when, graph }) => [when, names({ graph })]),
      [["when the registration has federated credentials", ["Application.ReadWrite.All"]]],
    );
    const config = { ...gateway, federatedCredentials };
    assert.deepEqual(rightsOf(declarationOf({ config }), "drift").cautious, names(without));
  });

  it("quote ids for a shell", () => {
    const config = { ...gateway, access: [{ dicomService: serviceOf("imaging(prod)"), role: "reader" }] };
    const script = rightsCommands(
      rightsReport(declarationOf({ config }), ["deploy", "drift"], "strict"),
      "imaging",
    );
    assert.match(script, /^limit '\S+' '\/subscriptions\/.*\/imaging\(prod\)\/.*' '/m);
  });
});

describe("the condition on a role assignment", () => {
  const cases = [
    { gives: [reader], takes: [reader] },
    { gives: [owner, reader].sort(), takes: [reader] },
    { gives: [], takes: [owner] },
    { gives: [owner], takes: [] },
  ];

  it("is read back as what it allows, however it is spaced, spelled and ordered", () => {
    for (const assignable of cases) {
      const condition = roleCondition(assignable);
      assert.deepEqual(readRoleCondition(condition), assignable);
      const other = condition
        .replaceAll(/\{([0-9a-f-]{36}), ([0-9a-f-]{36})\}/g, "{$2,$1}")
        .replaceAll(" ", "\n  ")
        .toUpperCase();
      assert.deepEqual(readRoleCondition(other), assignable);
    }
  });

  it("is not understood in any other form", () => {
    const condition = roleCondition({ gives: [reader], takes: [reader] });
    for (const other of [
      "",
      "true",
      condition.replace("GuidEquals", "GuidNotEquals"),
      condition.replace("AND @Request", "OR @Request"),
      condition.replaceAll("'ServicePrincipal'", "'User'"),
      condition.replace(" AND ((!", " OR ((!"),
      `${condition} OR (${condition})`,
    ]) {
      assert.equal(readRoleCondition(other), undefined, other);
    }
  });
});

describe("what an identity holds", () => {
  const declaration = declarationOf({ config: gateway });
  const needed = rightsOf(declaration);
  const [role = assert.fail()] = needed.azure;
  const definition = {
    type: "BuiltInRole",
    roleName: "Role Based Access Control Administrator",
    permissions: [
      {
        actions: ["Microsoft.Authorization/roleAssignments/*", "*/read"],
        notActions: [],
        dataActions: [],
        notDataActions: [],
        condition: "",
      },
    ],
  };
  const exact: HeldRights = {
    graph: ["Application.ReadWrite.OwnedBy", "Organization.Read.All"],
    azure: [
      {
        ...{ scope: service, countsAt: [service], condition: role.condition },
        ...{ definitionId: administrator, definition },
      },
    ],
    memberships: [],
    foreign: [],
  };
  const check = (held: Partial<HeldRights>): ReturnType<typeof checkRights> =>
    checkRights(somebody, { ...exact, ...held }, needed, needsFor("deploy", declaration));
  const withCondition = (condition: string | null): ReturnType<typeof checkRights> =>
    check({ azure: exact.azure.map((held) => ({ ...held, condition })) });

  it("is exactly what it needs when its content is, whatever its spelling", () => {
    assert.deepEqual(check({}), {
      ...{
        principalId: somebody,
        missing: [],
        excess: [],
        unknown: [],
        notes: [],
        notLookedAt: notLookedAtByRightsCheck,
      },
    });
    assert.deepEqual(
      check({ azure: exact.azure.map((held) => ({ ...held, scope: service.toUpperCase() })) }).excess,
      [],
    );
  });

  it("lacks what its condition does not allow, and has too much when that allows more", () => {
    const other = withCondition(roleCondition({ gives: [owner], takes: [owner] }));
    assert.deepEqual(other.missing, [
      `${role.role} at ${service}: its condition does not let it give the roles ${reader}`,
      `${role.role} at ${service}: its condition does not let it take away the roles ${reader}`,
    ]);
    const more = withCondition(roleCondition({ gives: [owner, reader], takes: [reader] }));
    assert.deepEqual([more.missing, more.excess.length], [[], 1]);
    assert.match(more.excess[0] ?? "", new RegExp(`its condition lets it give the roles ${owner}`));
    assert.match(withCondition(null).excess[0] ?? "", /no condition that limits it/);
  });

  it("is limited by a condition of the role itself, such as Key Vault Data Access Administrator has", () => {
    const within = (condition: string): ReturnType<typeof checkRights> =>
      check({
        azure: exact.azure.map((held) => ({
          ...held,
          condition: null,
          definition: {
            ...definition,
            permissions: definition.permissions.map((one) => ({ ...one, condition })),
          },
        })),
      });
    assert.match(
      within(roleCondition({ gives: [owner], takes: [owner] })).missing.join("\n"),
      /not let it give/,
    );
    assert.deepEqual(within(roleCondition({ gives: [reader], takes: [reader] })).missing, []);
    const ofVaults = within("((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})))");
    assert.match(ofVaults.unknown.join("\n"), /a condition of another form decides/);
  });

  it("is unknown where a condition has another form", () => {
    const { missing, excess, unknown } = withCondition("@Resource[Other] StringEquals 'x'");
    assert.deepEqual([missing, excess], [[], []]);
    assert.ok(unknown.length > 0);
  });

  it("counts a role for every scope at which Azure lists it, be it of a management group, and names it by its id at least", async () => {
    const others = `${service}-2`;
    const group = "/providers/Microsoft.Management/managementGroups/imaging (all)";
    const assignment = {
      id: `${group}/providers/Microsoft.Authorization/roleAssignments/${somebody}`,
      properties: {
        scope: group,
        principalId: somebody,
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${administrator}`,
      },
    };
    const cloud = {
      readAll: ({ name }: CloudCall, { scope }: { readonly scope?: string }) =>
        Promise.resolve(name.endsWith("OfPrincipal") && scope !== others ? [assignment] : []),
      read: () => Promise.resolve({ properties: { ...definition, roleName: null } }),
    } as unknown as CloudClient;
    const { azure } = await readHeldRights(cloud, somebody, [others, service], []);
    assert.deepEqual(
      azure.map(({ countsAt, definition: { roleName } }) => [countsAt, roleName]),
      [[[service], administrator]],
    );
    const { missing, excess } = check({ azure });
    assert.deepEqual(missing, []);
    assert.deepEqual(excess, [`${administrator} at ${group}: not needed, or allows more than is needed`]);
  });

  it("counts directory roles as too much, and says of groups what is not compared", () => {
    const { missing, excess, notes } = check({
      memberships: [
        { kind: "directory role", name: "Application Administrator" },
        { kind: "group", name: "Imaging" },
      ],
    });
    assert.deepEqual(missing, []);
    assert.match(excess[0] ?? "", /^The directory role Application Administrator: not needed/);
    assert.match(notes[0] ?? "", /^Member of Imaging: /);
  });

  it("counts a role by its actions, not by its name", () => {
    const impostor = { ...definition, permissions: [{ ...definition.permissions[0], actions: ["*/read"] }] };
    const { missing } = check({
      azure: exact.azure.map((held) => ({ ...held, definition: impostor as typeof definition })),
    });
    assert.match(missing[0] ?? "", /roleAssignments\/delete, .*roleAssignments\/write/);
    const broad = check({
      azure: exact.azure.map((held) => ({ ...held, definitionId: somebody })),
    });
    assert.match(broad.excess[0] ?? "", /not needed, or allows more than is needed/);
  });

  it("lacks OwnedBy although it may write the whole directory, which does not change applications", () => {
    const { missing, excess } = check({ graph: ["Directory.ReadWrite.All"] });
    assert.match(missing[0] ?? "", /Application\.ReadWrite\.OwnedBy/);
    assert.match(excess[0] ?? "", /Directory\.ReadWrite\.All/);
  });

  it("is noted, not called too much, when some documentation asks for it", () => {
    const { excess, notes } = check({ graph: [...exact.graph, "Application.Read.All"] });
    assert.deepEqual(excess, []);
    assert.match(notes[0] ?? "", /Application\.Read\.All: some documentation asks for it/);
  });

  it("is too much when it is broader than what suffices", () => {
    const { missing, excess } = check({
      graph: ["Application.ReadWrite.All", "Organization.Read.All"],
    });
    assert.deepEqual(missing, []);
    assert.match(excess[0] ?? "", /Application\.ReadWrite\.All/);
  });
});
