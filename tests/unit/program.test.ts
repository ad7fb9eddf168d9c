import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { program } from "../../components/stack/program";
import {
  deployerId,
  existingRoles,
  record,
  subscriptionId,
  tenantId,
  usualTenant,
  valueOf,
  type MockTenant,
} from "./registrations";

const dicomService =
  "/subscriptions/6d5cf8c5-4f8e-4a43-8a7c-000000000001/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs";
const gateway = { displayName: "Gateway", access: [{ dicomService }], secret: { from: "2026-11-23" } };
const research = { displayName: "Research", access: [{ dicomService }], secret: { from: "2026-11-01" } };

const ofIdentity = {
  displayName: "Gateway",
  application: "none",
  access: [{ dicomService }],
  runsOn: {
    managedIdentity: {
      tenantId,
      principalId: "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0021",
      clientId: "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0022",
    },
  },
};

describe("stack program", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it("declares a second client by one more entry, and reads the tenant once for both", async () => {
    const one = await run({ gateway });
    const two = await run({ gateway, research });
    assert.equal(one.registrations.length, 6);
    assert.equal(two.registrations.length, 12);
    assert.deepEqual(
      two.registrations.filter(({ name }) => name.startsWith("gateway")),
      one.registrations,
    );
    assert.deepEqual(two.invokes, one.invokes);
  });

  it("shows a single client's id and secret at the top, too", async () => {
    const { result } = await run({ gateway });
    assert.deepEqual(Object.keys(result).sort(), [
      "clientId",
      "clientSecret",
      "clientSecretId",
      "clientSecrets",
      "clients",
    ]);
    const { clientId, clientSecret, clientSecretId } = result;
    assert.ok(clientId && clientSecret && clientSecretId);
    assert.deepEqual(await Promise.all([valueOf(clientId), valueOf(clientSecretId), valueOf(clientSecret)]), [
      "gateway-application-client-id",
      "gateway-secret-a-key-id",
      "gateway-secret-a-value",
    ]);
    assert.deepEqual(
      await Promise.all([clientId, clientSecretId, clientSecret].map((output) => pulumi.isSecret(output))),
      [false, false, true],
    );
  });

  it("shows no secret of a single client that has none", async () => {
    const { secret: _, ...without } = gateway;
    const { result } = await run({ gateway: { ...without, credentials: "none" } });
    assert.deepEqual(Object.keys(result).sort(), ["clientId", "clientSecrets", "clients"]);
  });

  it("leaves the single client's outputs out when there are several", async () => {
    const { result } = await run({ gateway, research });
    assert.deepEqual(Object.keys(result).sort(), ["clientSecrets", "clients"]);
    assert.deepEqual(Object.keys(result.clients), ["gateway", "research"]);
  });

  it("keeps the secrets' values in one secret output and out of the plain one", async () => {
    const { result } = await run({ gateway, research });
    assert.equal(await pulumi.isSecret(result.clientSecrets), true);
    assert.deepEqual(await valueOf(result.clientSecrets), {
      gateway: { current: "gateway-secret-a-value", previous: undefined },
      research: { current: "research-secret-a-value", previous: undefined },
    });
    const plain = pulumi.output(result.clients);
    assert.equal(await pulumi.isSecret(plain), false);
    assert.doesNotMatch(JSON.stringify(await valueOf(plain)), /-value/);
  });

  it("declares nothing when the configuration is wrong", async () => {
    const { result, registrations, invokes } = await attempt({ gateway: { ...gateway, consent: "manged" } });
    assert.ok(pulumi.RunError.isInstance(result));
    assert.match(result.message, /1 problem; nothing has been created/);
    assert.deepEqual([registrations, invokes], [[], []]);
  });

  it("leaves the value of a secret out that is to stay in its key vault", async () => {
    const vault = {
      id: `/subscriptions/${subscriptionId}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv-imaging`,
      secretName: "gateway",
      export: false,
    };
    const { result } = await run({ gateway: { ...gateway, vault } });
    assert.deepEqual(await valueOf(result.clientSecrets), {});
    assert.ok(!("clientSecret" in result));
    assert.equal(await valueOf(result.clientSecretId ?? assert.fail()), "gateway-secret-a-key-id");
  });

  it("names roles that do not exist and vaults of other subscriptions before it declares anything", async () => {
    const missing = "0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0009";
    const elsewhere = "6d5cf8c5-4f8e-4a43-8a7c-000000000002";
    const { result, registrations } = await attempt({
      gateway: {
        ...gateway,
        access: [
          { dicomService, role: existingRoles[0] },
          { dicomService, role: missing },
        ],
        vault: {
          id: `/subscriptions/${elsewhere}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv-imaging`,
          secretName: "gateway",
        },
      },
    });
    assert.ok(pulumi.RunError.isInstance(result));
    assert.match(
      result.message,
      /clients\.gateway\.access\[1\]\.role: the role definition 0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0009 /,
    );
    assert.doesNotMatch(result.message, /access\[0\]/);
    assert.match(
      result.message,
      /clients\.gateway\.vault\.id: the key vault is in the subscription 6d5cf8c5-4f8e-4a43-8a7c-000000000002/,
    );
    assert.match(result.message, /Nothing has been created\.$/);
    assert.deepEqual(registrations, []);
  });

  it("declares nothing when the tenant does not have the API", async () => {
    const { result, registrations } = await attempt({ gateway, research }, {});
    assert.ok(pulumi.RunError.isInstance(result));
    assert.match(result.message, /az ad sp create/);
    assert.deepEqual(registrations, []);
  });

  it("names what the tenant does not have and what Azure does not have in one error", async () => {
    const missing = "0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0009";
    const { result, registrations } = await attempt(
      { gateway: { ...gateway, access: [{ dicomService, role: missing }] } },
      {},
    );
    assert.ok(pulumi.RunError.isInstance(result));
    assert.match(result.message, /^The tenant .* has no service principal for the DICOM service/);
    assert.match(result.message, /^clients\.gateway\.access\[0\]\.role: the role definition 0f7a1c11-/m);
    assert.equal(result.message.match(/Nothing has been created\./g)?.length, 1);
    assert.match(result.message, /\nNothing has been created\.$/);
    assert.deepEqual(registrations, []);
  });

  it("asks nothing of the directory when no client has an application", async () => {
    const { registrations, invokes, result } = await run({ gateway: ofIdentity });
    assert.deepEqual(
      [registrations.length, invokes.map(({ token }) => token)],
      [2, ["azuread:index/getClientConfig:getClientConfig"]],
    );
    assert.equal(await valueOf(result.clientId ?? assert.fail()), ofIdentity.runsOn.managedIdentity.clientId);
    const both = await run({ gateway: ofIdentity, research });
    assert.equal(both.registrations.length, 8);
  });

  it("declares nothing when a managed identity is of another tenant", async () => {
    const elsewhere = { ...ofIdentity.runsOn.managedIdentity, tenantId: subscriptionId };
    const { result, registrations } = await attempt({
      research,
      gateway: { ...ofIdentity, runsOn: { managedIdentity: elsewhere } },
    });
    assert.ok(pulumi.RunError.isInstance(result));
    assert.match(
      result.message,
      /^clients\.gateway\.runsOn\.managedIdentity\.tenantId: the identity is of the tenant 6d5cf8c5.*\nNothing has been created\.$/,
    );
    assert.deepEqual(registrations, []);
  });

  it("previews the owners of the deploying identity that the configuration names, whoever looks", async () => {
    const pipeline = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0007";
    const { registrations } = await record(
      () => {
        configure({ gateway }, { deployingIdentity: pipeline });
        return program();
      },
      { preview: true },
    );
    assert.deepEqual(
      registrations.flatMap(({ inputs }) => ("owners" in inputs ? [inputs["owners"]] : [])),
      [[pipeline], [pipeline]],
    );
  });

  it("deploys as the identity that the configuration names, and refuses any other before it declares anything", async () => {
    const deployed = await record(() => {
      configure({ gateway }, { deployingIdentity: deployerId.toUpperCase() });
      return program();
    });
    assert.equal(deployed.registrations.length, 6);

    const { result, registrations } = await record(() => {
      configure({ gateway }, { deployingIdentity: "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0007" });
      return program().catch((error: unknown) => error);
    });
    assert.ok(pulumi.RunError.isInstance(result));
    assert.match(
      result.message,
      new RegExp(`deployingIdentity 9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0007, but ${deployerId} is signed in`),
    );
    assert.match(result.message, /Nothing has been created or changed\.$/);
    assert.deepEqual(registrations, []);
  });
});

function run(
  clients: Readonly<Record<string, unknown>>,
): Promise<Awaited<ReturnType<typeof record<Awaited<ReturnType<typeof program>>>>>> {
  return record(() => {
    configure(clients);
    return program();
  });
}

function attempt(
  clients: Readonly<Record<string, unknown>>,
  tenant: MockTenant = usualTenant,
): Promise<Awaited<ReturnType<typeof record<unknown>>>> {
  return record(
    () => {
      configure(clients);
      return program().catch((error: unknown) => error);
    },
    { tenant },
  );
}

function configure(
  clients: Readonly<Record<string, unknown>>,
  more: { readonly deployingIdentity?: string } = {},
): void {
  pulumi.runtime.setAllConfig({
    "dicom-service-client:clients": JSON.stringify(clients),
    "dicom-service-client:asOf": "2026-11-23",
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`dicom-service-client:${key}`, value])),
  });
}
