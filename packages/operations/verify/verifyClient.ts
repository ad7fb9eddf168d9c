import type { Console } from "../console/console";
import type { OpenCloud } from "../cloud/openCloud";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { claimsStage } from "./claimsStage";
import { dicomReach, type DicomReach } from "./dicomReach";
import {
  publishedCredentials,
  type GivenCredentials,
  type PublishedCredential,
  type PublishedSecrets,
} from "./publishedCredentials";
import { roleStage, type RoleFinding } from "./roleStage";
import { notCalled, searchStage, storeStage } from "./serviceStage";
import { syntheticInstance } from "./syntheticInstance";
import { tokenStage } from "./tokenStage";
import { failed, passed, type ClientVerification, type StageResult } from "./verification";

/** How thoroughly to verify. */
export interface VerifyDepth {
  /** Seconds to wait for a role to take effect. */
  readonly wait: number;
  /** Whether to store an invented instance as well. */
  readonly write: boolean;
}

/** Everything that the verification of a client works with. */
export interface VerifyParts {
  readonly declaration: StackDeclaration;
  readonly cloud: OpenCloud;
  readonly console: Console;
  readonly secrets: PublishedSecrets | undefined;
  readonly given: GivenCredentials;
  readonly depth: VerifyDepth;
}

/** Proves, stage by stage, that a deployed client works with each of its published credentials. */
export async function verifyClient(client: DeclaredClient, parts: VerifyParts): Promise<ClientVerification> {
  const { declaration, cloud, console, secrets, given } = parts;
  const { name, deployed } = client;
  console.note(`Verifying ${name}`);
  const { clientId, servicePrincipalId } = deployed ?? {};
  if (clientId === undefined || servicePrincipalId === undefined) {
    const result = failed(
      "credential",
      "not-deployed",
      "The client has not been deployed, or not to the end.",
      "Run pulumi up.",
    );
    return {
      name,
      clientId: clientId ?? null,
      credentials: [{ kind: "secret", name: "current", keyId: null, stages: [result] }],
    };
  }
  const [credentials, reach] = await Promise.all([
    publishedCredentials(client, declaration, secrets, given, cloud.client),
    dicomReach(client, declaration, cloud.client),
  ]);
  const roles = new Map(
    await Promise.all(
      reach.targets.map(
        async (target) => [target.url, await roleStage(cloud.client, target, servicePrincipalId)] as const,
      ),
    ),
  );
  const verified: ClientVerification["credentials"][number][] = [];
  // One after the other, so that waiting for a role is done once.
  for (const credential of credentials) {
    const { proof, ...known } = credential;
    verified.push({
      ...known,
      stages:
        "stage" in proof ? [proof] : await stages(client, { ...credential, proof }, reach, roles, parts),
    });
  }
  return { name, clientId, credentials: verified };
}

async function stages(
  { deployed }: DeclaredClient,
  { proof, kind, name }: PublishedCredential,
  { targets, unlisted }: DicomReach,
  roles: ReadonlyMap<string, RoleFinding>,
  { declaration, cloud, console, depth }: VerifyParts,
): Promise<StageResult[]> {
  if (deployed?.clientId === undefined || "stage" in proof) return [];
  const { clientId, audience, tokenUrl = "" } = deployed;
  const found = passed(
    "credential",
    `The ${kind === "secret" ? `${name} secret` : `${kind} ${name}`} is at hand.`,
  );
  const { result, token } = await tokenStage(
    {
      clientId,
      authority: tokenUrl.replace(/\/oauth2\/v2\.0\/token$/, ""),
      scope: `${audience ?? declaration.api.audience}/.default`,
      proof,
    },
    cloud.transport,
    console,
  );
  const results = [found, result];
  if (token !== undefined) results.push(claimsStage(token, deployed, declaration.api));
  results.push(...unlisted);
  for (const target of targets) {
    const role = roles.get(target.url);
    if (role === undefined) continue;
    results.push(role.result);
    if (token === undefined) {
      results.push(notCalled("search", target), ...(depth.write ? [notCalled("store", target)] : []));
      continue;
    }
    const caller = { target, token, transport: cloud.transport, console, role, wait: depth.wait };
    results.push(await searchStage(caller));
    if (depth.write) {
      results.push(await storeStage(caller, syntheticInstance(clientId, console.clock.now())));
    }
  }
  return results;
}
