import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { builtInRoleIds } from "entra-sandbox";
import {
  Administrator,
  DeployedSandbox,
  type Identity,
  makeCertificate,
  projectRoot,
  seed,
  seedResourceIds,
  TestSandbox,
} from "lab";
import { AzureCliShell, azureCliFolder } from "./realAzureCli";

const dicom = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const dicomScope = "e69ab058-b8ae-4c0f-b687-5d97888ddccb";

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

  describe("and every command of az that is printed or shipped", () => {
    const tried = new Set<string>();
    /** Runs commands; each may rest on what the one before it has left. */
    async function runAll(commands: readonly string[]): Promise<void> {
      for (const command of commands) {
        for (const used of azCommandsIn(command)) tried.add(used);
        await shell.run(command);
      }
    }

    it("reads and changes applications and service principals", async () => {
      const { id, appId, servicePrincipalId } = await administrator.registerApplication("Tried by az");
      const made = (await administrator.graph("POST", "applications", { displayName: "No principal" })) as {
        readonly appId: string;
      };
      const { pem } = await makeCertificate("2026-08-01T00:00:00Z", "2027-08-01T00:00:00Z");
      const key = { type: "AsymmetricX509Cert", usage: "Verify", key: Buffer.from(pem).toString("base64") };
      for (const kind of [`applications/${id}`, `servicePrincipals/${servicePrincipalId}`]) {
        await administrator.graph("PATCH", kind, { keyCredentials: [key] });
        await administrator.graph("POST", `${kind}/addPassword`, {});
      }
      const trust = await administrator.graph("POST", `applications/${id}/federatedIdentityCredentials`, {
        name: "pipeline",
        issuer: "https://issuer.example",
        subject: "it's",
        audiences: ["api://AzureADTokenExchange"],
      });
      const credential = `--id ${id} --federated-credential-id ${String(trust["id"])}`;
      const access = JSON.stringify([
        { resourceAppId: dicom, resourceAccess: [{ id: dicomScope, type: "Scope" }] },
      ]);
      await runAll([
        `az ad sp show --id ${dicom} --query servicePrincipalNames`,
        `az ad sp create --id ${made.appId}`,
        `az ad sp delete --id ${made.appId}`,
        `az ad sp update --id ${appId} --set accountEnabled=false`,
        `az ad app show --id ${id}`,
        `az ad app list --filter "displayName eq 'Tried by az' or displayName eq 'No principal'"`,
        `az ad app update --id ${appId} --required-resource-accesses '${access}'`,
        `az ad app update --id ${appId} --sign-in-audience AzureADMyOrg`,
        `az ad app owner add --id ${id} --owner-object-id ${seed.secondOwnerId}`,
        `az ad app owner list --id ${id}`,
        `az ad user show --id '${seed.secondOwnerUserPrincipalName}' --query id --output tsv`,
        `az ad app owner remove --id ${id} --owner-object-id ${seed.secondOwnerId}`,
        `az ad app federated-credential list --id ${id} --query "[].{id: id, name: name}" --output table`,
        `az ad app federated-credential show ${credential}`,
        `az ad app federated-credential delete ${credential}`,
        ...flexibleCommands(id),
        ...(["app", "sp"] as const).flatMap((kind) => {
          const of = kind === "app" ? id : servicePrincipalId;
          return ["", "--cert"].map(
            (flag) =>
              `key=$(az ad ${kind} credential list ${flag} --id ${of} --query "[0].keyId" --output tsv)\n` +
              `az ad ${kind} credential delete ${flag} --id ${of} --key-id "$key"`,
          );
        }),
        `az rest --method GET --url "$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | sed 's|/$||')/v1.0/servicePrincipals/${servicePrincipalId}/appRoleAssignments" --query value`,
      ]);
      const after = await administrator.graph("GET", `applications/${id}`);
      assert.deepEqual([after["passwordCredentials"], after["keyCredentials"]], [[], []]);
      assert.deepEqual(after["requiredResourceAccess"], JSON.parse(access));
      const principal = await administrator.graph("GET", `servicePrincipals/${servicePrincipalId}`);
      assert.equal(principal["accountEnabled"], false);
      assert.deepEqual([principal["passwordCredentials"], principal["keyCredentials"]], [[], []]);
    });

    it("reads and changes Azure resources", async () => {
      const subscription = seedResourceIds.subscription.replace("/subscriptions/", "");
      const vault = seedResourceIds.keyVault.split("/").at(-1) ?? "";
      const { servicePrincipalId } = await administrator.registerApplication("Reader by az");
      const identity = `${seedResourceIds.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/tried`;
      await administrator.azure("PUT", identity, { location: seed.location });
      const ofIdentity = `--identity-name tried --resource-group ${seed.resourceGroup} --subscription ${subscription}`;
      await shell.run(
        `az identity federated-credential create --name jobs ${ofIdentity} --issuer https://issuer.example --subject jobs --audiences api://AzureADTokenExchange`,
      );
      await runAll([
        `az identity federated-credential show --name jobs ${ofIdentity}`,
        // Printed without the option, it asks whether to go on.
        `az identity federated-credential delete --name jobs ${ofIdentity} --yes`,
        "az provider register --namespace Microsoft.HealthcareApis --wait",
        `az keyvault list --subscription ${subscription} --query "[].id"`,
        `az keyvault show --name ${vault} --query id --output tsv`,
        `az role assignment create --assignee-object-id ${servicePrincipalId} --assignee-principal-type ServicePrincipal --role "DICOM Data Reader" --scope ${seedResourceIds.dicomService}`,
        `az role definition list --name e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a --query '[].permissions'`,
        `az resource list --resource-type Microsoft.HealthcareApis/workspaces/dicomservices --query "[].id"`,
        `az resource show --ids ${seedResourceIds.dicomService} --query properties.authenticationConfiguration`,
        `id=$(az role assignment list --scope ${seedResourceIds.dicomService} --query "[?principalId=='${servicePrincipalId}'].id" --output tsv)\n` +
          'az rest --method GET --url "$id?api-version=2022-04-01" --query properties\n' +
          'az role assignment delete --ids "$id"',
      ]);
    });

    it("knows the options of those that the sandbox has nothing for", async () => {
      for (const [command, options] of await shippedCommands()) {
        if (withoutSandbox[command] === undefined) continue;
        const help = await shell.run(`${command} --help`);
        for (const option of options) assert.ok(help.includes(option), `${command} ${option}`);
      }
    });

    it("leaves out none", async () => {
      const known = new Set([...tried, ...inScripts, ...Object.keys(withoutSandbox)]);
      const unknown = [...(await shippedCommands()).keys()].filter((command) => !known.has(command));
      assert.deepEqual(unknown, []);
    });
  });
});

