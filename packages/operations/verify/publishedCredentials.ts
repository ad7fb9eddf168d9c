import { createPublicKey, createPrivateKey, X509Certificate } from "node:crypto";
import type { CloudClient } from "../cloud/cloudClient";
import { calls } from "../cloud/calls";
import { planSecrets } from "dicom-service-client/model";
import { messageOf, OperationError } from "../operationError";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { failed, type CredentialVerification, type StageResult } from "./verification";
import { readingProblem } from "./readingProblem";

/** Proof of who a client is. Its values are secret. */
export type Proof =
  | { readonly kind: "secret"; readonly value: string }
  | { readonly kind: "certificate"; readonly pem: string; readonly privateKey: string }
  | { readonly kind: "federated"; readonly token: string };

/** A credential to verify: what is known of it, and the proof or the reason why there is none. */
export interface PublishedCredential extends Omit<CredentialVerification, "stages"> {
  readonly proof: Proof | StageResult;
}

/** Credentials that the user hands over, because a stack does not publish them. */
export interface GivenCredentials {
  /** Private key in PEM that belongs to one of the declared certificates. */
  readonly certificateKey?: string;
  /** Token of an issuer that one of the federated credentials names. */
  readonly federatedToken?: string;
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
  cloud: CloudClient,
): Promise<PublishedCredential[]> {
  return [
    ...(await secrets(client, declaration, outputs, cloud)),
    ...certificate(client, given.certificateKey),
    ...federated(client, given.federatedToken),
  ];
}

async function secrets(
  { config, deployed }: DeclaredClient,
  { asOf }: StackDeclaration,
  outputs: PublishedSecrets | undefined,
  cloud: CloudClient,
): Promise<PublishedCredential[]> {
  const known = deployed?.secrets ?? [];
  if (known.length === 0) return [];
  const currentSlot = config?.secret && planSecrets(config.secret, asOf).current.slot;
  // Without a schedule, or between a boundary and the deployment that follows it, the one that ends last is the current one.
  const byEnd = [...known].sort((one, other) => other.endsAt.localeCompare(one.endsAt));
  const current = known.length > 1 ? known.find(({ slot }) => slot === currentSlot) : byEnd[0];
  const newest = current ?? byEnd[0];
  const others = known.filter((secret) => secret !== newest);
  const vault = config?.vault;
  const fromVault = vault && outputs?.current === undefined ? await vaultSecret(vault, cloud) : undefined;
  const notPublished = (name: string): StageResult =>
    failed(
      "credential",
      "not-published",
      `The value of the ${name} secret is not among the stack's outputs.`,
      "Run pulumi up, or verify where the secret is known.",
    );
  return [
    {
      kind: "secret",
      name: "current",
      keyId: newest?.keyId ?? null,
      proof:
        outputs?.current === undefined
          ? (fromVault ?? notPublished("current"))
          : { kind: "secret", value: outputs.current },
    },
    ...others.map(({ keyId }): PublishedCredential => ({
      kind: "secret",
      name: "previous",
      keyId,
      proof:
        outputs?.previous === undefined
          ? vault && outputs === undefined
            ? {
                stage: "credential",
                outcome: "skipped",
                detail: "Its value is only in an older version of the key vault's secret.",
              }
            : notPublished("previous")
          : { kind: "secret", value: outputs.previous },
    })),
  ];
}

/** Reads the secret where its consumers do. */
async function vaultSecret(
  vault: { readonly id: string; readonly secretName: string },
  cloud: CloudClient,
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
    return readingProblem("credential", error, "The secret cannot be read from the key vault", {
      denied: (right) => `You need ${right} on the vault, such as Key Vault Secrets User.`,
      otherwise: "Check that the vault exists and holds the secret; pulumi up writes it.",
    });
  }
}

function certificate({ config, deployed }: DeclaredClient, key: string | undefined): PublishedCredential[] {
  const certificates = config?.certificates ?? [];
  if (key === undefined || certificates.length === 0) return [];
  let wanted: string;
  try {
    wanted = publicKeyText(createPublicKey(createPrivateKey(key)));
  } catch (error) {
    throw new OperationError("The certificate's private key cannot be read.", {
      cause: messageOf(error),
      cure: "Give a private key in PEM without a passphrase.",
    });
  }
  const match = certificates.find(({ pem }) => publicKeyText(new X509Certificate(pem).publicKey) === wanted);
  if (!match) return [];
  return [
    {
      kind: "certificate",
      name: match.name,
      keyId: deployed?.certificates.find(({ name }) => name === match.name)?.keyId ?? null,
      proof: { kind: "certificate", pem: match.pem, privateKey: key },
    },
  ];
}

function publicKeyText(key: ReturnType<typeof createPublicKey>): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

function federated({ config, deployed }: DeclaredClient, token: string | undefined): PublishedCredential[] {
  const declared = config?.federatedCredentials ?? [];
  if (token === undefined || declared.length === 0) return [];
  const { iss, sub } = claimsOfToken(token);
  const match = declared.find(({ issuer, subject }) => issuer === iss && subject === sub);
  return [
    {
      kind: "federated",
      name: match?.name ?? "token of another issuer or subject",
      keyId: deployed?.federatedCredentials.find(({ name }) => name === match?.name)?.id ?? null,
      proof: { kind: "federated", token },
    },
  ];
}

/** What a JWT claims, without a check; empty when it is none. */
export function claimsOfToken(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return claims !== null && typeof claims === "object" ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
