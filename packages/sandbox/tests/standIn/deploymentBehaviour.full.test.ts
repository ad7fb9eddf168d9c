import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import * as azuread from "@pulumi/azuread";
import { authorization } from "@pulumi/azure-native";
import type { OutputMap, PulumiFn } from "@pulumi/pulumi/automation";
import { seed, seedResourceIds } from "../../tenant/seed";
import { Administrator } from "./administrator";
import { clientProgram, dicomDataReader } from "./clientProgram";
import { Deployment, deploymentTimeout } from "./deployment";
import { EngineEvents } from "./engineEvents";

describe("provider plugins on the engine", function () {
  this.timeout(deploymentTimeout);
  let deployment: Deployment;
  let administrator: Administrator;

  beforeEach(async () => {
    deployment = await Deployment.start();
    administrator = new Administrator(deployment.tenant);
  });

  afterEach(() => deployment.stop());

  async function outputOf(type: string, property: string): Promise<string> {
    const resource = (await deployment.resources()).find((candidate) => candidate.type.endsWith(`:${type}`));
    const value = resource?.outputs?.[property];
    assert.equal(typeof value, "string", `${type}.${property}`);
    return value as string;
  }

  it("preview, deploy, find nothing to do and delete", async () => {
    const { stack } = deployment;
    const preview = await stack.preview({ program: clientProgram() });
    assert.deepEqual(preview.changeSummary, { create: 6 });
    assert.deepEqual(
      deployment.newRequests().filter(({ method, url }) => method !== "GET" && !url.endsWith("/token")),
      [],
      "a preview changes nothing",
    );
    const up = await stack.up({ program: clientProgram() });
    assert.deepEqual(up.summary.resourceChanges, { create: 6 });
    await stack.preview({ program: clientProgram(), expectNoChanges: true });
    await stack.previewRefresh({ expectNoChanges: true });
    const down = await stack.destroy();
    assert.deepEqual(down.summary.resourceChanges, { delete: 6 });
    assert.deepEqual(await deployment.resources(), []);
  });

  it("keep secrets secret in outputs and on disk", async () => {
    await deployment.stack.up({ program: clientProgram() });
    const outputs = await deployment.stack.outputs();
    const { secret, clientId } = outputs as OutputMap &
      Record<"secret" | "clientId", { value: string; secret: boolean }>;
    assert.equal(secret.secret, true);
    assert.equal(clientId.secret, false);
    const stored = await deployment.storedText();
    assert.ok(stored.includes(clientId.value), "the state was read");
    assert.ok(!stored.includes(secret.value), "the secret is on disk");
    const again = await deployment.stack.refresh();
    assert.deepEqual(again.summary.resourceChanges, { same: 6 });
    assert.equal(
      (await deployment.stack.outputs())["secret"]?.value,
      secret.value,
      "a refresh keeps the value",
    );
    assert.ok(
      !(await deployment.storedText()).includes(secret.value),
      "the secret is on disk after a refresh",
    );
  });

  it("show property by property what was changed by hand, and put it right", async () => {
    const { stack } = deployment;
    // Whether OwnedBy alone adds owners is contested; what azuread requests is not.
    await deployment.tenant.control("PUT", "settings", { contestedPermissions: "lenient" });
    await stack.up({ program: clientProgram() });
    const objectId = await outputOf("Application", "objectId");
    const path = `/v1.0/applications/${objectId}`;
    await administrator.request("PATCH", path, {
      displayName: "by hand",
      notes: "by hand",
      requiredResourceAccess: [],
    });
    await administrator.request("DELETE", `${path}/owners/${seed.secondOwnerId}/$ref`);
    await administrator.request("POST", `${path}/owners/$ref`, {
      "@odata.id": `${deployment.tenant.url}/v1.0/directoryObjects/${seed.adminUserId}`,
    });
    const seen = new EngineEvents();
    await stack.previewRefresh({ onEvent: seen.onEvent });
    const changes = {
      displayName: "update",
      notes: "add",
      "owners[1]": "update",
      requiredResourceAccesses: "delete",
    };
    assert.deepEqual(seen.steps(), [{ op: "update", type: "Application", changes }]);

    const repaired = new EngineEvents();
    await stack.up({ program: clientProgram(), refresh: true, onEvent: repaired.onEvent });
    assert.deepEqual(
      repaired.steps().filter(({ op }) => op === "update"),
      [
        {
          op: "update",
          type: "Application",
          changes: {
            displayName: "update",
            notes: "delete",
            "owners[1]": "update",
            requiredResourceAccesses: "add",
          },
        },
      ],
    );
    const live = await administrator.request("GET", path);
    assert.equal(live["displayName"], "dicom-client");
    assert.equal(live["notes"], null);
    const owners = await administrator.request("GET", `${path}/owners`);
    const ownerIds = (owners["value"] as readonly { readonly id: string }[]).map(({ id }) => id);
    assert.deepEqual(ownerIds.toSorted(), [seed.pipeline.servicePrincipalId, seed.secondOwnerId].toSorted());
    await stack.previewRefresh({ expectNoChanges: true });
  });

  it("make anew what was deleted by hand", async () => {
    const { stack } = deployment;
    await stack.up({ program: clientProgram() });
    const [grant, assignment] = ["ServicePrincipalDelegatedPermissionGrant", "RoleAssignment"].map((type) =>
      deployment
        .resources()
        .then((all) => all.find((resource) => resource.type.endsWith(`:${type}`))?.id ?? ""),
    );
    await administrator.request("DELETE", `/v1.0${await grant}`);
    await administrator.request("DELETE", `${await assignment}?api-version=2022-04-01`);
    const seen = new EngineEvents();
    await stack.refresh({ onEvent: seen.onEvent });
    assert.deepEqual(
      seen
        .steps()
        .map(({ op, type }) => `${op} ${type}`)
        .toSorted(),
      ["delete RoleAssignment", "delete ServicePrincipalDelegatedPermissionGrant"],
    );
    const up = await stack.up({ program: clientProgram() });
    assert.deepEqual(up.summary.resourceChanges, { create: 2, same: 4 });
  });

  it("take over what exists, by import", async () => {
    const { appId, id } = await administrator.request("POST", "/v1.0/applications", {
      displayName: "dicom-client",
    });
    const principal = await administrator.request("POST", "/v1.0/servicePrincipals", { appId });
    const name = "0d3f6d3a-1111-4222-8333-444455556666";
    const assignmentId = `${seedResourceIds.dicomService}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    await administrator.request("PUT", `${assignmentId}?api-version=2022-04-01`, {
      properties: {
        principalId: principal["id"],
        principalType: "ServicePrincipal",
        roleDefinitionId: dicomDataReader,
      },
    });
    for (const objectPath of [
      `/applications/${String(id)}`,
      `/servicePrincipals/${String(principal["id"])}`,
    ]) {
      await administrator.request("POST", `/v1.0${objectPath}/owners/$ref`, {
        "@odata.id": `${deployment.tenant.url}/v1.0/directoryObjects/${seed.pipeline.servicePrincipalId}`,
      });
    }
    // Graph makes the user who registers an application its owner.
    const owners = [seed.adminUserId, seed.pipeline.servicePrincipalId];
    const program = (imported: boolean) => (): Promise<void> => {
      const importing = (resourceId: string) => (imported ? { import: resourceId } : {});
      new azuread.Application(
        "client",
        { displayName: "dicom-client", owners },
        importing(`/applications/${String(id)}`),
      );
      new azuread.ServicePrincipal(
        "client",
        { clientId: String(appId), owners: [seed.pipeline.servicePrincipalId] },
        importing(`/servicePrincipals/${String(principal["id"])}`),
      );
      new authorization.RoleAssignment(
        "access",
        {
          // as the import has it: without the first slash
          scope: seedResourceIds.dicomService.slice(1),
          roleAssignmentName: name,
          principalId: String(principal["id"]),
          principalType: "ServicePrincipal",
          roleDefinitionId: dicomDataReader,
        },
        importing(assignmentId),
      );
      return Promise.resolve();
    };
    const up = await deployment.stack.up({ program: program(true) });
    assert.deepEqual(up.summary.resourceChanges, { create: 1, import: 3 });
    await deployment.stack.preview({ program: program(false), expectNoChanges: true });
  });

  it("leave alone what the program wants ignored", async () => {
    const { stack } = deployment;
    await stack.up({ program: clientProgram() });
    const other = { application: { displayName: "another name", notes: "new" } };
    const seen = new EngineEvents();
    await stack.up({
      program: clientProgram({ ...other, applicationOptions: { ignoreChanges: ["displayName"] } }),
      onEvent: seen.onEvent,
    });
    assert.deepEqual(seen.steps(), [{ op: "update", type: "Application", changes: { notes: "update" } }]);
    assert.equal(await outputOf("Application", "displayName"), "dicom-client");
  });

  it("replace a principal with all that hangs on it", async () => {
    const { stack } = deployment;
    await stack.up({ program: clientProgram() });
    const before = await outputOf("ServicePrincipal", "objectId");
    const tainted = new EngineEvents();
    await stack.up({
      program: clientProgram({
        applicationOptions: { replaceOnChanges: ["displayName"] },
        application: { displayName: "second" },
      }),
      onEvent: tainted.onEvent,
    });
    assert.notEqual(await outputOf("ServicePrincipal", "objectId"), before);
    const order = tainted.steps().map(({ op, type }) => `${op} ${type}`);
    const deletedAssignment = order.indexOf("delete-replaced RoleAssignment");
    const createdAssignment = order.indexOf("create-replacement RoleAssignment");
    assert.ok(deletedAssignment >= 0 && createdAssignment >= 0, order.join(", "));
    await stack.preview({
      program: clientProgram({ application: { displayName: "second" } }),
      expectNoChanges: true,
    });
  });

  it("put a secret into the vault, and take it out again", async () => {
    const { stack } = deployment;
    await stack.up({ program: clientProgram({ vaultSecret: true }) });
    const outputs = await stack.outputs();
    const value = String(outputs["secret"]?.value);
    assert.ok(!(await deployment.storedText()).includes(value), "the secret is on disk");
    await stack.preview({ program: clientProgram({ vaultSecret: true }), expectNoChanges: true });
    const up = await stack.up({ program: clientProgram() });
    assert.deepEqual(up.summary.resourceChanges, { delete: 1, same: 6 });
  });

  it("keep what was half made in the state, and finish it the next time", async () => {
    const { stack } = deployment;
    await deployment.tenant.control("POST", "faults", {
      operation: "graph.servicePrincipals.update",
      effect: { kind: "refuse", status: 403, code: "Authorization_RequestDenied", message: "Not today." },
    });
    await assert.rejects(
      stack.up({ program: clientProgram() }),
      /Failed to patch service principal after creating: unexpected status 403 .+ Authorization_RequestDenied: Not today\./,
    );
    const halfMade = (await deployment.resources()).find(({ type }) => type.endsWith(":ServicePrincipal"));
    assert.match(halfMade?.id ?? "", /^\/servicePrincipals\//);
    const up = await stack.up({ program: clientProgram() });
    assert.equal(up.summary.resourceChanges?.update, 1);
    assert.equal(
      (await deployment.resources()).find(({ type }) => type.endsWith(":ServicePrincipal"))?.id,
      halfMade?.id,
    );
  });

  // Seen of azuread 6.9.1; the text of the log is handleDiagnostics' of pulumi-terraform-bridge.
  it("tell a name that another application has got twice: as Terraform's log and as the failure", async () => {
    const { stack } = deployment;
    const named = (displayName: string): PulumiFn =>
      clientProgram({ application: { displayName, preventDuplicateNames: true } });
    await stack.up({ program: named("dicom-client") });
    const { id } = await administrator.request("POST", "/v1.0/applications", { displayName: "taken" });
    const told: string[] = [];
    const up = stack.up({
      program: named("taken"),
      onEvent: ({ diagnosticEvent }) => {
        const { urn = "", severity, message = "" } = diagnosticEvent ?? {};
        if (urn.endsWith("::client") && severity === "error") told.push(stripVTControlCharacters(message));
      },
    });
    await assert.rejects(up);
    const taken =
      `An existing "azuread_application" with name "taken" (ID: "${String(id)}") was found and ` +
      "`prevent_duplicate_names` was specified: To be managed via Terraform, this resource needs to be imported into " +
      'the State. Please see the resource documentation for "azuread_application" for more information.';
    const [logged = "", failure = "", ...more] = told;
    assert.deepEqual(more, []);
    assert.match(logged, /^\s*sdk-v2\/provider2\.go:\d+: sdk\.helper_schema: An existing /);
    assert.ok(logged.trim().endsWith(`: ${taken}: provider=azuread@6.9.1`), logged);
    assert.match(failure, /updating urn:.*::client: 1 error occurred:\s+\* \[id\] An existing /);
    assert.ok(failure.includes(`[id] ${taken}`), failure);
  });
});
