import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import picocolors from "picocolors";
import { parse } from "yaml";
import {
  completeDicomApi,
  parseCalendarDay,
  readAccess,
  readStackConfig,
  roleAssignmentName,
  roleOwner,
} from "dicom-service-client/model";
import type { AdoptionPlan } from "../adopt/adoptionPlan";
import { adoptedIds } from "../adopt/adoptedIds";
import { adoptionText } from "../adopt/adoptionText";
import { chooseName } from "../adopt/chooseName";
import { clientBlock } from "../adopt/clientBlock";
import { clientNameOf } from "../adopt/clientName";
import { decodedIdentifier } from "../adopt/decodedIdentifier";
import { differences, rewrites } from "../adopt/difference";
import { type CureParts, differenceCure } from "../adopt/differenceCure";
import { withIds } from "../adopt/importFile";
import { unmanaged } from "../adopt/leftBehind";
import type { LiveRegistration } from "../adopt/liveRegistration";
import { nextSteps } from "../adopt/nextSteps";
import { type Preview, readPreview } from "../adopt/previewStep";
import { clientYaml, StackFile } from "../adopt/stackFile";
import { completedState, completions, spellings } from "../adopt/stateCompletion";
import { childTypes } from "../project/deployedClient";
import { makeCertificate, seedResourceIds } from "lab";

const api = completeDicomApi({});
const asOf = parseCalendarDay("2026-11-24") ?? assert.fail();
const deployer = "55555555-5555-4555-8555-555555555555";
const person = "66666666-6666-4666-8666-666666666666";
const principal = "99999999-9999-4999-8999-999999999999";
const roleDefinitions = `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
const reader = "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a";

const application = {
  id: "11111111-2222-4333-8444-555555555555",
  appId: "aaaaaaaa-2222-4333-8444-555555555555",
  displayName: "Gateway",
  description: "",
  serviceManagementReference: "",
  signInAudience: "AzureADMyOrg",
  createdDateTime: "2025-01-01T00:00:00Z",
  requiredResourceAccess: [],
  passwordCredentials: [],
  keyCredentials: [],
};
const bare: LiveRegistration = {
  application,
  servicePrincipal: {
    id: principal,
    appId: application.appId,
    displayName: "Gateway",
    accountEnabled: true,
    passwordCredentials: [],
    keyCredentials: [],
    appRoles: [],
  },
  applicationOwners: [],
  servicePrincipalOwners: [],
  certificates: [],
  federatedCredentials: [],
  consents: [],
  appRoles: [],
  azureRoles: [],
  memberships: [],
  deletedServicePrincipals: [],
  apis: [],
};
const owner = (id: string): LiveRegistration["applicationOwners"][number] => ({
  "@odata.type": "#microsoft.graph.user",
  id,
  displayName: "",
});
const role = (
  scope: string,
  roleId: string,
  more: { readonly name?: string; readonly condition?: string } = {},
): LiveRegistration["azureRoles"][number] => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${more.name ?? "0a0a0a0a-0000-4000-8000-000000000000"}`,
  properties: {
    roleDefinitionId: `${roleDefinitions}/${roleId}`,
    principalId: principal,
    principalType: "ServicePrincipal",
    scope,
    createdOn: null,
    condition: more.condition ?? "",
    description: "",
  },
});
const blockOf = (more: Partial<LiveRegistration>): ReturnType<typeof clientBlock> =>
  clientBlock({ ...bare, ...more }, api, deployer, roleOwner("p", "dev", "gateway"), asOf);

