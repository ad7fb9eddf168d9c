import { planSecrets } from "dicom-service-client/model";
import type { CloudClient } from "../cloud/cloudClient";
import { RefusedCall } from "../cloud/refusedCall";
import { calls } from "../cloud/calls";
import { configuredFederation, isTrusted } from "../project/configuredFederation";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { type GivenCredentials, isKeyOf } from "./givenCredentials";
import { CredentialMatcher, type Liveness } from "./credentialMatcher";
import { isManagedIdentity } from "../project/managedIdentity";
import { isOfIdentity, type IssuedToken } from "./placeTokens";
import { readingProblem } from "./readingProblem";
import { type CredentialVerification, failed, skipped, type StageResult } from "./verification";

/** Proof of who a client is. Its values are secret. */
export type Proof =
  | { readonly kind: "secret"; readonly value: string }
  | { readonly kind: "certificate"; readonly pem: string; readonly privateKey: string }
  | { readonly kind: "federated"; readonly token: string };

/** The token that a managed identity has got for the DICOM service itself, so that none has to be asked for. */
export interface IdentityProof {
  readonly kind: "managed-identity";
  readonly token: string;
}

/** A credential to verify: what is known of it, and the proof or the reason why there is none. */
export interface PublishedCredential extends Omit<CredentialVerification, "stages" | "tried"> {
  readonly proof: Proof | IdentityProof | StageResult;
  /** Whether the live application has it as it was declared. */
  readonly liveness: () => Promise<Liveness>;
}

/** The values of a client's secrets among the stack's outputs. */
export interface PublishedSecrets {
  readonly current?: string;
  readonly previous?: string;
}

/** Gathers what a deployed client can be verified with. */
export async function publishedCredentials(
  client: DeclaredClient,
  declaration: StackDeclaration,
  outputs: PublishedSecrets | undefined,
  given: GivenCredentials,
  placed: readonly IssuedToken[],
  cloud: CloudClient,
): Promise<PublishedCredential[]> {
  const live = new CredentialMatcher(cloud, client.deployed?.objectId ?? "");
  const tokens = [...(given.token === undefined ? [] : [given.token]), ...placed];
  if (isManagedIdentity(client)) return [ownIdentity(client, tokens)];
  return [
    ...(await secrets(client, declaration, outputs, cloud, live)),
    ...certificates(client, given, live),
    ...federated(client, tokens, live, declaration.api.loginUrl),
  ];
}

async function secrets(
  { config, deployed }: DeclaredClient,
  { asOf, stack }: StackDeclaration,
  outputs: PublishedSecrets | undefined,
  cloud: CloudClient,
  live: CredentialMatcher,
): Promise<PublishedCredential[]> {
  const known = deployed?.secrets ?? [];
  if (known.length === 0) return config?.secret ? [notIssued(stack)] : [];
  const currentSlot = config?.secret && planSecrets(config.secret, asOf).current.slot;
  // Without a schedule, or between a boundary and the deployment that follows it, the one that ends last is the current one.
  const byEnd = [...known].sort((one, other) => other.endsAt.localeCompare(one.endsAt));
  const current = known.length > 1 ? known.find(({ slot }) => slot === currentSlot) : byEnd[0];
  const newest = current ?? byEnd[0];
  const others = known.filter((secret) => secret !== newest);
  const vault = config?.vault;
  const fromVault =
    vault && outputs?.current === undefined ? await vaultSecret(vault, cloud, stack) : undefined;
  const notPublished = (name: string): StageResult =>
    failed(
      "credential",
      "not-published",
      `The value of the ${name} secret is not among the stack's outputs.`,
      `Run \`pulumi up --stack ${stack}\`, or verify where the secret is known.`,
    );
  const published = (
    name: "current" | "previous",
    keyId: string | null,
    proof: Proof | StageResult,
  ): PublishedCredential => ({
    kind: "secret",
    name,
    keyId,
    proof,
    liveness: () => live.secret(keyId ?? "", "value" in proof ? proof.value : ""),
  });
  return [
    published(
      "current",
      newest?.keyId ?? null,
      outputs?.current === undefined
        ? (fromVault ?? notPublished("current"))
        : { kind: "secret", value: outputs.current },
    ),
    ...others.map(({ keyId }) =>
      published(
        "previous",
        keyId,
        outputs?.previous === undefined
          ? vault && outputs === undefined
            ? skipped(
                "credential",
                "Not tried: its value is only in an older version of the key vault's secret.",
              )
            : notPublished("previous")
          : { kind: "secret", value: outputs.previous },
      ),
    ),
  ];
}

