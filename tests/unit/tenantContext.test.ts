import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { completeDicomApi } from "../../components/dicomApi";
import { readTenantContext } from "../../components/tenantContext";
import {
  apiServicePrincipalId,
  deployerId,
  record,
  scopeId,
  tenantId,
  type MockTenant,
} from "./registrations";

describe("tenant context", () => {
  it("finds the scope by its name and the identity that deploys", async () => {
    const { result } = await record(() => readTenantContext(completeDicomApi({})));
    assert.deepEqual(result, {
      tenantId,
      deployingIdentityId: deployerId,
      apiServicePrincipalId,
      scopeId,
    });
  });

  it("asks for the API by its client id, tolerating that it is missing", async () => {
    const { invokes } = await record(() => readTenantContext(completeDicomApi({})));
    assert.deepEqual(invokes.find(({ token }) => token.endsWith("getServicePrincipals"))?.inputs, {
      clientIds: ["75e725bf-66ce-4cea-9b9a-5c4caae57f33"],
      ignoreMissing: true,
    });
  });

  const refusals: readonly [string, MockTenant, RegExp[]][] = [
    [
      "has no service principal for the API",
      { apiIsMissing: true },
      [
        new RegExp(`tenant ${tenantId} has no service principal for .*75e725bf-66ce-4cea-9b9a-5c4caae57f33`),
        /not registered .* or no DICOM service has been deployed/,
        /^ {2}az provider register --namespace Microsoft\.HealthcareApis --wait$/m,
        /^ {2}az ad sp create --id 75e725bf-66ce-4cea-9b9a-5c4caae57f33$/m,
      ],
    ],
    [
      "has an API without the DICOM audience",
      { servicePrincipalNames: ["https://azurehealthcareapis.com"] },
      [
        /audience https:\/\/dicom\.healthcareapis\.azure\.com is not among its names \(https:\/\/azurehealthcareapis\.com\)/,
        /^ {2}az ad sp show --id 75e725bf/m,
      ],
    ],
    [
      "has an API that does not publish the scope",
      { scopes: { user_impersonation: "x" } },
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

  it("takes an audience with and without a trailing slash as the same", async () => {
    const { result } = await record(
      () => readTenantContext(completeDicomApi({ audience: "https://dicom.healthcareapis.azure.com/" })),
      { tenant: { servicePrincipalNames: ["https://dicom.healthcareapis.azure.com/"] } },
    );
    assert.equal(result.scopeId, scopeId);
  });
});