/** What is printed of a federated credential that matches claims, of which the Azure CLI's own list knows nothing. */
function flexibleCommands(id: string): readonly string[] {
  const graph = `"$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | sed 's|/$||')/beta/applications/${id}/federatedIdentityCredentials`;
  const body = JSON.stringify({
    name: "flexible",
    issuer: "https://token.actions.githubusercontent.com",
    audiences: ["api://AzureADTokenExchange"],
    claimsMatchingExpression: {
      value: "claims['sub'] matches 'repo:contoso@1/pacs@2:*' and claims['repository_id'] eq '2'",
      languageVersion: 1,
    },
  });
  return [
    `az rest --method POST --url ${graph}" --body '${body.replaceAll("'", "'\\''")}'`,
    `! az ad app federated-credential list --id ${id}`,
    `az rest --method GET --url ${graph}" --query "value[].{id: id, name: name, issuer: issuer, subject: subject, expression: claimsMatchingExpression.value}" --output table`,
    `credential=$(az rest --method GET --url ${graph}" --query "value[0].id" --output tsv)\n` +
      `az rest --method DELETE --url ${graph}/$credential"`,
  ];
}

/** What the sandbox has nothing for, and what stands for it: the options of the command, as az knows them. */
const withoutSandbox: Readonly<Record<string, string>> = {
  "az ad signed-in-user show": "nobody but service principals signs in to the sandbox",
  "az aks show": "the sandbox has no clusters",
  "az identity list": "the sandbox answers for a managed identity that is named, and lists none",
  "az identity show": "its consumers read a managed identity by its id",
  "az keyvault key create": "az reaches a vault by the domain of its cloud alone",
  "az keyvault key show": "az reaches a vault by the domain of its cloud alone",
  "az keyvault secret purge": "az reaches a vault by the domain of its cloud alone",
  "az keyvault secret recover": "az reaches a vault by the domain of its cloud alone",
  "az keyvault secret show-deleted": "az reaches a vault by the domain of its cloud alone",
  "az keyvault secret show": "az reaches a vault by the domain of its cloud alone",
  "az storage account blob-service-properties update": "the sandbox has no storage",
  "az storage account create": "the sandbox has no storage",
  "az storage account show": "the sandbox has no storage",
  "az storage container create": "the sandbox has no storage",
  "az storage container-rm create": "the sandbox has no storage",
};

/** What the first tests of this file run: the lines of `serve --help` and the scripts of `rights`. */
const inScripts = [
  "az cloud register",
  "az cloud set",
  "az config set",
  "az login",
  "az role assignment create",
  "az role definition create",
  "az role definition update",
];

/** By the groups that commands belong to, so that prose about az is none. */
const commandOfAz =
  /\baz (?:login|rest|(?:ad|aks|cloud|config|identity|keyvault|provider|resource|role|storage)(?: [a-z][a-z-]+)+)(?= |$|["`)])/gm;

/** The commands of az in a text, by their names: `az ad app show`. */
function azCommandsIn(text: string): readonly string[] {
  return [...text.matchAll(commandOfAz)].map(([command]) => command);
}

/** Every command of az in what is shipped or printed, with the options that it has there. */
async function shippedCommands(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { stdout } = await promisify(execFile)("git", ["ls-files", "*.ts", "*.md", "*.yml", "*.yaml"], {
    cwd: projectRoot,
  });
  const files = stdout
    .split("\n")
    .filter((file) => file !== "" && !/(^|\/)tests\/|^packages\/lab\/|^CHANGELOG\.md$/.test(file));
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    const text = await readFile(join(projectRoot, file), "utf8");
    for (const line of text.replaceAll(/ \\+\n\s*/g, " ").split("\n")) {
      for (const command of azCommandsIn(line)) {
        const options = found.get(command) ?? new Set<string>();
        const [, after = ""] = line.split(command);
        const [own = ""] = after.split(/\baz |[`)]/);
        for (const [option] of own.matchAll(/(?<= )--[a-z-]+/g)) options.add(option);
        found.set(command, options);
      }
    }
  }
  return found;
}
