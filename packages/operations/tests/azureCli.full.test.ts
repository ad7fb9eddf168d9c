import assert from "node:assert/strict";
import { builtInRoleIds } from "entra-sandbox";
import { Administrator, DeployedSandbox, type Identity, seedResourceIds, TestSandbox } from "lab";
import { AzureCliShell, azureCliFolder } from "./realAzureCli";

describe("the real Azure CLI", function () {
  this.timeout(600_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;
  let shell: AzureCliShell;

  before(async function () {
    const folder = await azureCliFolder();
    if (folder === undefined) return this.skip();
    sandbox = await DeployedSandbox.empty("2026-08-20");
    administrator = new Administrator(sandbox.tenant);
    const operator = await administrator.identityWith({ graph: [], azure: [] });
    const roles = (await administrator.graph("GET", "directoryRoles")) as {
      readonly value: readonly { readonly id: string; readonly displayName: string }[];
    };
    const { id } =
      roles.value.find(({ displayName }) => displayName === "Global Administrator") ?? assert.fail();
    await administrator.graph("POST", `directoryRoles/${id}/members/$ref`, {
      "@odata.id": `${sandbox.tenant.url}/v1.0/directoryObjects/${operator.principalId}`,
    });
    await administrator.assignRole(seedResourceIds.subscription, builtInRoleIds.owner, operator.principalId);
    shell = await AzureCliShell.open(folder, {
      ...sandbox.tenant.environment,
      ...operator.env,
      ENTRA_SANDBOX_URL: sandbox.tenant.url,
      REQUESTS_CA_BUNDLE: sandbox.tenant.caFile,
    });
  });
  after(async () => {
    await shell?.close();
    await sandbox?.stop();
  });

  it("signs in to the sandbox by the lines that the help of serve has", async () => {
    const other = new TestSandbox();
    try {
      const { stdout } = await other.run("serve", "--help");
      const [, lines] = /with the same environment:\n([^]*?)\nPython's azure-identity/.exec(stdout) ?? [];
      assert.ok(lines, stdout);
      await shell.run(lines);
    } finally {
      other.remove();
    }
    const account = JSON.parse(await shell.run("az account show")) as { readonly id: string };
    assert.equal(`/subscriptions/${account.id}`, seedResourceIds.subscription);
  });

  // The second time nothing is there to be done; then the role changes.
  for (const [purpose, roles] of [
    ["deploy", ["reader", "reader", "uploader"]],
    ["drift", ["reader", "reader"]],
  ] as const) {
    it(`gives the rights to ${purpose} by the script that rights prints, each time to the letter`, async () => {
      const identity: Identity = await administrator.identityWith({ graph: [], azure: [] });
      for (const role of roles) {
        await sandbox.configure("clients", {
          gateway: {
            displayName: "Gateway",
            credentials: "none",
            consent: "managed",
            access: [{ dicomService: seedResourceIds.dicomService, role }],
          },
        });
        const { stdout } = await sandbox.on("rights", ["--for", purpose, "--format", "commands"]);
        await shell.run(stdout, { PRINCIPAL: identity.principalId });
        const argv = ["--check", "--for", purpose, "--identity", identity.principalId, "--format", "json"];
        const check = await sandbox.on("rights", argv);
        assert.equal(check.code, 0, check.stdout);
      }
    });
  }

  it("runs the commands that guides and messages print to look something up", async () => {
    const subscription = seedResourceIds.subscription.replace("/subscriptions/", "");
    for (const command of [
      `az resource list --subscription ${subscription} --resource-type Microsoft.HealthcareApis/workspaces/dicomservices --query "[].id"`,
      `az resource show --ids ${seedResourceIds.dicomService} --query properties.authenticationConfiguration`,
      `az role definition list --custom-role-only --scope ${seedResourceIds.subscription} --query "[].{name: roleName, guid: name}"`,
      `az role assignment list --scope ${seedResourceIds.dicomService} --include-inherited`,
      `az ad app list --display-name "Deployment pipeline" --query "[].{id: id, appId: appId}"`,
      `az ad sp show --id 75e725bf-66ce-4cea-9b9a-5c4caae57f33 --query id`,
      `az keyvault show --name ${seedResourceIds.keyVault.split("/").at(-1) ?? ""} --query id --output tsv`,
    ]) {
      assert.notEqual((await shell.run(command)).trim(), "", command);
    }
  });
});
