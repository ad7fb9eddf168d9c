import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { addSecret, builtInRoleIds, startTenant, type Tenant, vaultUri } from "entra-sandbox";
import { Administrator, seed, seedResourceIds } from "lab";
import type { ConsumerCredential, ConsumerSettings } from "../handover/consumerSettings";

/** A client in a sandbox tenant, with a secret in a key vault and a reader of that vault: what its consumers meet. */
export class HandoverWorkbench {
  private constructor(
    readonly tenant: Tenant,
    readonly portal: Administrator,
    /** A folder for what is handed over. */
    readonly folder: string,
    readonly settings: ConsumerSettings,
    /** Object id of the client's application. */
    readonly objectId: string,
    /** Value of the client's secret. */
    readonly secret: string,
    /** Environment of a consumer, signed in to Azure as an identity that may read the vault. */
    readonly env: NodeJS.ProcessEnv,
  ) {}

  static async open(): Promise<HandoverWorkbench> {
    const tenant = await startTenant();
    const portal = new Administrator(tenant);
    const folder = await mkdtemp(join(tmpdir(), "handover-test-"));
    const client = await portal.registerApplication("Gateway");
    const { value: secret } = await addSecret(portal, { kind: "applications", id: client.id }, "Handed over");
    await portal.assignRole(
      seedResourceIds.dicomService,
      builtInRoleIds.dicomDataReader,
      client.servicePrincipalId,
    );
    await portal.azure("PUT", `${seedResourceIds.keyVault}/secrets/gateway`, {
      properties: { value: secret },
    });
    const reader = await portal.registerApplication("Reader of the vault");
    const { value } = await addSecret(portal, { kind: "applications", id: reader.id }, "Of the reader");
    await portal.assignRole(
      seedResourceIds.keyVault,
      builtInRoleIds.keyVaultSecretsUser,
      reader.servicePrincipalId,
    );
    const [, , , , , , , , workspace = "", , service = ""] = seedResourceIds.dicomService.split("/");
    const settings: ConsumerSettings = {
      client: "gateway",
      tenantId: seed.tenantId,
      clientId: client.appId,
      authority: tenant.url,
      isKnownAuthority: false,
      tokenUrl: `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`,
      scope: "https://dicom.healthcareapis.azure.com/.default",
      dicomwebUrl: `${tenant.url}/dicom/${workspace}-${service}/v2`,
      credential: {
        kind: "vault",
        vaultUrl: vaultUri(tenant.url, seed.keyVault).replace(/\/$/, ""),
        vaultScope: "https://vault.azure.net/.default",
        secretName: "gateway",
      },
    };
    const bin = join(folder, "bin");
    await mkdir(bin);
    const env = {
      PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: folder,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
      SSL_CERT_FILE: tenant.caFile,
      CURL_CA_BUNDLE: tenant.caFile,
      REQUESTS_CA_BUNDLE: tenant.caFile,
      AZURE_TENANT_ID: seed.tenantId,
      AZURE_CLIENT_ID: reader.appId,
      AZURE_CLIENT_SECRET: value,
    };
    await writeAz(bin, settings);
    return new HandoverWorkbench(tenant, portal, folder, settings, client.id, secret, env);
  }

  /** The settings with another credential. */
  with(credential: ConsumerCredential): ConsumerSettings {
    return { ...this.settings, credential };
  }

  /** Writes a file that is handed over. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text);
    return path;
  }

  /** Runs a command of the consumer's, in the folder. */
  async run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { stdout } = await promisify(execFile)(command, [...args], {
      cwd: this.folder,
      env: { ...this.env, ...env },
      timeout: 240_000,
    });
    return stdout;
  }

  /** Ends the tenant and removes every trace. */
  async close(): Promise<void> {
    await this.tenant.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** An `az` that knows one command, by which secrets of key vaults are read, and is signed in as the reader. */
async function writeAz(folder: string, { tokenUrl }: ConsumerSettings): Promise<void> {
  const path = join(folder, "az");
  await writeFile(
    path,
    [
      "#!/bin/sh",
      "set -eu",
      '[ "$1 $2 $3 $4" = "keyvault secret show --id" ] && [ "$6 $7 $8" = "--query value --output" ]',
      `TOKEN=$(printf %s "$AZURE_CLIENT_SECRET" | curl -sSf ${tokenUrl} -d grant_type=client_credentials -d "client_id=$AZURE_CLIENT_ID" \\`,
      "  --data-urlencode client_secret@- -d scope=https://vault.azure.net/.default | jq -r .access_token)",
      'printf "Authorization: Bearer %s" "$TOKEN" | curl -sSf -H @- "$5?api-version=7.4" | jq -r .value',
      "",
    ].join("\n"),
  );
  await chmod(path, 0o700);
}
