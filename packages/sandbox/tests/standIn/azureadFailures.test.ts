import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { decodeProperties } from "../../standIn/server/wireStruct";
import type { EngineClient } from "./engineClient";
import { PluginFixture } from "./pluginFixture";
import { recordedPart, recordedResource, withoutBridgeKeys } from "./recording";
import type { Answer, ReplayServer } from "./replayServer";

const tokens = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  password: "azuread:index/applicationPassword:ApplicationPassword",
  grant: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
} as const;

const applicationId = "6a3042ed-d7e8-4b0f-bb9d-666d6bf7600e";
const byName = "/v1.0/applications?%24filter=displayName+eq+%27dicom-client%27";

function refusal(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return { status, json: { error: { code, message } }, headers };
}

/** The text of a failed call. */
async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error("the call succeeded");
}

describe("azuread stand-in: failures and retries", () => {
  let fixture: PluginFixture;
  let directory: ReplayServer;
  let engine: EngineClient;

  beforeEach(async () => {
    fixture = await PluginFixture.start("azuread");
    ({ directory, engine } = fixture);
    await fixture.signIn();
  });

  afterEach(() => fixture.stop());

  const { inputs } = recordedResource("01-up", "Application");
  const taken = { status: 200, json: { value: [{ id: applicationId, displayName: "dicom-client" }] } };

  it("shows in a preview that the name is taken", async () => {
    directory.expectRequest("GET", byName, null, taken);
    const { details } = await failureOf(engine.create(tokens.application, inputs, true));
    assert.equal(
      details,
      '1 error occurred:\n\t* An existing "azuread_application" with name "dicom-client" ' +
        `(ID: "${applicationId}") was found and \`prevent_duplicate_names\` was specified. ` +
        "To be managed via Terraform, this resource needs to be imported into the State. " +
        'Please see the resource documentation for "azuread_application" for more information.\n\n',
    );
    directory.verify();
  });

  it("takes a name that only begins alike for another one", async () => {
    directory.expectRequest("GET", byName, null, {
      status: 200,
      json: { value: [{ id: applicationId, displayName: "dicom-client-2" }] },
    });
    const { outputs } = await engine.create(tokens.application, inputs, true);
    assert.equal(outputs["displayName"], "dicom-client");
    directory.verify();
  });

  it("passes Graph's refusal on, with its code and message", async () => {
    directory.expect(...recordedPart("01-up", 9, 10));
    const [creation] = recordedPart("01-up", 11);
    assert.ok(creation !== undefined);
    directory.expect({
      ...creation,
      status: 403,
      response: {
        error: {
          code: "Authorization_RequestDenied",
          message: "Insufficient privileges to complete the operation.",
          innerError: { date: "2026-11-23T02:01:45" },
        },
      },
    });
    const { details } = await failureOf(engine.create(tokens.application, inputs));
    assert.equal(
      details,
      "1 error occurred:\n\t* Could not create application: unexpected status 403 (403 Forbidden) with error: " +
        "Authorization_RequestDenied: Insufficient privileges to complete the operation.\n\n",
    );
    assert.deepEqual(fixture.waits, [], "a refusal is final");
    directory.verify();
  });

  it("waits as long as a throttling Graph asks for, and longer and longer in an outage", async () => {
    const {
      id,
      inputs: known,
      outputs,
    } = recordedResource("01-up", "ServicePrincipalDelegatedPermissionGrant");
    const [read] = recordedPart("03-refresh", 6);
    assert.ok(read !== undefined);
    directory.expectRequest(
      "GET",
      read.url,
      null,
      refusal(429, "TooManyRequests", "Slow down.", { "retry-after": "7" }),
    );
    directory.expectRequest("GET", read.url, null, refusal(503, "ServiceUnavailable", "Try again."));
    directory.expectRequest("GET", read.url, null, refusal(504, "GatewayTimeout", "Try again."));
    directory.expect(read);
    const live = await engine.read(tokens.grant, id, known, outputs);
    assert.deepEqual(withoutBridgeKeys(live), { inputs: known, outputs });
    assert.deepEqual(fixture.waits, [7000, 2000, 4000]);
    directory.verify();
  });

  it("gives up on an outage when the time of the operation is up", async () => {
    const {
      id,
      inputs: known,
      outputs,
    } = recordedResource("01-up", "ServicePrincipalDelegatedPermissionGrant");
    const url = "/v1.0/oauth2PermissionGrants/AWdVN8zUmpHvh3Rx3VBNp-Pjz_PqeNVLrKEcTTGCi2Y";
    const outage = refusal(503, "ServiceUnavailable", "Try again.");
    for (let attempt = 0; attempt < 10; attempt += 1) directory.expectRequest("GET", url, null, outage);
    const { details } = await failureOf(engine.read(tokens.grant, id, known, outputs));
    assert.match(details, /^refreshing urn:.+unexpected status 503 .+ServiceUnavailable: Try again\./s);
    assert.deepEqual(
      fixture.waits,
      [1, 2, 4, 8, 16, 32, 61, 61, 61].map((seconds) => seconds * 1000),
    );
    directory.verify();
  });

  it("waits until a new application can be seen everywhere", async () => {
    const [rename] = recordedPart("01-up", 12);
    assert.ok(rename !== undefined);
    directory.expect(...recordedPart("01-up", [9, 11]));
    directory.expect({ ...rename, ...notYet(404) }, { ...rename, ...notYet(409) });
    directory.expect(...recordedPart("01-up", [12, 16]));
    const { outputs } = await engine.create(tokens.application, inputs);
    assert.equal(outputs["objectId"], applicationId);
    assert.deepEqual(fixture.waits, [1000, 2000]);
    directory.verify();
  });

  function notYet(status: number): { status: number; response: unknown } {
    const message = `Resource '${applicationId}' does not exist or one of its queried reference-property objects are not present.`;
    return { status, response: { error: { code: "Request_ResourceNotFound", message } } };
  }

  const { inputs: principalInputs } = recordedResource("01-up", "ServicePrincipal");

  it("waits until a service principal's application can be seen everywhere", async () => {
    const [lookup, creation] = recordedPart("01-up", 18, 20);
    assert.ok(lookup !== undefined && creation !== undefined);
    const message =
      "The appId '8a8e167c-9dcf-4932-9871-55c94fa5e008' of the service principal does not reference a valid application object.";
    directory.expect(lookup, {
      ...creation,
      ...{ status: 400, response: { error: { code: "Request_BadRequest", message } } },
    });
    directory.expect(...recordedPart("01-up", 20, 21, [23, 25]));
    await engine.create(tokens.servicePrincipal, principalInputs);
    assert.deepEqual(fixture.waits, [1000]);
    directory.verify();
  });

  it("takes any other refusal of a service principal as final", async () => {
    const [lookup, creation] = recordedPart("01-up", 18, 20);
    assert.ok(lookup !== undefined && creation !== undefined);
    const error = { code: "Request_BadRequest", message: "Property appId is invalid." };
    directory.expect(lookup, { ...creation, status: 400, response: { error } });
    const { details } = await failureOf(engine.create(tokens.servicePrincipal, principalInputs));
    assert.match(
      details,
      /Could not create service principal: .+Request_BadRequest: Property appId is invalid\./,
    );
    assert.deepEqual(fixture.waits, []);
    directory.verify();
  });

  it("refuses a service principal that exists already", async () => {
    const [lookup] = recordedPart("01-up", 18);
    assert.ok(lookup !== undefined);
    directory.expect({ ...lookup, response: { value: [{ id: "d9b097b4-0b3f-488a-bd6a-b6362325fb2b" }] } });
    const { details } = await failureOf(engine.create(tokens.servicePrincipal, principalInputs));
    assert.match(
      details,
      /A resource with the ID "d9b097b4-0b3f-488a-bd6a-b6362325fb2b" already exists: To be managed via Terraform/,
    );
    directory.verify();
  });

  it("hands the engine what it made when a later request of the same creation fails", async () => {
    const [rename] = recordedPart("01-up", 12);
    assert.ok(rename !== undefined);
    directory.expect(...recordedPart("01-up", [9, 11]));
    const error = { code: "Authorization_RequestDenied", message: "Insufficient privileges." };
    directory.expect({ ...rename, status: 403, response: { error } });
    const failure = await failureOf(engine.create(tokens.application, inputs));
    const [detail] = failure.metadata.get("grpc-status-details-bin");
    assert.ok(Buffer.isBuffer(detail));
    const [any] = Status.deserializeBinary(detail).getDetailsList();
    const incomplete = any?.unpack(
      (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
      "pulumirpc.ErrorResourceInitFailed",
    );
    assert.equal(incomplete?.getId(), `/applications/${applicationId}`);
    assert.match(
      incomplete?.getReasonsList()[0] ?? "",
      /Failed to patch application .+ after creating: .+Insufficient/,
    );
    const kept = decodeProperties(incomplete?.getProperties());
    assert.equal(kept["displayName"], "dicom-client");
    assert.equal(kept["clientId"], null, "nothing unknown may be stored");
    directory.verify();
  });

  it("sees that an object is gone", async () => {
    const { id, inputs: known, outputs } = recordedResource("01-up", "Application");
    directory.expectRequest("GET", `/v1.0${id}`, null, refusal(404, "Request_ResourceNotFound", "Gone."));
    assert.equal(await engine.read(tokens.application, id, known, outputs), undefined);
    directory.verify();
  });

  it("sees that a password is gone from its application", async () => {
    const { id, inputs: known, outputs } = recordedResource("01-up", "ApplicationPassword");
    directory.expectRequest("GET", `/v1.0/applications/${applicationId}`, null, {
      status: 200,
      json: { id: applicationId, passwordCredentials: [] },
    });
    assert.equal(await engine.read(tokens.password, id, known, outputs), undefined);
    directory.verify();
  });

  it("cannot import a password, whose value nobody can read", async () => {
    const { id } = recordedResource("01-up", "ApplicationPassword");
    const { details } = await failureOf(engine.read(tokens.password, id));
    assert.match(details, /resource azuread_application_password doesn't support import/);
    directory.verify();
  });

  it("polls once, without the fixed waits, for a credential that is there at once", async () => {
    const { inputs: known } = recordedResource("01-up", "ApplicationPassword");
    directory.expect(...recordedPart("01-up", 17, 19, 22, 37));
    await engine.create(tokens.password, known);
    assert.deepEqual(fixture.waits, []);
    directory.verify();
  });

  it("goes on polling for a credential that is late", async () => {
    const { inputs: known } = recordedResource("01-up", "ApplicationPassword");
    const late = { status: 200, json: { id: applicationId, passwordCredentials: [] } };
    directory.expect(...recordedPart("01-up", 17, 19));
    directory.expectRequest("GET", `/v1.0/applications/${applicationId}`, null, late);
    directory.expectRequest("GET", `/v1.0/applications/${applicationId}`, null, late);
    directory.expect(...recordedPart("01-up", 22, 37));
    const { id } = await engine.create(tokens.password, known);
    assert.equal(id, recordedResource("01-up", "ApplicationPassword").id);
    assert.equal(fixture.waits.length, 2);
    directory.verify();
  });

  it("says that a credential never showed up", async () => {
    const { inputs: known } = recordedResource("01-up", "ApplicationPassword");
    const late = { status: 200, json: { id: applicationId, passwordCredentials: [] } };
    directory.expect(...recordedPart("01-up", 17, 19));
    for (let poll = 0; poll < 21; poll += 1) {
      directory.expectRequest("GET", `/v1.0/applications/${applicationId}`, null, late);
    }
    const { details } = await failureOf(engine.create(tokens.password, known));
    assert.match(
      details,
      /Waiting for password credential for application .+: couldn't find resource \(21 retries\)/,
    );
    directory.verify();
  });

  it("says which service principal it did not find", async () => {
    const [, , lookup] = recordedPart("02-preview", 2, 4, 5);
    assert.ok(lookup !== undefined);
    directory.expect(lookup);
    const absent = { clientIds: ["00000000-0000-4000-8000-000000000000"] };
    const { details } = await failureOf(
      engine.invoke("azuread:index/getServicePrincipals:getServicePrincipals", absent),
    );
    assert.equal(
      details,
      "invoking azuread:index/getServicePrincipals:getServicePrincipals: 1 error occurred:\n\t* " +
        'Service principal not found with client ID: "00000000-0000-4000-8000-000000000000"\n\n',
    );
    directory.verify();
  });
});
