import assert from "node:assert/strict";
import { resources, type TestApplication, TestTenant } from "../support/testTenant";

/* The shape is that of learn.microsoft.com/graph/api/resources/appcredentialsigninactivity. */
describe("The report on the use of credentials", () => {
  let tenant: TestTenant;
  let client: TestApplication;
  let reader: TestApplication;
  const hour = 3600;

  before(async () => {
    tenant = await TestTenant.start();
    client = await tenant.application("client");
    reader = await tenant.application("reader", ["AuditLog.Read.All"]);
  });
  after(() => tenant.stop());

  const signIn = () => tenant.token(client.appId, client.secret, resources.dicom);
  const rows = async (filter = `appId eq '${client.appId}'`): Promise<readonly unknown[]> => {
    const token = await tenant.token(reader.appId, reader.secret, resources.graph);
    const path = `/beta/reports/appCredentialSignInActivities?$filter=${encodeURIComponent(filter)}`;
    return (await tenant.call("GET", path, { token })).expect(200).listAt("value");
  };
  const lastUses = async (): Promise<readonly unknown[]> =>
    (await rows()).map(
      (row) => (row as { signInActivity: { lastSignInDateTime: string } }).signInActivity.lastSignInDateTime,
    );

  it("has no row of a secret that nobody has used", async () => {
    assert.deepEqual(await rows(), []);
  });

  it("shows the key, the object that it lies on, and the last use", async () => {
    await signIn();
    const at = tenant.clock.now();
    const [row] = (await rows()) as readonly [Record<string, unknown>];
    const application = await tenant.call("GET", `/v1.0/applications/${client.id}`, {
      token: await tenant.adminToken(),
    });
    const keyId = application.textAt("passwordCredentials", 0, "keyId");
    assert.equal(row.keyId, keyId);
    assert.equal(Buffer.from(String(row.id), "base64").toString(), `${keyId}|application`);
    assert.equal(row.keyType, "clientSecret");
    assert.equal(row.credentialOrigin, "application");
    assert.equal(row.appObjectId, client.id);
    assert.equal(row.servicePrincipalObjectId, client.servicePrincipalId);
    assert.equal(row.expirationDateTime, application.textAt("passwordCredentials", 0, "endDateTime"));
    assert.deepEqual(await lastUses(), [at.toISOString().replace(".000Z", "Z")]);
    assert.deepEqual(await rows(`keyId eq '${keyId}'`), [row]);
  });

  it("does not count a sign-in that was refused", async () => {
    const before = await lastUses();
    tenant.clock.advance(hour);
    await tenant.tokenRequest({
      grant_type: "client_credentials",
      client_id: client.appId,
      client_secret: client.secret,
      scope: "https://nothing.example/.default",
    });
    assert.deepEqual(await lastUses(), before);
  });

  it("is as late as the tenant is told to be, although the credential is used every hour", async () => {
    await tenant.running.control("PUT", "settings", { signInReportDelaySeconds: 24 * hour });
    const start = tenant.clock.now().getTime();
    for (let hours = 0; hours < 72; hours += 1) {
      await signIn();
      tenant.clock.advance(hour);
    }
    const [last] = await lastUses();
    assert.equal(Date.parse(String(last)), start + 48 * hour * 1000);
    await tenant.running.control("PUT", "settings", { signInReportDelaySeconds: 0 });
    assert.equal(Date.parse(String((await lastUses())[0])), start + 71 * hour * 1000);
  });

  it("is refused without the permission, and in v1.0", async () => {
    const path = "reports/appCredentialSignInActivities";
    const token = await tenant.token(client.appId, client.secret, resources.graph);
    assert.equal((await tenant.call("GET", `/beta/${path}`, { token })).expect(403).status, 403);
    const allowed = await tenant.token(reader.appId, reader.secret, resources.graph);
    assert.notEqual((await tenant.call("GET", `/v1.0/${path}`, { token: allowed })).status, 200);
  });

  it("answers at the tenant's time, as its other answers do", async () => {
    const { headers } = await tenant.call("GET", "/beta/reports/appCredentialSignInActivities");
    assert.equal(Date.parse(headers.date ?? ""), tenant.clock.now().getTime());
  });
});
