import assert from "node:assert/strict";
import type { ClientConfig } from "dicom-service-client/model";
import { refreshNeeds } from "../rights/providerNeeds";
import { readNeeds } from "../rights/readNeeds";

const subscription = "/subscriptions/6d5cf8c5-4f8e-4a43-8a7c-000000000001";
const vault = `${subscription}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv-imaging`;

describe("what it takes to watch over a client that is a managed identity", () => {
  it("is the right to read whose tokens it trusts, asked for in the subscription of its access", () => {
    const dicomService = `${subscription}/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/w/dicomservices/d`;
    const client = { displayName: "Gateway", access: [{ dicomService, role: "reader" }] };
    const scopesFor = (config: ClientConfig): readonly unknown[] =>
      readNeeds([config], ["audit"])
        .filter(({ permission }) => permission.least.some((action) => /federatedIdentity/.test(action)))
        .map(({ scope }) => scope);
    assert.deepEqual(scopesFor(client), []);
    assert.deepEqual(scopesFor({ ...client, application: "none" }), [subscription]);
  });
});

describe("what it takes to watch over a client with a key vault", () => {
  const client = {
    displayName: "Gateway",
    secret: { from: "2026-11-23" },
    vault: { id: vault, secretName: "gateway" },
  };
  const needs = [
    ...readNeeds([client], ["audit", "verify"]),
    ...refreshNeeds({ clients: [{ name: "gateway", config: client }], resources: [] }),
  ];

  it("is asked for at the vault and at its subscription, and nowhere else", () => {
    assert.deepEqual(new Set(needs.flatMap((need) => need.scope ?? [])), new Set([subscription, vault]));
  });

  it("reads the vault's secret as a refresh does, though not its value", () => {
    assert.deepEqual(
      needs.filter(({ scope }) => scope === vault).map(({ permission }) => permission.least),
      [["Microsoft.KeyVault/vaults/secrets/read"]],
    );
  });
});
