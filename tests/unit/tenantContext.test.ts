import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { assertInert, hostileStrings } from "lab";
import { completeDicomApi } from "../../components/dicomApi";
import { apiOf, idOf } from "../../components/permissionRequests";
import { readTenantContext } from "../../components/tenantContext";
import {
  deployerId,
  dicomClientId,
  fhirClientId,
  principalOf,
  record,
  scopeId,
  tenantId,
  usualTenant,
  type MockTenant,
} from "./registrations";

describe("tenant context", () => {
  it("finds the scope by its name and the identity that deploys", async () => {
    const { result } = await record(() => readTenantContext(completeDicomApi({})));
    assert.deepEqual(result, {
      tenantId,
      deployingIdentityId: deployerId,
      apis: {
        [dicomClientId]: {
          servicePrincipalId: principalOf(dicomClientId),
          scopeIds: { "Dicom.ReadWrite": scopeId },
          roleIds: {},
        },
      },
    });
  });

  it("asks for the API by its client id, and tells a missing one from other failures", async () => {
    const asked = async (tenant: MockTenant): Promise<string[]> => {
      const { invokes } = await record(
        () => readTenantContext(completeDicomApi({})).catch((error: unknown) => error),
        { tenant },
      );
      return invokes
        .map(({ token, inputs }) => `${token.split(":").at(-1)} ${JSON.stringify(inputs)}`)
        .sort();
    };
    const api = `getServicePrincipal {"clientId":"${dicomClientId}"}`;
    assert.deepEqual(await asked(usualTenant), ["getClientConfig {}", api]);
    assert.deepEqual(await asked({}), [
      "getClientConfig {}",
      api,
      `getServicePrincipals {"clientIds":["${dicomClientId}"],"ignoreMissing":true}`,
    ]);
  });

  const refusals: readonly [string, MockTenant, RegExp[]][] = [
    [
      "has no service principal for the API",
      {},
      [
        new RegExp(`tenant ${tenantId} has no service principal for .*75e725bf-66ce-4cea-9b9a-5c4caae57f33`),
        /not registered .* or no DICOM service has been deployed/,
        /^ {2}az provider register --namespace Microsoft\.HealthcareApis --wait$/m,
        /^ {2}az ad sp create --id 75e725bf-66ce-4cea-9b9a-5c4caae57f33$/m,
      ],
    ],
    [
      "has an API without the DICOM audience",
      { [dicomClientId]: { servicePrincipalNames: ["https://azurehealthcareapis.com"] } },
      [
        /audience https:\/\/dicom\.healthcareapis\.azure\.com is not among its names \(https:\/\/azurehealthcareapis\.com\)/,
        /^ {2}az ad sp show --id 75e725bf/m,
      ],
    ],
    [
      "has an API that does not publish the scope",
      { [dicomClientId]: { ...usualTenant[dicomClientId], scopes: { user_impersonation: "x" } } },
      [
        /does not publish the scope Dicom\.ReadWrite; it publishes user_impersonation/,
        /^ {2}az ad sp show --id 75e725bf/m,
      ],
    ],
  ];
  for (const [what, tenant, expected] of refusals) {
    it(`stops when the tenant ${what}, with the cause and the commands that cure it`, async () => {
      const { result: error } = await record(
        () => readTenantContext(completeDicomApi({})).catch((reason: unknown) => reason),
        { tenant },
      );
      // The engine prints the message of a RunError alone.
      assert.ok(RunError.isInstance(error));
      for (const pattern of [...expected, /Nothing has been created\.$/]) {
        assert.match(error.message, pattern);
      }
    });
  }

  it("names every permission of further APIs that is not there", async () => {
    const { result: error } = await record(
      () =>
        readTenantContext(completeDicomApi({}), [
          { api: "fhir", scopes: ["user_impersonation", "missing.scope"], roles: ["missing.role"] },
          { api: "9F1B5A3C-0C5D-4F3E-8A55-0A7D4F1F0042", roles: ["x"] },
        ]).catch((reason: unknown) => reason),
      {
        tenant: {
          ...usualTenant,
          [fhirClientId]: { scopes: { user_impersonation: "id" }, roles: { "system.all.read": "id" } },
        },
      },
    );
    assert.ok(RunError.isInstance(error));
    assert.match(error.message, /does not publish the scope missing\.scope; it publishes user_impersonation/);
    assert.match(
      error.message,
      /does not publish the app role missing\.role; it publishes system\.all\.read/,
    );
    assert.match(error.message, /^ {2}az ad sp create --id 9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0042$/m);
    assert.doesNotMatch(error.message, /scope user_impersonation/);
  });

  it("shows names that others chose as text", async () => {
    for (const text of hostileStrings) {
      for (const tenant of [
        { [dicomClientId]: { ...usualTenant[dicomClientId], scopes: { [text]: "x" } } },
        { [dicomClientId]: { ...usualTenant[dicomClientId], servicePrincipalNames: [text] } },
        {},
      ]) {
        const { result: error } = await record(
          () =>
            readTenantContext(completeDicomApi({ scope: text }), [
              { api: "fhir", scopes: [text], roles: [text] },
            ]).catch((reason: unknown) => reason),
          { tenant: { ...tenant, [fhirClientId]: { scopes: { [text]: "id" }, roles: {} } } },
        );
        assert.ok(RunError.isInstance(error));
        assertInert("text", error.message);
      }
    }
  });

  it("has no API and no permission that is only called as a property of objects", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.throws(() => idOf({}, name), new RegExp(`without the permission ${name};`));
      const tenant = { tenantId, deployingIdentityId: deployerId, apis: {} };
      assert.throws(() => apiOf(tenant, name), new RegExp(`without the API ${name};`));
    }
  });

  it("takes an audience with and without a trailing slash as the same", async () => {
    const { result } = await record(
      () => readTenantContext(completeDicomApi({ audience: "https://dicom.healthcareapis.azure.com/" })),
      {
        tenant: {
          [dicomClientId]: {
            ...usualTenant[dicomClientId],
            servicePrincipalNames: ["https://dicom.healthcareapis.azure.com/"],
          },
        },
      },
    );
    assert.equal(result.tenantId, tenantId);
  });
});
