import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { keyCredential, testCertificate } from "../support/testCertificate";
import { TestTenant, type TestApplication } from "../support/testTenant";
import type { TestAnswer, TestRequest } from "lab";

/*
 * What app management policies refuse (Microsoft Graph reference: appManagementPolicy, tenantAppManagementPolicy,
 * passwordCredentialConfiguration, keyCredentialConfiguration), the directory's quota, and the app instance property lock.
 */
const defaultPath = "/policies/defaultAppManagementPolicy";
const policiesPath = "/policies/appManagementPolicies";
const defaultId = "00000000-0000-0000-0000-000000000000";

describe("App management policies", () => {
  let tenant: TestTenant;
  let admin: string;
  let client: TestApplication;

  beforeEach(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
    client = await tenant.application("client");
  });
  afterEach(() => tenant.stop());

  const call = (method: string, path: string, json?: unknown, token = admin): Promise<TestAnswer> => {
    const request: TestRequest = json === undefined ? { token } : { token, json };
    return tenant.call(method, `/v1.0${path}`, request);
  };
  const setDefault = async (restrictions: object): Promise<void> => {
    const body = { isEnabled: true, applicationRestrictions: restrictions };
    (await call("PATCH", defaultPath, body)).expect(204);
  };
  const secrets = (restrictionType: string, more: object = {}): object => ({
    passwordCredentials: [{ restrictionType, ...more }],
  });
  const addSecret = (endDateTime = "2027-11-01T00:00:00Z", token = admin): Promise<TestAnswer> =>
    call("POST", `/applications/${client.id}/addPassword`, { passwordCredential: { endDateTime } }, token);
  /** Makes a policy and assigns it. @returns its id */
  const assign = async (restrictions: object, isEnabled = true): Promise<string> => {
    const body = { displayName: "one", description: "one", isEnabled, restrictions };
    const id = (await call("POST", policiesPath, body)).expect(201).textAt("id");
    const reference = { "@odata.id": `${tenant.url}/v1.0/policies/appManagementPolicies/${id}` };
    (await call("POST", `/applications/${client.id}/appManagementPolicies/$ref`, reference)).expect(204);
    return id;
  };

  it("are made, read and deleted", async () => {
    const restrictions = secrets("passwordLifetime", { maxLifetime: "P90D" });
    const made = await call("POST", policiesPath, { displayName: "a", description: "b", restrictions });
    const id = made.expect(201).textAt("id");
    assert.equal(made.at("isEnabled"), false);
    assert.deepEqual(made.at("restrictions", "passwordCredentials", 0), {
      excludeActors: null,
      restrictionType: "passwordLifetime",
      maxLifetime: "P90D",
      restrictForAppsCreatedAfterDateTime: null,
      state: "enabled",
    });
    assert.equal((await call("GET", `${policiesPath}/${id}`)).textAt("displayName"), "a");
    assert.equal((await call("GET", policiesPath)).listAt("value").length, 1);
    (await call("DELETE", `${policiesPath}/${id}`)).expect(204);
    (await call("GET", `${policiesPath}/${id}`)).expect(404);
    (await call("POST", policiesPath, { description: "b" })).expect(400);
    (
      await call("POST", policiesPath, { displayName: "a", description: "b", restrictions: secrets("none") })
    ).expect(400);
  });

  it("are assigned to an application, one at most, and taken away", async () => {
    const id = await assign(secrets("passwordAddition"));
    const path = `/applications/${client.id}/appManagementPolicies`;
    assert.equal((await call("GET", path)).textAt("value", 0, "id"), id);
    assert.equal((await call("GET", `${policiesPath}/${id}/appliesTo`)).textAt("value", 0, "id"), client.id);
    const reference = {
      "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${id}`,
    };
    (await call("POST", `${path}/$ref`, reference)).expect(400);
    (await call("DELETE", `${path}/${id}/$ref`)).expect(204);
    assert.deepEqual((await call("GET", path)).listAt("value"), []);
    (
      await call(
        "POST",
        `/servicePrincipals/${client.servicePrincipalId}/appManagementPolicies/$ref`,
        reference,
      )
    ).expect(204);
    (await call("POST", `/servicePrincipals/${client.servicePrincipalId}/addPassword`, {})).expectError(
      400,
      "CredentialTypeNotAllowedAsPerAppPolicy",
      `Credential type not allowed as per assigned policy '${id}'.`,
    );
  });

  it("go before the tenant's default in what they speak of, and fall back to it in the rest", async () => {
    await setDefault({
      passwordCredentials: [
        { restrictionType: "passwordAddition" },
        { restrictionType: "passwordLifetime", maxLifetime: "P30D" },
      ],
    });
    const id = await assign(secrets("passwordAddition", { state: "disabled" }));
    (await addSecret("2026-12-10T00:00:00Z")).expect(200);
    (await addSecret()).expectError(
      400,
      "CredentialInvalidLifetimeAsPerAppPolicy",
      `Credential lifetime exceeds the max value allowed as per assigned policy '${defaultId}'.`,
    );
    (await call("DELETE", `${policiesPath}/${id}`)).expect(204);
    await assign(secrets("passwordLifetime", { maxLifetime: "P400D" }));
    (await addSecret()).expectError(400, "CredentialTypeNotAllowedAsPerAppPolicy", new RegExp(defaultId));
  });

  it("do nothing while they are off", async () => {
    await assign(secrets("passwordAddition"), false);
    (await addSecret()).expect(200);
  });

  it("restrict what was created on or after their date", async () => {
    const created = (await call("GET", `/applications/${client.id}`)).textAt("createdDateTime");
    await setDefault(secrets("passwordAddition", { restrictForAppsCreatedAfterDateTime: created }));
    (await addSecret()).expect(400);
    const later = new Date(Date.parse(created) + 1000).toISOString();
    await setDefault(secrets("passwordAddition", { restrictForAppsCreatedAfterDateTime: later }));
    (await addSecret()).expect(200);
  });

  it("limit certificates, also those that an application is made with", async () => {
    await setDefault({
      keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P365D" }],
    });
    const long = await testCertificate(new Date("2026-11-01T00:00:00Z"), new Date("2028-01-01T00:00:00Z"));
    const keyCredentials = [keyCredential(long)];
    const code = "CredentialInvalidLifetimeAsPerAppPolicy";
    (await call("PATCH", `/applications/${client.id}`, { keyCredentials })).expectError(
      400,
      code,
      /365|policy/,
    );
    (await call("POST", "/applications", { displayName: "new", keyCredentials })).expectError(
      400,
      code,
      /policy/,
    );
    (await addSecret()).expect(200);
  });

  it("exempt callers that have a value in a custom security attribute", async () => {
    const pipeline = await tenant.pipelineToken();
    const owner = { "@odata.id": `${tenant.url}/v1.0/directoryObjects/${seed.pipeline.servicePrincipalId}` };
    (await call("POST", `/applications/${client.id}/owners/$ref`, owner)).expect(204);
    const customSecurityAttributes = [
      {
        "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
        id: "Deployment_Exempt",
        operator: "equals",
        value: "yes",
      },
    ];
    await setDefault(secrets("passwordAddition", { excludeActors: { customSecurityAttributes } }));
    assert.deepEqual(
      (await call("GET", defaultPath)).at(
        "applicationRestrictions",
        "passwordCredentials",
        0,
        "excludeActors",
      ),
      { customSecurityAttributes },
    );
    (await addSecret(undefined, pipeline)).expect(400);
    const attribute = (value: string): object => ({
      customSecurityAttributes: {
        Deployment: {
          "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue",
          Exempt: value,
        },
      },
    });
    const self = `/servicePrincipals/${seed.pipeline.servicePrincipalId}`;
    (await call("PATCH", self, attribute("Yes"))).expect(204);
    (await addSecret(undefined, pipeline)).expect(400);
    (await call("PATCH", self, attribute("yes"))).expect(204);
    (await addSecret(undefined, pipeline)).expect(200);
    (await addSecret()).expect(400);
    (await call("GET", `${self}?$select=customSecurityAttributes`, undefined, pipeline)).expect(403);
    const read = (await call("GET", `${self}?$select=customSecurityAttributes`)).expect(200);
    assert.equal(read.at("customSecurityAttributes", "Deployment", "Exempt"), "yes");
  });

  it("are read with Policy.Read.All, and those of an object with Application.Read.All besides", async () => {
    const some = async (...roles: readonly string[]): Promise<string> => {
      const made = await tenant.application("reader", roles);
      return tenant.token(made.appId, made.secret, "https://graph.microsoft.com");
    };
    const assigned = `/applications/${client.id}/appManagementPolicies`;
    const policies = await some("Policy.Read.All");
    (await call("GET", policiesPath, undefined, policies)).expect(200);
    (await call("GET", assigned, undefined, policies)).expect(403);
    const both = await some("Policy.Read.All", "Application.Read.All");
    (await call("GET", assigned, undefined, both)).expect(200);
    (await call("POST", policiesPath, { displayName: "a", description: "b" }, both)).expect(403);
    (await call("GET", policiesPath, undefined, await some("Application.Read.All"))).expect(403);
  });

  describe("What else refuses", () => {
    it("is the directory's quota, which the organization shows", async () => {
      const before = (await call("GET", "/organization")).at("value", 0, "directorySizeQuota") as {
        readonly used: number;
        readonly total: number;
      };
      assert.equal(before.total, 50_000);
      await tenant.running.control("PUT", "settings", { directoryQuota: before.used + 1 });
      (await call("POST", "/applications", { displayName: "last" })).expect(201);
      (await call("POST", "/applications", { displayName: "too many" })).expectError(
        403,
        "Directory_QuotaExceeded",
        "The directory object quota limit for the Tenant has been exceeded. Please ask your administrator to increase the quota " +
          "limit or delete objects to reduce the used quota.",
      );
    });

    it("is an app instance property lock, on the service principal alone", async () => {
      const lock = { isEnabled: true, credentialsWithUsageVerify: true };
      (await call("PATCH", `/applications/${client.id}`, { servicePrincipalLockConfiguration: lock })).expect(
        204,
      );
      const principal = `/servicePrincipals/${client.servicePrincipalId}`;
      (await call("POST", `${principal}/addPassword`, {})).expectError(
        400,
        "CannotUpdateLockedServicePrincipalProperty",
        "Property passwordCredentials is invalid.",
      );
      (await call("PATCH", principal, { keyCredentials: [] })).expectError(
        400,
        "CannotUpdateLockedServicePrincipalProperty",
        "Property keyCredentials is invalid.",
      );
      (await call("PATCH", principal, { tokenEncryptionKeyId: null })).expect(204);
      (await addSecret()).expect(200);
    });
  });

  it("shows what a service principal has created", async () => {
    const pipeline = await tenant.pipelineToken();
    const made = (await call("POST", "/applications", { displayName: "made" }, pipeline))
      .expect(201)
      .textAt("id");
    const path = `/servicePrincipals/${seed.pipeline.servicePrincipalId}/createdObjects`;
    const objects = (await call("GET", path, undefined, pipeline)).expect(200).listAt("value");
    assert.deepEqual(
      objects.map((object) => (object as { readonly id: string }).id),
      [made],
    );
  });
});
