import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { systemClock } from "../../../tenant/core/clock";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { keyCredential, testCertificate, type TestCertificate } from "../support/testCertificate";
import { TestClock } from "../support/testClock";
import { TestTenant, resources, type TestApplication } from "../support/testTenant";
import { runClient } from "./runClient";

/*
 * Client libraries as they are published, against the tenant over TLS. What they need to be pointed here: instance discovery of
 * @azure/identity switched off and the tenant named as a known authority to MSAL, because both otherwise ask
 * login.microsoftonline.com whether a host is an authority; the host named to the Graph SDK, which sends tokens to Microsoft's
 * hosts only. Nothing else differs from their use with Azure.
 */
describe("Real clients", function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  let client: TestApplication;
  let certificate: TestCertificate;
  const issuer = "https://token.actions.githubusercontent.com";
  const subject = "repo:contoso/imaging:environment:dev";

  before(async () => {
    // client libraries look at the machine's clock, so the tenant does too
    tenant = await TestTenant.start({ clock: new TestClock(systemClock.now()) });
    client = await tenant.application("real client", ["Application.ReadWrite.All", "Directory.Read.All"]);
    const token = await tenant.adminToken();
    const now = tenant.clock.now().getTime();
    certificate = await testCertificate(new Date(now - 3_600_000), new Date(now + 86_400_000));
    const keyCredentials = [keyCredential(certificate)];
    (
      await tenant.call("PATCH", `/v1.0/applications/${client.id}`, { token, json: { keyCredentials } })
    ).expect(204);
    const credential = { name: "github", issuer, subject, audiences: ["api://AzureADTokenExchange"] };
    const path = `/v1.0/applications/${client.id}/federatedIdentityCredentials`;
    (await tenant.call("POST", path, { token, json: credential })).expect(201);
    await tenant.assignRole(
      seedResourceIds.dicomService,
      builtInRoleIds.roleBasedAccessControlAdministrator,
      client.servicePrincipalId,
    );
  });
  after(() => tenant.stop());

  async function assertion(): Promise<string> {
    const answer = await tenant.running.control("POST", "assertion", { issuer, subject });
    return (answer.json as { readonly assertion: string }).assertion;
  }

  const scope = `${resources.dicom}/.default`;
  const expectDicomToken = (result: Readonly<Record<string, unknown>> | undefined): void => {
    assert.equal(result?.aud, resources.dicom);
    assert.equal(result.appid, client.appId);
    assert.equal(result.oid, client.servicePrincipalId);
    assert.equal(result.tid, seed.tenantId);
  };

  it("@azure/identity gets a token with a secret", async () => {
    const { result } = await runClient(tenant, "identity", {
      clientId: client.appId,
      secret: client.secret,
      scope,
    });
    expectDicomToken(result);
    assert.equal(result?.appidacr, "1");
  });

  it("@azure/identity gets a token with a certificate", async () => {
    const pem = `${certificate.key}${certificate.certificate}`;
    const { result } = await runClient(tenant, "identity", {
      clientId: client.appId,
      certificate: pem,
      scope,
    });
    expectDicomToken(result);
    assert.equal(result?.appidacr, "2");
  });

  it("@azure/identity gets a token with a federated assertion", async () => {
    const settings = { clientId: client.appId, assertion: await assertion(), scope };
    expectDicomToken((await runClient(tenant, "identity", settings)).result);
  });

  it("@azure/identity shows Entra's text for a wrong secret", async () => {
    const { error } = await runClient(tenant, "identity", { clientId: client.appId, secret: "wrong", scope });
    assert.match(error ?? "", /AADSTS7000215: Invalid client secret provided/);
  });

  it("MSAL gets a token with a secret", async () => {
    const { result } = await runClient(tenant, "msal", {
      clientId: client.appId,
      secret: client.secret,
      scope,
    });
    expectDicomToken(result);
  });

  it("MSAL gets a token with a certificate", async () => {
    const thumbprintSha256 = new X509Certificate(certificate.certificate).fingerprint256.replaceAll(":", "");
    const settings = { clientId: client.appId, key: certificate.key, thumbprintSha256, scope };
    expectDicomToken((await runClient(tenant, "msal", settings)).result);
  });

  it("MSAL gets a token with a federated assertion", async () => {
    const settings = { clientId: client.appId, assertion: await assertion(), scope };
    expectDicomToken((await runClient(tenant, "msal", settings)).result);
  });

  it("the Microsoft Graph SDK creates, changes, selects, filters, pages and deletes", async () => {
    const { result, error } = await runClient(tenant, "graph", {
      clientId: client.appId,
      secret: client.secret,
    });
    assert.equal(error, undefined);
    const read = result?.read as Readonly<Record<string, unknown>>;
    assert.equal(read.displayName, "made by the Graph SDK");
    assert.equal(read.notes, "noted");
    assert.equal(result?.found, 1);
    const all = await tenant.call("GET", "/v1.0/servicePrincipals?$select=displayName", {
      token: await tenant.adminToken(),
    });
    const names = all.listAt("value") as readonly { readonly displayName: string }[];
    assert.deepEqual(
      result.names,
      names.map(({ displayName }) => displayName),
    );
    assert.deepEqual(result.gone, { status: 404, code: "Request_ResourceNotFound" });
  });

  it("@azure/arm-authorization assigns, lists, meets conflicts and removes", async () => {
    const { result, error } = await runClient(tenant, "arm", {
      clientId: client.appId,
      secret: client.secret,
      principalId: client.servicePrincipalId,
      roleDefinitionId: builtInRoleIds.dicomDataReader,
      resourceScope: seedResourceIds.dicomService,
    });
    assert.equal(error, undefined);
    assert.deepEqual(result, {
      scope: seedResourceIds.dicomService,
      principalType: "ServicePrincipal",
      isListed: true,
      roles: [builtInRoleIds.dicomDataReader],
      twin: { status: 409, code: "RoleAssignmentExists" },
      gone: { status: 404, code: "RoleAssignmentNotFound" },
    });
  });
});