describe("what adopt writes", () => {
  describe("the configuration block", () => {
    it("of a bare registration declares a managed secret from today on, and no consent", () => {
      assert.deepEqual(blockOf({}).client, {
        displayName: "Gateway",
        consent: "none",
        secret: { from: "2026-11-24" },
      });
    });

    it("names the owners of application and service principal, without the deploying identity", () => {
      const { client } = blockOf({
        applicationOwners: [owner(deployer.toUpperCase()), owner(person)],
        servicePrincipalOwners: [owner(person.toUpperCase()), owner("00000000-0000-4000-8000-000000000001")],
      });
      assert.deepEqual(client["owners"], ["00000000-0000-4000-8000-000000000001", person]);
    });

    it("knows the custom role that the client brings along, and no other client's", () => {
      const dicom = seedResourceIds.dicomService;
      const own = (client: string): string =>
        readAccess({ dicomService: dicom, role: "uploader" }, roleOwner("p", "organization/p/dev", client))
          ?.roleId ?? "";
      const written = (roleId: string): unknown =>
        blockOf({ azureRoles: [role(dicom, roleId)] }).client["access"];
      const assignmentName = "0a0a0a0a-0000-4000-8000-000000000000";
      assert.deepEqual(written(own("gateway")), [{ dicomService: dicom, role: "uploader", assignmentName }]);
      assert.deepEqual(written(own("other")), [{ dicomService: dicom, role: own("other"), assignmentName }]);
    });

    it("keeps the name of a role assignment that was made by hand, and of a custom role its GUID", () => {
      const { dicomService, workspace } = seedResourceIds;
      const computed = roleAssignmentName(dicomService, principal, reader);
      const custom = "12345678-1234-4234-8234-123456789012";
      const { client } = blockOf({
        azureRoles: [role(dicomService, reader, { name: computed }), role(workspace, custom)],
      });
      assert.deepEqual(client["access"], [
        { dicomService, role: "reader" },
        { workspace, role: custom, assignmentName: "0a0a0a0a-0000-4000-8000-000000000000" },
      ]);
    });

    it("leaves out roles at other scopes and with conditions, and says why", () => {
      const [wide, limited] = [
        role(seedResourceIds.subscription, reader),
        role(seedResourceIds.dicomService, reader, { condition: "@Resource…" }),
      ];
      const { client, leftOut } = blockOf({ azureRoles: [wide, limited] });
      assert.equal(client["access"], undefined);
      assert.match(leftOut.get(wide.id) ?? "", /at another scope/);
      assert.match(leftOut.get(limited.id) ?? "", /has a condition/);
    });

    it("declares a certificate as it is on the application, whoever has uploaded it", async () => {
      const { pem } = await makeCertificate("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
      const entry = {
        keyId: "k",
        type: "AsymmetricX509Cert",
        usage: "Verify",
        displayName: "CN=Gateway Ü",
        startDateTime: null,
        endDateTime: "2027-06-01T00:00:00Z",
        customKeyIdentifier: "",
        key: new X509Certificate(pem).raw.toString("base64"),
      };
      const written = (more: object): unknown =>
        blockOf({ certificates: [{ ...entry, ...more }] }).client["certificates"];
      const same = (text: string): string => text.replace(/\s/g, "");
      const [portal] = written({}) as { name: string; pem: string }[];
      assert.deepEqual([portal?.name, same(portal?.pem ?? "")], ["gateway-u", same(pem)]);
      assert.deepEqual(written({ key: Buffer.from(pem).toString("base64") }), [{ name: "gateway-u", pem }]);
      assert.deepEqual(
        written({ key: Buffer.from(pem).toString("base64"), endDateTime: "2027-03-01T00:00:00Z" }),
        [{ name: "gateway-u", pem, expiresOn: "2027-03-01" }],
      );
      for (const [more, why] of [
        [{ key: null }, /PEM file/],
        [{ endDateTime: "2027-03-01T12:00:00Z" }, /cannot declare/],
        [{ usage: "Sign" }, /for Sign/],
      ] as const) {
        const { client, leftOut } = blockOf({ certificates: [{ ...entry, ...more }] });
        assert.equal(client["certificates"], undefined);
        assert.match(leftOut.get("k") ?? "", why);
      }
    });

    it("is valid for a registration without a name, or with one that no client could have", () => {
      const written = (displayName: string): unknown => {
        const { client } = blockOf({ application: { ...application, displayName } });
        assert.doesNotThrow(() => readStackConfig({ clients: { gateway: client } }, new Date("2026-11-24")));
        return client["displayName"];
      };
      for (const name of ["G".repeat(256), "  x ", "tab\tnul\u0000", "\u202egpj", '"`$(x)', "😀"]) {
        assert.equal(written(name), name);
      }
      // With an apostrophe in it the provider could not look for namesakes.
      assert.equal(written("St. Mary's"), "St. Mary’s");
      for (const name of ["", "  "]) assert.equal(written(name), application.appId);
    });

    it("gives two certificates two names, in whichever order they are listed", async () => {
      const entry = async (
        keyId: string,
        displayName: string,
      ): Promise<LiveRegistration["certificates"][number]> => ({
        keyId,
        type: "AsymmetricX509Cert",
        usage: "Verify",
        displayName,
        startDateTime: null,
        endDateTime: "2027-06-01T00:00:00Z",
        customKeyIdentifier: "",
        key: Buffer.from(
          (await makeCertificate("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z")).pem,
        ).toString("base64"),
      });
      const names = ["CN=gateway-2", "CN=gateway", "CN=Gateway", "CN=gateway-2", "", "한글"];
      const { client } = blockOf({
        certificates: await Promise.all(names.map((name, index) => entry(`k${index}`, name))),
      });
      assert.deepEqual(
        (client["certificates"] as { name: string }[]).map(({ name }) => name),
        ["gateway-2", "gateway", "gateway-3", "gateway-2-2", "certificate", "certificate-2"],
      );
    });

    it("makes one entry of an API's several, and leaves out what cannot be declared", () => {
      const fhir = "4f6778d8-5aef-43dc-a1ff-b073724b9495";
      const retired = "00000002-0000-0000-c000-000000000000";
      const [known, other, unknown, both] = [1, 2, 3, 4].map(
        (n) => `0a0a0a0a-0000-4000-8000-00000000000${n}`,
      );
      const live: Partial<LiveRegistration> = {
        application: {
          ...application,
          displayName: "G".repeat(150),
          description: "  ",
          requiredResourceAccess: [
            { resourceAppId: fhir, resourceAccess: [{ id: known ?? "", type: "Scope" }] },
            { resourceAppId: retired, resourceAccess: [{ id: other ?? "", type: "Scope" }] },
            {
              resourceAppId: fhir.toUpperCase(),
              resourceAccess: [
                { id: known ?? "", type: "Scope" },
                { id: other ?? "", type: "Role" },
                { id: unknown ?? "", type: "Role" },
                { id: both ?? "", type: "Scope,Role" },
              ],
            },
          ],
        },
        apis: [
          {
            appId: fhir,
            id: "s",
            displayName: "FHIR",
            scopeNames: { [known ?? ""]: "user_impersonation" },
            roleNames: { [other ?? ""]: "system.all.read" },
          },
        ],
      };
      const { client, leftOut } = blockOf(live);
      assert.deepEqual(client["permissions"], [
        { api: "fhir", scopes: ["user_impersonation"], roles: ["system.all.read"] },
      ]);
      assert.equal(client["description"], undefined);
      assert.doesNotThrow(() => readStackConfig({ clients: { gateway: client } }, new Date("2026-11-24")));
      const outside = unmanaged({ ...bare, ...live }, [], leftOut, "https://graph");
      assert.deepEqual(
        outside.map(({ what, id, why }) => [what, id, why.split(",")[0]]),
        [
          ["request for a permission (Role) of FHIR", unknown, "the API does not publish a name for it"],
          ["request for a permission (Scope,Role) of FHIR", both, "it is of the type Scope"],
          [
            `request for a permission (Scope) of ${retired}`,
            other,
            "the tenant has no service principal of this API",
          ],
        ],
      );
    });

    it("names directory roles and groups, also those whose names may not be read", () => {
      const memberships = [
        {
          "@odata.type": "#microsoft.graph.directoryRole",
          id: "r",
          displayName: "Directory Readers",
          roleTemplateId: "t",
        },
        { "@odata.type": "#microsoft.graph.directoryRole", id: "q", displayName: "", roleTemplateId: "" },
        { "@odata.type": "#microsoft.graph.group", id: "g", displayName: "", roleTemplateId: "" },
        {
          "@odata.type": "#microsoft.graph.administrativeUnit",
          id: "u",
          displayName: "Clinic",
          roleTemplateId: "",
        },
      ];
      assert.deepEqual(
        unmanaged({ ...bare, memberships }, [], new Map(), "https://graph").map(({ what, id, remove }) => [
          what,
          id,
          remove,
        ]),
        [
          [
            "directory role Directory Readers",
            "r",
            `az rest --method DELETE --url 'https://graph/v1.0/directoryRoles/r/members/${principal}/$ref'`,
          ],
          [
            "directory role whose name you are not allowed to read",
            "q",
            `az rest --method DELETE --url 'https://graph/v1.0/directoryRoles/q/members/${principal}/$ref'`,
          ],
          [
            "group whose name you are not allowed to read",
            "g",
            `az rest --method DELETE --url 'https://graph/v1.0/groups/g/members/${principal}/$ref'`,
          ],
          [
            "administrative unit Clinic",
            "u",
            `az rest --method DELETE --url 'https://graph/v1.0/directory/administrativeUnits/u/members/${principal}/$ref'`,
          ],
        ],
      );
    });

    it("writes the claims that a federated credential matches, and leaves out what cannot be declared", () => {
      const common = {
        issuer: "https://token.actions.githubusercontent.com",
        subject: "",
        audiences: ["api://AzureADTokenExchange"],
        description: "",
      };
      const claimsMatchingExpression =
        "claims['sub'] matches 'repo:a/b:*' and claims['repository_id'] eq '2'";
      const { client, leftOut } = blockOf({
        federatedCredentials: [
          { ...common, id: "f", name: "github", claimsMatchingExpression },
          { ...common, id: "g", name: "other", claimsMatchingExpression: "claims['sub'] eq 'a'" },
        ],
      });
      assert.deepEqual(client["federatedCredentials"], [
        { name: "github", issuer: common.issuer, claimsMatchingExpression },
      ]);
      assert.match(leftOut.get("g") ?? "", /^it cannot be declared: must compare repository_id or /);
    });

    it("declares one of what is there twice, and leaves out the other", () => {
      const claimsMatchingExpression =
        "claims['sub'] matches 'repo:a/b:*' and claims['repository_id'] eq '2'";
      const credential = {
        issuer: "https://token.actions.githubusercontent.com",
        subject: "",
        claimsMatchingExpression,
        audiences: ["api://AzureADTokenExchange"],
        description: "",
      };
      const { dicomService } = seedResourceIds;
      const again = role(dicomService.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"), reader, {
        name: "0b0b0b0b-0000-4000-8000-000000000000",
      });
      const { client, leftOut } = blockOf({
        federatedCredentials: [
          { ...credential, id: "f", name: "one" },
          { ...credential, id: "g", name: "other" },
        ],
        azureRoles: [role(dicomService, reader), again],
      });
      assert.doesNotThrow(() => readStackConfig({ clients: { gateway: client } }, new Date("2026-11-24")));
      assert.deepEqual(
        [client["federatedCredentials"], client["access"]].map((list) => (list as object[]).length),
        [1, 1],
      );
      assert.deepEqual(
        ["g", again.id].map((id) => leftOut.get(id)),
        [
          "it cannot be declared: has the same issuer and claimsMatchingExpression as federatedCredentials[0]; remove one of the two",
          "it cannot be declared: gives the same role on the same scope as access[0]; remove one of the two",
        ],
      );
    });

    it("declares what is asked of the DICOM API beside the scope that every client has", () => {
      const [scope, more, appRole] = [1, 2, 3].map((n) => `0a0a0a0a-0000-4000-8000-00000000000${n}`);
      const { client } = blockOf({
        application: {
          ...application,
          requiredResourceAccess: [
            {
              resourceAppId: api.clientId.toUpperCase(),
              resourceAccess: [
                { id: scope ?? "", type: "Scope" },
                { id: more ?? "", type: "Scope" },
                { id: appRole ?? "", type: "Role" },
              ],
            },
          ],
        },
        apis: [
          {
            appId: api.clientId,
            id: "s",
            displayName: "DICOM",
            scopeNames: { [scope ?? ""]: api.scope, [more ?? ""]: "Dicom.More" },
            roleNames: { [appRole ?? ""]: "Dicom.All" },
          },
        ],
      });
      assert.deepEqual(client["permissions"], [
        { api: api.clientId, scopes: ["Dicom.More"], roles: ["Dicom.All"] },
      ]);
      assert.doesNotThrow(() => readStackConfig({ clients: { gateway: client } }, new Date("2026-11-24")));
    });

    it("needs no secret when there are other credentials and no secret to replace", () => {
      const { client } = blockOf({
        federatedCredentials: [
          {
            id: "f",
            name: "github",
            issuer: "https://token.actions.githubusercontent.com",
            subject: "repo:a/b:c",
            claimsMatchingExpression: "",
            audiences: ["api://AzureADTokenExchange"],
            description: "",
          },
        ],
      });
      assert.equal(client["secret"], undefined);
      assert.deepEqual(client["federatedCredentials"], [
        { name: "github", issuer: "https://token.actions.githubusercontent.com", subject: "repo:a/b:c" },
      ]);
    });

    it("is written so that dates stay text and certificates stay readable", () => {
      const text = clientYaml("gateway", {
        secret: { from: "2026-11-24" },
        certificates: [{ pem: "a\nb\n" }],
      });
      assert.equal(
        text,
        'gateway:\n  secret:\n    from: "2026-11-24"\n  certificates:\n    - pem: |\n        a\n        b\n',
      );
      assert.equal(
        clientYaml("gateway", {
          displayName: "0o17",
          description: "1_000",
          serviceManagementReference: "yes",
        }),
        'gateway:\n  displayName: "0o17"\n  description: "1_000"\n  serviceManagementReference: "yes"\n',
      );
    });
  });

  it("makes a client's name of a display name", () => {
    assert.equal(clientNameOf("Imaging gateway (dev)"), "imaging-gateway-dev");
    assert.equal(clientNameOf("2. Röntgen / PACS"), "rontgen-pacs");
    assert.equal(clientNameOf(`A${"b".repeat(48)}-c`), `a${"b".repeat(48)}`);
    assert.equal(clientNameOf("放射線"), undefined);
  });

  it("names the client that has the display name of the registration, which no second one may have", () => {
    const target = { deployed: [], clients: { kept: { displayName: "Kept" } } };
    const registration = { appId: application.appId, displayName: "kept " };
    assert.equal(chooseName(target, registration, undefined), "kept");
    assert.equal(
      chooseName(
        { deployed: [], clients: { mary: { displayName: "St. Mary’s" } } },
        { appId: application.appId, displayName: "St. Mary's" },
        undefined,
      ),
      "mary",
    );
    assert.throws(
      () => chooseName(target, registration, "twin"),
      /^OperationError: The stack's client kept has the display name "kept " already\./,
    );
  });

  describe("the stack file", () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), "stack-file-"))));
    after(() => rm(folder, { recursive: true, force: true }));

    const file = async (text: string): Promise<StackFile> => {
      const path = join(folder, "Pulumi.dev.yaml");
      await writeFile(path, text);
      return StackFile.read(path, "imaging");
    };
    const client = { displayName: "New", secret: { from: "2026-11-24" } };

    it("gets the client behind the others; every other byte stays", async () => {
      const before = [
        "# head",
        "config:",
        "    clients:",
        "        first:   # odd   spacing",
        "            displayName: 'First'",
        "        # about the first",
        "",
        "    azuread:tenantId: t # tail",
        "",
      ].join("\n");
      const { text } = (await file(before)).with("second", client);
      assert.equal(
        text,
        before.replace(
          "            displayName: 'First'\n        # about the first\n",
          "            displayName: 'First'\n        # about the first\n        second:\n          displayName: New\n          secret:\n            from: \"2026-11-24\"\n",
        ),
      );
    });

    for (const [what, before] of [
      ["no config", "# nothing yet\n"],
      ["no clients", "config:\n  azuread:tenantId: t # tail\n"],
      ["a config with nothing in it", "config: # of dev\n# the end\n"],
      [
        "clients with nothing in them",
        "config:\n  clients: # none yet\n    # first:\n  azuread:tenantId: t\n",
      ],
      ["clients in one line", "config:\n  clients: { first: { displayName: First } } # one line\n"],
      ["a last line without an end", "config:\n  clients:\n    first:\n      displayName: First"],
      ["a text block at its end", "config:\n  clients:\n    first:\n      displayName: |\n        First\n"],
    ] as const) {
      it(`means the same as before, and the client, when it had ${what}`, async () => {
        const { text } = (await file(before)).with("second", client);
        const was = (parse(before) as { config?: Record<string, unknown> } | null)?.config ?? {};
        assert.deepEqual(parse(text), {
          config: {
            ...was,
            ["clients" in was ? "clients" : "imaging:clients"]: {
              ...(was["clients"] as object | undefined),
              second: client,
            },
          },
        });
        for (const comment of before.match(/# .*/g) ?? []) assert.ok(text.includes(comment), text);
      });
    }

    it("keeps the line endings of Windows, wherever the client goes", async () => {
      for (const before of [
        "config:\r\n  clients:\r\n    first:\r\n      displayName: First\r\n  azuread:tenantId: t\r\n",
        "config:\r\n  clients:\r\n    first:\r\n      displayName: First",
        "config:\r\n  clients: { first: { displayName: First } }\r\n",
        "\ufeffconfig:\r\n  azuread:tenantId: t\r\n",
        "\ufeffconfig: { clients: {} }\r\n",
      ]) {
        const { text } = (await file(before)).with("second", client);
        assert.ok(!/[^\r]\n/.test(text), JSON.stringify(text));
        assert.equal(text.startsWith("\ufeff"), before.startsWith("\ufeff"));
        const { config } = parse(text) as { readonly config: Readonly<Record<string, object>> };
        const clients = config["clients"] ?? config["imaging:clients"] ?? {};
        assert.deepEqual(Object.entries(clients).at(-1), ["second", client]);
      }
    });

    it("gets the client among the project's own, not another program's", async () => {
      const clients = "    first: { displayName: First }\n";
      for (const key of ["imaging:clients", "imaging:config:clients", "clients"]) {
        const before = `config:\n  network:clients:\n${clients}  imaging:subclients: 1\n  ${key}:\n${clients}`;
        const read = await file(before);
        const { text } = read.with("second", client);
        assert.ok(text.startsWith(before), text);
        assert.equal(read.lineOf("first", []), 6);
      }
      const foreign = `config:\n  network:clients:\n${clients}`;
      const read = await file(foreign);
      assert.ok(!read.has("first"));
      assert.deepEqual(parse(read.with("second", client).text), {
        config: {
          "network:clients": { first: { displayName: "First" } },
          "imaging:clients": { second: client },
        },
      });
    });

    it("retires no other client's secret that is written in the same place", async () => {
      const shared = 'config:\n  clients:\n    first: { secret: &days { from: "2026-01-01" } }\n';
      for (const second of ["{ secret: *days }", "{ secret: { <<: *days } }"]) {
        const read = await file(`${shared}    second: ${second}\n`);
        assert.throws(
          () => read.withRetired("first", "2026-02-02"),
          /first cannot be retired in .* by this command/,
        );
      }
      const { text } = (await file(shared)).withRetired("first", "2026-02-02");
      assert.match(text, /&days \{ from: "2026-01-01", retired: "2026-02-02" \}/);
    });

    it("is not written when its clients come from elsewhere, which would lose them", async () => {
      for (const before of [
        "base: &base\n  clients: {first: {displayName: First}}\nconfig:\n  <<: *base\n",
        "all: &all {first: {displayName: First}}\nconfig:\n  clients: *all\n",
      ]) {
        const read = await file(before);
        assert.throws(() => read.with("second", client), /second cannot be added to .*Pulumi\.dev\.yaml/);
      }
      const merged = "all: &all {first: {displayName: First}}\nconfig:\n  clients:\n    <<: *all\n";
      const { text } = (await file(merged)).with("second", client);
      assert.ok(text.startsWith(merged), text);
    });

    it("has the clients that a merge key brings, too", async () => {
      const read = await file(
        "all: &all {first: {displayName: First}}\nconfig:\n  clients:\n    <<: *all\n    second: {}\n",
      );
      assert.deepEqual(
        ["first", "second", "third", "toString"].map((name) => read.has(name)),
        [true, true, false, false],
      );
    });

    it("finds the line of a key, or of the nearest around it", async () => {
      const read = await file(
        "config:\n  clients:\n    a:\n      displayName: A\n      access:\n        - role: reader\n          dicomService: x\n",
      );
      assert.deepEqual(
        [["displayName"], ["access", 0, "role"], ["access", 0, "assignmentName"], ["owners"]].map((key) =>
          read.lineOf("a", key),
        ),
        [4, 6, 6, 3],
      );
      assert.equal(read.lineOf("b", ["owners"]), 2);
    });

    it("must be YAML with a mapping", async () => {
      await assert.rejects(file("config: [\n"), /is not valid YAML/);
      for (const other of ["- a\n", "text\n"]) await assert.rejects(file(other), /is not a stack file/);
    });
  });

  describe("the import file", () => {
    const config = readStackConfig(
      { clients: { gateway: { displayName: "Gateway", secret: { from: "2026-11-24" } } } },
      new Date("2026-11-24T00:00:00Z"),
    ).clients["gateway"];
    const generated = {
      resources: [
        { type: "dicom-service-client:index:DicomServiceClient", name: "gateway", component: true },
        ...[
          ["azuread:index/application:Application", "gateway-application"],
          ["azuread:index/applicationPassword:ApplicationPassword", "gateway-secret-a"],
          ["azuread:index/servicePrincipal:ServicePrincipal", "gateway-service-principal"],
        ].map(([type = "", name = ""]) => ({
          type,
          name,
          id: "<PLACEHOLDER>",
          parent: "gateway",
          version: "6.9.1",
        })),
      ],
    };

    it("has the ids in the providers' forms, and nothing that is created later", () => {
      assert.ok(config);
      const { resources } = withIds(generated, adoptedIds("gateway", config, bare, api, ""));
      assert.deepEqual(
        resources.map(({ name, id, parent }) => [name, id, parent]),
        [
          ["gateway", undefined, undefined],
          ["gateway-application", `/applications/${application.id}`, "gateway"],
          ["gateway-service-principal", `/servicePrincipals/${principal}`, "gateway"],
        ],
      );
    });

    it("finds a declared certificate by its bytes, and not by an identifier that anybody may choose", async () => {
      const make = async (): Promise<X509Certificate> =>
        new X509Certificate((await makeCertificate("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z")).pem);
      const [declared, foreign] = [await make(), await make()];
      const idsWith = (key: Buffer | null, named: X509Certificate, usage = "Verify"): readonly string[] =>
        adoptedIds(
          "gateway",
          { displayName: "Gateway", certificates: [{ name: "gateway", pem: declared.toString() }] },
          {
            ...bare,
            certificates: [
              {
                keyId: "k",
                type: "AsymmetricX509Cert",
                usage,
                displayName: "",
                startDateTime: null,
                endDateTime: null,
                customKeyIdentifier: named.fingerprint.replaceAll(":", ""),
                key: key?.toString("base64") ?? null,
              },
            ],
          },
          api,
          "",
        )
          .map(({ id }) => id)
          .filter((id) => id.includes("/certificate/"));
      const id = `${application.id}/certificate/k`;
      assert.deepEqual(idsWith(declared.raw, foreign), [id]);
      assert.deepEqual(
        idsWith(Buffer.from(declared.toString().replaceAll("\n", "\r\n")), foreign),
        [id],
        "as PEM text of a Windows machine",
      );
      assert.deepEqual(idsWith(foreign.raw, declared), []);
      assert.deepEqual(idsWith(null, declared), []);
      assert.deepEqual(idsWith(declared.raw, declared, "Sign"), []);
    });

    it("is refused when the program declares something else", () => {
      assert.ok(config);
      const ids = adoptedIds("gateway", config, bare, api, "");
      assert.throws(
        () => withIds({ resources: generated.resources.slice(0, 2) }, ids),
        /The program does not declare what would be adopted/,
      );
    });
  });

  describe("the state", () => {
    const resource = (name: string, outputs: object): object => ({
      urn: `urn:pulumi:dev::dicom-service-client::dicom-service-client:index:DicomServiceClient$azuread:index/application:Application::${name}`,
      type: "azuread:index/application:Application",
      custom: true,
      inputs: { displayName: "Gateway" },
      outputs,
    });
    const exported = (...resources: readonly object[]): string =>
      JSON.stringify({ version: 3, deployment: { manifest: { time: "t" }, resources } });
    const wanted = completions("gateway", {
      displayName: "Gateway",
      certificates: [],
      secret: { from: "2026-11-24" },
    });

    it("gets what the program says and the provider cannot read; nothing else changes", () => {
      const other = resource("other-application", { preventDuplicateNames: false });
      const completed = completedState(
        exported(other, resource("gateway-application", { preventDuplicateNames: false, notes: "n" })),
        wanted,
      );
      assert.deepEqual(
        JSON.parse(completed ?? ""),
        JSON.parse(
          exported(other, {
            ...resource("gateway-application", { preventDuplicateNames: true, notes: "n" }),
            inputs: { displayName: "Gateway", preventDuplicateNames: true },
          }),
        ),
      );
      assert.equal(completedState(completed ?? "", wanted), undefined);
    });

    it("takes a custom role for the declared one by what it allows, whatever kinds of actions it has none of", () => {
      const type = "azure-native:authorization:RoleDefinition";
      const step = (actions: readonly string[]): Preview => ({
        errors: [],
        steps: [
          {
            op: "update",
            urn: `urn:pulumi:dev::p::dicom-service-client:index:DicomServiceClient$${type}::a-custom-role-x`,
            oldState: {
              type,
              inputs: { permissions: [{ actions, notActions: [], dataActions: ["store"], __defaults: [] }] },
              outputs: {},
            },
            newState: { type, inputs: { permissions: [{ dataActions: ["store"] }] }, outputs: {} },
          },
        ],
      });
      assert.deepEqual(
        spellings(step([])).map(({ inputs }) => inputs),
        [{ permissions: [{ dataActions: ["store"] }] }],
      );
      assert.deepEqual(spellings(step(["*"])), []);
    });

    it("is refused in a form that is not known", () => {
      assert.throws(
        () => completedState('{"version": 99}', wanted),
        /a form that this version does not know/,
      );
    });
  });

  it("reads the errors of a preview that failed, each once, and nothing of what is no JSON", () => {
    assert.equal(readPreview("error: no stack"), undefined);
    assert.deepEqual(
      readPreview(
        JSON.stringify({
          diagnostics: [
            { severity: "error", message: "error: boom\n" },
            { severity: "error", message: "boom" },
            { severity: "warning", message: "careful" },
            { severity: "error", message: "error: preview failed\n" },
          ],
        }),
      ),
      { steps: [], errors: ["boom"] },
    );
  });

  describe("the cure of a difference", () => {
    const graph = "https://graph.microsoft.us";
    const common = {
      object: "g1",
      objectId: "o1",
      clientId: "c1",
      graph,
      inputs: {},
      key: undefined,
      keyIsValue: true,
    };
    const cure = (
      type: string,
      property: string | null,
      declared: unknown,
      live: unknown = null,
      more: Partial<CureParts> = {},
    ): string => differenceCure({ ...common, type, property, declared, live, ...more });
    const application = "azuread:index/application:Application";

    it("is the command of az, where there is one", () => {
      assert.equal(
        cure(application, "requiredResourceAccesses", [
          { resourceAppId: "r", resourceAccesses: [{ id: "i", type: "Scope" }] },
        ]),
        `az ad app update --id c1 --required-resource-accesses '[{"resourceAppId":"r","resourceAccess":[{"id":"i","type":"Scope"}]}]'`,
      );
      assert.equal(
        cure(application, "signInAudience", "AzureADMyOrg"),
        "az ad app update --id c1 --sign-in-audience AzureADMyOrg",
      );
    });

    it("is a request otherwise, also where no key declares the property", () => {
      assert.equal(
        cure(
          "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
          "claimValues",
          ["a", "b"],
          ["a"],
          { inputs: { claimValues: ["a", "b"] } },
        ),
        `az rest --method PATCH --url 'https://graph.microsoft.us/v1.0/oauth2PermissionGrants/g1' --body '{"scope":"a b"}'`,
      );
      assert.equal(
        cure(application, "web", null, [{ redirectUris: ["https://x/"] }]),
        `az rest --method PATCH --url 'https://graph.microsoft.us/v1.0/applications/o1' --body '{"web":{"homePageUrl":null,"logoutUrl":null,"redirectUris":[],"implicitGrantSettings":{"enableAccessTokenIssuance":false,"enableIdTokenIssuance":false}}}'`,
      );
      assert.equal(
        cure("azuread:index/servicePrincipal:ServicePrincipal", "appRoleAssignmentRequired", false, true),
        `az rest --method PATCH --url 'https://graph.microsoft.us/v1.0/servicePrincipals/g1' --body '{"appRoleAssignmentRequired":false}'`,
      );
    });

    it("is a request to beta for a federated credential that matches claims", () => {
      const flexible =
        "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential";
      const request = (body: string): string =>
        `az rest --method PATCH --url 'https://graph.microsoft.us/beta/applications/o1/federatedIdentityCredentials/g1' --body '${body}'`;
      const claimsMatchingExpression = "claims['sub'] eq 'a'";
      const inputs = { claimsMatchingExpression, audience: "api://a", description: "Deploys" };
      const changed = (property: keyof typeof inputs): string =>
        cure(flexible, property, inputs[property], null, { inputs });
      assert.equal(
        changed("claimsMatchingExpression"),
        request(
          `{"claimsMatchingExpression":{"value":"claims['sub'] eq 'a'","languageVersion":1}}`.replaceAll(
            "'",
            "'\\''",
          ),
        ),
      );
      assert.equal(changed("audience"), request('{"audiences":["api://a"]}'));
      assert.equal(changed("description"), request('{"description":"Deploys"}'));
    });

    it("names the key that can take the live value, and quotes for a shell", () => {
      assert.equal(
        cure(application, "description", "The hospital's", "Live", { key: "clients.gateway.description" }),
        [
          'Write "Live" as clients.gateway.description, or change the live object to what is declared:',
          `az rest --method PATCH --url 'https://graph.microsoft.us/v1.0/applications/o1' --body '{"description":"The hospital'\\''s"}'`,
        ].join("\n"),
      );
    });

    it("does no harm when it is pasted: it shows whom it would hit, and the rest is a comment", () => {
      assert.deepEqual(cure(childTypes.servicePrincipal, "accountEnabled", true, false).split("\n"), [
        "Somebody has disabled it. Find out who, and why:",
        "az ad sp show --id g1",
        "Only then let it sign in again:",
        `# az rest --method PATCH --url '${graph}/v1.0/servicePrincipals/g1' --body '{"accountEnabled":true}'`,
      ]);
      const lines = cure(application, "appRoles", null, [
        {
          id: "i",
          value: "x",
          displayName: "X",
          description: "x",
          allowedMemberTypes: ["User"],
          enabled: true,
        },
      ]).split("\n");
      assert.deepEqual(
        lines.map((line) => [line.startsWith("#"), line.includes('"isEnabled":false')]),
        [...[1, 2, 3, 4].map(() => [false, false]), [true, true], [true, false]],
      );
    });

    it("writes all that is declared where no property is named, and otherwise shows what to leave out", () => {
      const graphRequest = (path: string, body: string, version = "v1.0"): RegExp =>
        new RegExp(`^az rest --method PATCH --url '${graph}/${version}/${path}' --body '${body}'$`);
      const inputs: Readonly<Record<string, unknown>> = {
        displayName: "Gateway",
        signInAudience: "AzureADMyOrg",
        preventDuplicateNames: true,
        owners: ["o"],
        requiredResourceAccesses: [{ resourceAppId: "r", resourceAccesses: [{ id: "i", type: "Scope" }] }],
        accountEnabled: true,
        claimValues: ["a", "b"],
        issuer: "https://i/",
        subject: "s",
        audiences: ["api://a"],
        claimsMatchingExpression: "e",
        audience: "api://a",
        resourceObjectId: "api",
        roleDefinitionId: "d",
        principalId: "p",
        roleName: "n",
      };
      const credential = "applications/o1/federatedIdentityCredentials/g1";
      const expected: Readonly<Record<string, readonly RegExp[]>> = {
        [childTypes.application]: [
          graphRequest(
            "applications/o1",
            '{"displayName":"Gateway","signInAudience":"AzureADMyOrg","requiredResourceAccess":\\[{"resourceAppId":"r","resourceAccess":\\[{"id":"i","type":"Scope"}\\]}\\]}',
          ),
        ],
        [childTypes.servicePrincipal]: [graphRequest("servicePrincipals/g1", '{"accountEnabled":true}')],
        [childTypes.certificate]: [/^Leave it out of k, or /, /^# az ad app credential delete --cert/],
        [childTypes.federated]: [
          graphRequest(
            credential,
            '{"issuer":"https://i/","subject":"s","audiences":\\["api://a"\\],"description":null}',
          ),
        ],
        [childTypes.flexible]: [
          graphRequest(
            credential,
            '{"issuer":"https://i/","claimsMatchingExpression":{"value":"e","languageVersion":1},"audiences":\\["api://a"\\],"description":null}',
            "beta",
          ),
        ],
        [childTypes.consent]: [graphRequest("oauth2PermissionGrants/g1", '{"scope":"a b"}')],
        [childTypes.appRole]: [
          /^Leave it out of k, or /,
          /^# az rest --method DELETE --url '.*\/servicePrincipals\/api\/appRoleAssignedTo\/g1'$/,
        ],
        [childTypes.azureRole]: [/^az rest --method PUT .*"roleDefinitionId":"d","principalId":"p"/],
        [childTypes.customRole]: [/^az rest --method PUT .*"roleName":"n"/],
      };
      // What cannot be imported is never taken over.
      const adopted = Object.values(childTypes).filter(
        (type) => ![childTypes.password, childTypes.vaultSecret].includes(type as never),
      );
      assert.deepEqual(Object.keys(expected).sort(), [...adopted].sort());
      for (const [type, lines] of Object.entries(expected)) {
        const shown = cure(type, null, null, null, { inputs, key: "k" }).split("\n");
        assert.equal(shown.length, lines.length, type);
        for (const [index, line] of lines.entries()) assert.match(shown[index] ?? "", line);
      }
      assert.match(
        cure(childTypes.consent, "resourceServicePrincipalObjectId", "r", "s", {
          inputs,
          key: "k",
          keyIsValue: false,
        }),
        /^Leave it out of k, or .*\n# az rest --method DELETE --url '.*\/oauth2PermissionGrants\/g1'$/,
      );
    });
  });

  it("shows no character of the tenant's that could act on a terminal", () => {
    const hostile = "\u202Egnp.exe\u001B[2J";
    const cure = differenceCure({
      keyIsValue: true,
      type: "azuread:index/application:Application",
      property: "appRoles",
      live: [{ id: "i", value: hostile, displayName: hostile, description: hostile }],
      declared: null,
      object: "",
      objectId: "o",
      clientId: "c",
      graph: "https://graph",
      inputs: {},
      key: undefined,
    });
    const plan = {
      version: 1,
      stack: "dev",
      verdict: "differences",
      client: "gateway",
      registration: {
        displayName: hostile,
        clientId: "c",
        objectId: "o",
        createdAt: null,
        servicePrincipalId: null,
      },
      config: { file: "f", isThere: true, block: "" },
      importFile: { resources: [] },
      adopted: [],
      creates: [],
      rewrites: [],
      differences: [
        {
          resource: "r",
          operation: "update",
          property: "appRoles",
          key: null,
          file: "f",
          line: 1,
          live: hostile,
          declared: null,
          cure,
        },
      ],
      notLookedAt: [],
      otherStacks: { looked: [], unread: [] },
      secrets: [{ keyId: "k", name: hostile, hint: hostile, startsAt: null, endsAt: null, remove: "" }],
      unmanaged: [{ what: hostile, id: "i", why: "", remove: hostile }],
      next: [],
      backup: null,
      undo: [],
    } satisfies AdoptionPlan;
    const text = adoptionText(plan, picocolors.createColors(false));
    assert.ok(!text.includes("\u202E") && !text.includes("\u001B"), JSON.stringify(text));
  });

  it("fits into 80 columns, but for ids and commands, which stay in one piece", () => {
    const id =
      "/servicePrincipals/99999999-9999-4999-8999-999999999999/appRoleAssignments/0a0a0a0a-0000-4000-8000-000000000000";
    const keyId = "441578a9-9dee-4078-8c3c-1aad6aecce2a";
    const remove = `az ad app credential delete --id ${application.appId} --key-id ${keyId}`;
    const creates = [
      { type: "azuread:index/applicationPassword:ApplicationPassword", name: "imaging-gateway-secret-a" },
    ];
    const secrets = [
      {
        keyId,
        name: "made by hand in the portal",
        hint: "abc",
        startsAt: "2026-01-01T00:00:00Z",
        endsAt: "2026-07-01T00:00:00Z",
        remove,
      },
    ];
    const plan = {
      version: 1,
      stack: "production",
      verdict: "clean",
      client: "imaging-gateway",
      registration: {
        displayName: "Imaging gateway",
        clientId: application.appId,
        objectId: application.id,
        createdAt: null,
        servicePrincipalId: null,
      },
      config: { file: "Pulumi.production.yaml", isThere: false, block: "displayName: Imaging gateway\n" },
      importFile: { resources: [] },
      adopted: [{ type: "t", name: "imaging-gateway-application-permission", id, inState: true }],
      creates,
      rewrites: [],
      differences: [],
      notLookedAt: [],
      otherStacks: {
        looked: ["development", "test", "staging"],
        unread: ["the-former-production-of-last-year"],
      },
      secrets,
      unmanaged: [
        {
          what: "consent to Dicom.ReadWrite of Azure API for DICOM",
          id: keyId,
          why: "the configuration does not declare it",
          remove,
        },
      ],
      next: [],
      backup: null,
      undo: [],
    } satisfies AdoptionPlan;
    const next = nextSteps({ ...plan }, "npx dicom-ops adopt --stack production --client-id x");
    const lines = adoptionText({ ...plan, next }, picocolors.createColors(false)).split("\n");
    assert.ok(lines.includes(`    ${id}`), lines.join("\n"));
    assert.ok(lines.includes(`    to remove it: ${remove}`), lines.join("\n"));
    assert.ok(lines.includes(`  # ${remove}`), lines.join("\n"));
    assert.deepEqual(
      lines.filter((line) => line.length > 80 && !line.includes(id) && !line.includes(remove)),
      [],
    );
  });

  it("shows a secret without a name by its decoded identifier", () => {
    const utf16 = Buffer.from("\uFEFFPACS 창고", "utf16le").toString("base64");
    assert.equal(decodedIdentifier(utf16), "PACS 창고");
    assert.equal(decodedIdentifier(Buffer.from("rbac", "utf16le").toString("base64")), "rbac");
    assert.equal(decodedIdentifier(Buffer.from("PowerShell", "utf8").toString("base64")), "PowerShell");
    assert.equal(decodedIdentifier("/////w=="), "/////w==");
    assert.equal(decodedIdentifier(""), "");
  });

  it("takes for no difference what only stands in another order", () => {
    const urn =
      "urn:pulumi:dev::p::dicom-service-client:index:DicomServiceClient$azuread:index/application:Application::a";
    const side = (inputs: object): object => ({ type: "t", inputs, outputs: inputs });
    const scope = { id: "0A0A0A0A-0000-4000-8000-000000000000", type: "Scope" };
    const role = { id: "0b0b0b0b-0000-4000-8000-000000000000", type: "Role" };
    const step = (live: unknown, declared: unknown): Preview => ({
      errors: [],
      steps: [
        {
          op: "update",
          urn,
          oldState: side({ requiredResourceAccesses: live }) as never,
          newState: side({ requiredResourceAccesses: declared }) as never,
          detailedDiff: { "requiredResourceAccesses[0].resourceAccesses[0].id": {} },
        },
      ],
    });
    const parts = {
      name: "a",
      written: { displayName: "A" },
      config: { displayName: "A" },
      adopted: [
        { type: "azuread:index/application:Application", name: "a", formerName: "a", id: "", object: "" },
      ],
      stackFile: { lineOf: () => 1, name: "f" } as unknown as StackFile,
      objectId: "",
      clientId: "",
      graph: "",
    };
    const declared = [
      { resourceAppId: "x", resourceAccesses: [{ ...scope, id: scope.id.toLowerCase() }, role] },
    ];
    const split = [
      { resourceAppId: "X", resourceAccesses: [role] },
      { resourceAppId: "x", resourceAccesses: [scope, role] },
      { resourceAppId: "y", resourceAccesses: [] },
    ];
    assert.deepEqual(differences(step(split, declared), parts), []);
    assert.deepEqual(
      rewrites(step(split, declared), parts).map(({ property }) => property),
      ["requiredResourceAccesses"],
    );
    const less = [{ resourceAppId: "x", resourceAccesses: [role] }];
    assert.equal(differences(step(less, declared), parts).length, 1);
    assert.deepEqual(rewrites(step(less, declared), parts), []);
  });

  it("finds by their values the properties that the engine does not name, and says why a replacement is once", () => {
    const type = childTypes.servicePrincipal;
    const side = (inputs: object): object => ({ type, inputs, outputs: {} });
    const step = (op: string, more: object = {}): Preview["steps"][number] => ({
      op,
      urn: `urn:pulumi:dev::p::dicom-service-client:index:DicomServiceClient$${type}::a`,
      oldState: side({ notes: "by hand", clientId: "c", __defaults: [] }) as never,
      newState: side({ notes: null, clientId: "c" }) as never,
      ...more,
    });
    const found = (...steps: readonly Preview["steps"][number][]): readonly (readonly unknown[])[] =>
      differences(
        { errors: [], steps: [...steps] },
        {
          name: "a",
          written: { displayName: "A" },
          config: { displayName: "A" },
          adopted: [{ type, name: "a", formerName: "a", id: "", object: "s1" }],
          stackFile: { lineOf: () => 1, name: "f" } as unknown as StackFile,
          objectId: "",
          clientId: "",
          graph: "https://graph",
        },
      ).map(({ operation, property }) => [operation, property]);
    assert.deepEqual(found(step("update")), [["update", "notes"]]);
    assert.deepEqual(
      found(
        step("create-replacement", { replaceReasons: ["clientId"] }),
        step("delete-replaced", { newState: null }),
      ),
      [["create-replacement", "clientId"]],
    );
    assert.deepEqual(found(step("delete", { newState: null })), [["delete", null]]);
  });

  it("names the place of a difference about a credential of runsOn, and of one behind it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "adopt-lines-"));
    const written = {
      displayName: "A",
      runsOn: { aks: { issuer: "https://aks.example/", namespace: "pacs", serviceAccount: "gateway" } },
      federatedCredentials: [{ name: "own", issuer: "https://own.example/", subject: "s" }],
    };
    await writeFile(
      join(folder, "Pulumi.dev.yaml"),
      `config:\n  clients:\n${clientYaml("a", written).replace(/^(?=.)/gm, "    ")}`,
    );
    const stackFile = await StackFile.read(join(folder, "Pulumi.dev.yaml"), "imaging");
    const config = readStackConfig({ clients: { a: written } }, new Date("2026-11-24T00:00:00Z")).clients[
      "a"
    ];
    assert.ok(config);
    const type =
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    const found = ["a-federated-runs-on-aks", "a-federated-own"].flatMap((name) =>
      differences(
        {
          errors: [],
          steps: [
            {
              op: "update",
              urn: `urn:pulumi:dev::p::dicom-service-client:index:DicomServiceClient$${type}::${name}`,
              oldState: { type, inputs: {}, outputs: { subject: "live" } },
              newState: { type, inputs: { subject: "declared" }, outputs: {} },
              detailedDiff: { subject: {} },
            },
          ],
        },
        {
          name: "a",
          written,
          config,
          adopted: [{ type, name, formerName: name, id: "i", object: "o" }],
          stackFile,
          objectId: "o1",
          clientId: "c1",
          graph: "https://graph.example",
        },
      ),
    );
    await rm(folder, { recursive: true });
    const lines = stackFile.text.split("\n");
    assert.deepEqual(
      found.map(({ key, line, cure }) => [key, lines[line - 1]?.trim(), cure.startsWith("Write ")]),
      [
        ["clients.a.runsOn", "runsOn:", false],
        ["clients.a.federatedCredentials[0].subject", "subject: s", true],
      ],
    );
    for (const { cure } of found) assert.match(cure, /"subject":"declared"/);
  });
});
