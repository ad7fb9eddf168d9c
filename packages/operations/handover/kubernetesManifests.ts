import { pulumiYaml } from "../project/pulumiYaml";
import { OperationError } from "../operationError";
import type { ConsumerSettings } from "./consumerSettings";
import { heading } from "./secretReading";

/**
 * A service account that Azure workload identity gives the client to, and its settings. Source:
 * https://learn.microsoft.com/azure/aks/workload-identity-overview
 *
 * @throws OperationError when the client trusts no service account
 */
export function kubernetesManifest(settings: ConsumerSettings): string {
  const { client, tenantId, clientId, credential } = settings;
  const subjects = credential.kind === "federated" ? credential.subjects : [];
  const accounts = subjects.flatMap((subject) => {
    const [, namespace, name] = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/.exec(subject) ?? [];
    return namespace === undefined || name === undefined ? [] : [{ namespace, name }];
  });
  if (accounts.length === 0) {
    throw new OperationError(`The client ${client} trusts no service account of Kubernetes.`, {
      cure:
        credential.kind === "identity"
          ? "A pod signs in by federation with an application: remove application: none, and name the cluster under runsOn.aks."
          : "Give it a federated credential with the cluster's issuer and the subject system:serviceaccount:<namespace>:<name>, or choose --for external-secrets.",
    });
  }
  return documents(
    settings,
    'a pod with Azure workload identity; label it azure.workload.identity/use: "true"',
    [
      ...accounts.flatMap((account) => [
        {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: {
            ...account,
            annotations: {
              "azure.workload.identity/client-id": clientId,
              "azure.workload.identity/tenant-id": tenantId,
            },
          },
        },
        configMap(settings, account.namespace),
      ]),
    ],
  );
}

/**
 * A store and a secret of the External Secrets Operator, which copies the newest version of the key vault's. Source:
 * https://external-secrets.io/latest/provider/azure-key-vault/
 *
 * @throws OperationError when the client's secret is not in a key vault
 */
export function externalSecretManifest(settings: ConsumerSettings): string {
  const { client, tenantId, credential } = settings;
  if (credential.kind !== "vault") {
    throw credential.kind === "identity"
      ? new OperationError(`The client ${client} is a managed identity and has no secret.`, {
          cure: "Choose another consumer, such as --for env.",
        })
      : new OperationError(`The secret of the client ${client} is not in a key vault.`, {
          cure: "Give the client a vault, and deploy.",
        });
  }
  const store = `${client}-vault`;
  return documents(
    settings,
    "External Secrets Operator; the service account reader needs Key Vault Secrets User",
    [
      {
        apiVersion: "external-secrets.io/v1",
        kind: "SecretStore",
        metadata: { name: store },
        spec: {
          provider: {
            azurekv: {
              authType: "WorkloadIdentity",
              vaultUrl: credential.vaultUrl,
              tenantId,
              serviceAccountRef: { name: "reader" },
            },
          },
        },
      },
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name: `${client}-secret` },
        spec: {
          // Well within the shortest overlap, which is a day.
          refreshInterval: "1h",
          secretStoreRef: { name: store, kind: "SecretStore" },
          target: { name: `${client}-secret` },
          data: [{ secretKey: "AZURE_CLIENT_SECRET", remoteRef: { key: credential.secretName } }],
        },
      },
      configMap(settings),
    ],
  );
}

function configMap(settings: ConsumerSettings, namespace?: string): object {
  const { client, tenantId, clientId, authority, scope, dicomwebUrl } = settings;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${client}-settings`, ...(namespace === undefined ? {} : { namespace }) },
    data: {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_AUTHORITY_HOST: authority,
      DICOM_SCOPE: scope,
      DICOMWEB_URL: dicomwebUrl,
    },
  };
}

function documents(settings: ConsumerSettings, purpose: string, all: readonly object[]): string {
  return [
    ...heading(settings, purpose).map((line) => `# ${line}\n`),
    all.map((one) => pulumiYaml(one)).join("---\n"),
  ].join("");
}
