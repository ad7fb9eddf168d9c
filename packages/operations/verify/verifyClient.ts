import type { Console } from "../console/console";
import type { OpenCloud } from "../cloud/openCloud";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { claimsStage } from "./claimsStage";
import { dicomReach, type DicomReach } from "./dicomReach";
import type { GivenCredentials } from "./givenCredentials";
import type { Liveness } from "./credentialMatcher";
import type { IssuedToken } from "./placeTokens";
import {
  type PublishedCredential,
  publishedCredentials,
  type PublishedSecrets,
} from "./publishedCredentials";
import { type RoleFinding, roleStage } from "./roleStage";
import { serviceStages } from "./serviceStage";
import { syntheticInstance } from "./syntheticInstance";
import { tokenStage } from "./tokenStage";
import {
  type ClientVerification,
  type CredentialVerification,
  failed,
  passed,
  skipped,
  type StageResult,
  verdictOf,
} from "./verification";

/** How thoroughly to verify. */
export interface VerifyDepth {
  /** Seconds to wait for a role to take effect. */
  readonly wait: number;
  /** Whether to store an invented instance, and delete it again, where the client may. */
  readonly write: boolean;
}

/** Everything that the verification of a client works with. */
export interface VerifyParts {
  readonly declaration: StackDeclaration;
  readonly cloud: OpenCloud;
  readonly console: Console;
  readonly secrets: PublishedSecrets | undefined;
  readonly given: GivenCredentials;
  /** Tokens of the place where this runs. */
  readonly placed: readonly IssuedToken[];
  readonly depth: VerifyDepth;
}

/** Proves, stage by stage, that a deployed client works with each of its published credentials. */
export async function verifyClient(client: DeclaredClient, parts: VerifyParts): Promise<ClientVerification> {
  const { declaration, cloud, console, secrets, given, placed } = parts;
  const { name, deployed } = client;
  console.note(`Verifying ${name}`);
  const { clientId, servicePrincipalId } = deployed ?? {};
  if (clientId === undefined || servicePrincipalId === undefined) {
    const result = failed(
      "credential",
      "not-deployed",
      "The client has not been deployed, or not completely.",
      `Run \`pulumi up --stack ${declaration.stack}\`.`,
    );
    const declared = await publishedCredentials(client, declaration, secrets, given, placed, cloud.client);
    const any = { kind: "secret", name: "current", keyId: null } as const;
    return {
      name,
      clientId: clientId ?? null,
      verdict: "fails",
      credentials: (declared.length === 0 ? [any] : declared).map(({ kind, name: of, keyId }) => ({
        ...{ kind, name: of, keyId },
        ...{ tried: false, stages: [result] },
      })),
    };
  }
  const [credentials, reach] = await Promise.all([
    publishedCredentials(client, declaration, secrets, given, placed, cloud.client),
    dicomReach(client, declaration, cloud.client),
  ]);
  const roles = new Map(
    await Promise.all(
      reach.targets.map(
        async (target) =>
          [target.url, await roleStage(cloud.client, target, servicePrincipalId, declaration.stack)] as const,
      ),
    ),
  );
  const verified: CredentialVerification[] = [];
  // One after the other, so that waiting for a role is done once.
  for (const credential of credentials) {
    const { kind, name: of, keyId, proof } = credential;
    const tried = !("stage" in proof);
    verified.push({
      kind,
      name: of,
      keyId,
      tried,
      stages: tried ? await stages(client, credential, reach, roles, parts) : [proof],
    });
  }
  return { name, clientId, verdict: verdictOf(verified), credentials: verified };
}

async function stages(
  { deployed }: DeclaredClient,
  credential: PublishedCredential,
  { targets, unlisted, empty }: DicomReach,
  roles: ReadonlyMap<string, RoleFinding>,
  { declaration, cloud, console, depth }: VerifyParts,
): Promise<StageResult[]> {
  const { proof } = credential;
  if (deployed?.clientId === undefined || "stage" in proof) return [];
  const { clientId, audience, tokenUrl = "" } = deployed;
  const liveness = await credential.liveness();
  const { result, token } =
    proof.kind === "managed-identity"
      ? { result: passed("token", "The managed identity has a token."), token: proof.token }
      : await tokenStage(
          {
            clientId,
            authority: tokenUrl.replace(/\/oauth2\/v2\.0\/token$/, ""),
            scope: `${audience ?? declaration.api.audience}/.default`,
            proof,
            stack: declaration.stack,
          },
          cloud.transport,
          console,
        );
  const results = [credentialStage(credential, liveness, token !== undefined, declaration.stack), result];
  if (token !== undefined) results.push(claimsStage(token, deployed, declaration));
  results.push(...unlisted);
  if (targets.length + unlisted.length === 0) {
    const nowhere =
      empty.length === 0
        ? "the configuration does not give the client access to any DICOM service"
        : `there is no DICOM service in ${empty.join(" and ")}`;
    results.push(skipped("search", `Not tried: ${nowhere}.`));
  }
  for (const target of targets) {
    const role = roles.get(target.url);
    if (role === undefined) continue;
    results.push(target.service, role.result);
    if (token === undefined) {
      results.push(skipped("search", "Not tried without a token.", target.url));
      continue;
    }
    if (target.service.outcome === "failed") continue;
    const instance = depth.write ? { instance: syntheticInstance(clientId, console.clock.now()) } : {};
    const { wait } = depth;
    results.push(
      ...(await serviceStages({
        target,
        token,
        transport: cloud.transport,
        console,
        role,
        wait,
        stack: declaration.stack,
        ...instance,
      })),
    );
  }
  return results;
}

/** What is at hand, and whether it is what was declared: whatever else somebody has added gets a token, too. */
function credentialStage(
  { kind, name }: PublishedCredential,
  liveness: Liveness,
  isAccepted: boolean,
  stack: string,
): StageResult {
  if (kind === "managed-identity") {
    return passed("credential", "The client is a managed identity, and a token of it is available.");
  }
  const what = kind === "secret" ? `The ${name} secret` : `The ${kind} ${name}`;
  switch (liveness.kind) {
    case "declared":
      return passed("credential", `${what} is available, and the application has it as declared.`);
    case "unread":
      return passed(
        "credential",
        `${what} is available. Whether the application has it as declared is unknown: ${liveness.detail}.`,
      );
    case "other":
      return isAccepted
        ? failed(
            "credential",
            "not-declared",
            `Entra accepts the available credential for ${what.replace(/^T/, "t")}, but ${liveness.detail}.`,
            `Somebody has put another credential in its place. \`npx dicom-ops audit --stack ${stack}\` shows what is undeclared. Find out whose it is; \`pulumi up --stack ${stack}\` issues the declared one again.`,
          )
        : passed("credential", `${what} is available; ${liveness.detail}.`);
  }
}
