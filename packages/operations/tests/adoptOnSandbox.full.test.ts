import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { addOwner, seed, seedResourceIds } from "entra-sandbox";
import { Administrator, projectName, TestSandbox } from "lab";

// The command line as a user of the sandbox runs it: the program in a process of its own, started by a language host.
describe("ops adopt on the sandbox", function () {
  this.timeout(120_000);
  const sandbox = new TestSandbox();
  after(() => sandbox.remove());

  it("adds the client to the user's own stack file, and the next up keeps the registration", async () => {
    const config = sandbox.configure({
      other: { displayName: "Other", credentials: "none", consent: "none" },
    });
    let clientId = "";
    await sandbox.use(config, async ({ tenant }) => {
      const administrator = new Administrator(tenant);
      const made = await administrator.registerApplication("Made by hand");
      clientId = made.appId;
      const principal = { kind: "servicePrincipals", id: made.servicePrincipalId } as const;
      await addOwner(administrator, { kind: "applications", id: made.id }, seed.pipeline.servicePrincipalId);
      await addOwner(administrator, principal, seed.pipeline.servicePrincipalId);
      await addOwner(administrator, principal, seed.adminUserId);
      await administrator.graph("PATCH", `applications/${made.id}`, {
        requiredResourceAccess: [
          {
            resourceAppId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
            resourceAccess: [{ id: "e69ab058-b8ae-4c0f-b687-5d97888ddccb", type: "Scope" }],
          },
        ],
      });
      await administrator.assignRole(
        seedResourceIds.dicomService,
        "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a",
        made.servicePrincipalId,
      );
    });
    const backup = sandbox.file("kept");
    const adopted = await sandbox.run(
      ...[
        "--config",
        config,
        "ops",
        "adopt",
        "Made by hand",
        "--as",
        "by-hand",
        "--apply",
        "--backup",
        backup,
      ],
    );
    assert.equal(adopted.code, 0, adopted.stderr);
    const file = parse(await readFile(config, "utf8")) as { config: Record<string, Record<string, object>> };
    assert.deepEqual(Object.keys(file.config[`${projectName}:clients`] ?? file.config["clients"] ?? {}), [
      "other",
      "by-hand",
    ]);
    await sandbox.use(config, async ({ stack }) => {
      const { summary } = await stack.up();
      const outputs = await stack.outputs();
      const { create = 0, update = 0, replace = 0, delete: deleted = 0 } = summary.resourceChanges ?? {};
      assert.deepEqual([update, replace, deleted], [0, 0, 0]);
      assert.ok(create > 0);
      const clients = outputs["clients"]?.value as Record<string, { clientId: string }>;
      assert.equal(clients["by-hand"]?.clientId, clientId);
    });
  });
});
