import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TestTenant } from "../support/testTenant";

interface RecordedCommand {
  readonly command: string;
  readonly requests: readonly {
    readonly method: string;
    /** Path and query, as sent. */
    readonly url: string;
    readonly body?: unknown;
    readonly status: number;
  }[];
}

/** What the Azure CLI sent to the tenant, recorded with azure-cli from PyPI, signed in as the pipeline. */
const { azureCli, commands } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "fixtures", "azureCli", "requests.json"), "utf8"),
) as { readonly azureCli: string; readonly commands: readonly RecordedCommand[] };

describe(`Requests of the Azure CLI ${azureCli}`, () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await TestTenant.start();
  });
  after(() => tenant.stop());

  for (const { command, requests } of commands) {
    it(`are answered: ${command}`, async () => {
      for (const { method, url, body, status } of requests) {
        const surface = /^\/(v1\.0|beta)\//.test(url) ? "graph" : "arm";
        const token = await tenant.adminToken(surface);
        const answer = await tenant.call(method, url, body === undefined ? { token } : { token, json: body });
        assert.equal(answer.status, status, `${method} ${url}: ${answer.body}`);
      }
    });
  }

  it("find what they look for", async () => {
    const token = await tenant.adminToken();
    const found = async (filter: string): Promise<unknown[]> => {
      const path = `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`;
      const { value } = (await tenant.call("GET", path, { token })).expect(200).json as {
        readonly value: readonly { readonly displayName: string }[];
      };
      return value.map(({ displayName }) => displayName);
    };
    const dicom = ["Azure API for DICOM"];
    assert.deepEqual(
      await found("servicePrincipalNames/any(c:c eq 'https://dicom.healthcareapis.azure.com')"),
      dicom,
    );
    assert.deepEqual(await found("startswith(displayName, 'azure api for d')"), dicom);
    assert.deepEqual(await found("startswith(displayName,'for DICOM')"), []);
    assert.deepEqual(await found("displayName eq 'nobody' or displayName eq 'Azure API for DICOM'"), dicom);
    assert.deepEqual(
      await found("servicePrincipalNames/any(x:x eq '75e725bf-66ce-4cea-9b9a-5c4caae57f33') and id eq 'x'"),
      [],
    );
  });
});