function notIssued(stack: string): PublishedCredential {
  return {
    kind: "secret",
    name: "current",
    keyId: null,
    proof: failed(
      "credential",
      "not-deployed",
      "The configuration declares a secret that has not been issued yet.",
      `Run \`pulumi up --stack ${stack}\`.`,
    ),
    liveness: () => Promise.resolve({ kind: "other", detail: "it has not been issued" }),
  };
}

/** Reads the secret where its consumers do. */
async function vaultSecret(
  vault: { readonly id: string; readonly secretName: string },
  cloud: CloudClient,
  stack: string,
): Promise<Proof | StageResult> {
  try {
    const found = (await cloud.read(calls.vault, { vaultId: vault.id })) as {
      properties?: { vaultUri?: string };
    };
    const vaultUrl = (found.properties?.vaultUri ?? "").replace(/\/+$/, "");
    const secret = (await cloud.read(calls.vaultSecret, { vaultUrl, secretName: vault.secretName })) as {
      value?: string;
    };
    return { kind: "secret", value: secret.value ?? "" };
  } catch (error) {
    const isDisabled = error instanceof RefusedCall && error.said.includes("disabled secret");
    return readingProblem("credential", error, "The secret cannot be read from the key vault", {
      denied: (right) =>
        isDisabled
          ? `Somebody has disabled it, so consumers cannot read it either. Find out why; this enables it again: \`pulumi up --stack ${stack}\``
          : `You need ${right} on the vault, such as Key Vault Secrets User.`,
      otherwise: `Check that the vault exists and holds the secret; this writes it: \`pulumi up --stack ${stack}\``,
    });
  }
}

/** What a client has that is a managed identity itself. */
function ownIdentity(
  { config, deployed }: DeclaredClient,
  tokens: readonly IssuedToken[],
): PublishedCredential {
  const token = tokens.find(({ claims }) => deployed !== undefined && isOfIdentity(claims, deployed));
  return {
    kind: "managed-identity",
    name: deployed?.servicePrincipalId ?? config?.runsOn?.managedIdentity.principalId ?? "",
    keyId: null,
    proof:
      token === undefined
        ? skipped(
            "credential",
            "Not tried: run it where the identity's tokens are to be had at IDENTITY_ENDPOINT (App Service, Functions, Container Apps), or pass one that it got for the DICOM service with --federated-token.",
          )
        : { kind: "managed-identity", token: token.text },
    liveness: () => Promise.resolve({ kind: "declared" }),
  };
}

function certificates(
  { config, deployed }: DeclaredClient,
  { key }: GivenCredentials,
  live: CredentialMatcher,
): PublishedCredential[] {
  return (config?.certificates ?? []).map(({ name, pem }) => ({
    kind: "certificate",
    name,
    keyId: deployed?.certificates.find((one) => one.name === name)?.keyId ?? null,
    proof:
      key !== undefined && isKeyOf(pem, key)
        ? { kind: "certificate", pem, privateKey: key.pem }
        : skipped("credential", "Not tried: pass its private key with --certificate-key."),
    liveness: () => live.certificate(pem),
  }));
}

function federated(
  { config, deployed }: DeclaredClient,
  tokens: readonly IssuedToken[],
  live: CredentialMatcher,
  loginUrl: string,
): PublishedCredential[] {
  return configuredFederation(config, loginUrl).map((wanted) => {
    const { name } = wanted;
    const known = deployed?.federatedCredentials.find((one) => one.name === name);
    const token = tokens.find(({ claims }) => isTrusted(wanted, claims));
    return {
      kind: "federated",
      name,
      keyId: known?.id ?? null,
      proof:
        token === undefined
          ? skipped(
              "credential",
              "Not tried: run it where the consumer runs, or pass a token of its issuer with --federated-token.",
            )
          : { kind: "federated", token: token.text },
      liveness: () => live.federated(wanted),
    };
  });
}
