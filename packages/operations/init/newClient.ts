import type { WrittenClient } from "../adopt/clientBlock";
import type { SecretRules } from "./tenantFacts";

/** How a new client signs in. */
export const credentialKinds = ["secret", "federated", "certificate"] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** Everything that a new client is written from. */
export interface NewClient {
  readonly name: string;
  readonly displayName: string;
  /** Resource id. */
  readonly dicomService: string;
  readonly role: string;
  readonly consent: "managed" | "external";
  readonly credential: CredentialKind;
  /** Of a federated credential. */
  readonly issuer?: string;
  readonly subject?: string;
  /** PEM file of a certificate, from the project's folder. */
  readonly certificate?: string;
}

const usualLifetimeDays = 180;
const usualOverlapDays = 30;

/** The client as a stack file writes it; a secret starts today and lives no longer than the tenant allows. */
export function writtenClient(client: NewClient, { maximumDays }: SecretRules, now: Date): WrittenClient {
  const { displayName, dicomService, role, consent } = client;
  const lifetimeDays = Math.min(usualLifetimeDays, maximumDays ?? usualLifetimeDays);
  const credentials = {
    secret: {
      secret: {
        from: now.toISOString().slice(0, 10),
        lifetimeDays,
        overlapDays: Math.min(usualOverlapDays, Math.floor(lifetimeDays / 3)),
      },
    },
    federated: {
      federatedCredentials: [{ name: "workload", issuer: client.issuer, subject: client.subject }],
    },
    certificate: { certificates: [{ name: "workload", file: client.certificate }] },
  }[client.credential];
  return { displayName, access: [{ dicomService, role }], consent, ...credentials };
}
