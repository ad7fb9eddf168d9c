import { readFile } from "node:fs/promises";
import { type DicomApi, isGuid } from "dicom-service-client/model";
import type { HttpTransport } from "../cloud/httpTransport";
import { azurePipelinesToken, githubToken, managedIdentityToken, type OidcAnswer } from "../cloud/oidcToken";
import { TransportFailure } from "../cloud/transportFailure";
import type { Console } from "../console/console";
import { messageOf } from "../operationError";
import { configuredFederation } from "../project/configuredFederation";
import type { DeclaredClient } from "../project/declaration";
import type { DeployedClient } from "../project/deployedClient";
import { isManagedIdentity } from "../project/managedIdentity";
import { claimsOfToken } from "../cloud/tokenClaims";

/** A token by which a workload proves where it runs. */
export interface IssuedToken {
  readonly text: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Whether a token is that of a managed identity which is a client, for the DICOM service. */
export function isOfIdentity(
  claims: IssuedToken["claims"],
  { isManagedIdentity, servicePrincipalId, audience }: DeployedClient,
): boolean {
  const { oid, aud } = claims;
  return (
    isManagedIdentity &&
    oid === servicePrincipalId &&
    typeof aud === "string" &&
    aud.replace(/\/+$/, "") === audience
  );
}

interface Wanted {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/**
 * The tokens that the place where this command runs has for its workloads, of which a client's consumer is one: a file in a pod, and
 * what GitHub Actions, Azure Pipelines and managed identities hand out. A place is asked only when a client trusts it.
 *
 * @param api of the DICOM service; `loginUrl` issues the tokens of managed identities, and `audience` is for those that are clients
 */
export async function placeTokens(
  clients: readonly DeclaredClient[],
  {
    env,
    api: { loginUrl, audience: dicomAudience },
    transport,
    console,
  }: {
    readonly env: NodeJS.ProcessEnv;
    readonly api: Pick<DicomApi, "loginUrl" | "audience">;
    readonly transport: HttpTransport;
    readonly console: Console;
  },
): Promise<readonly IssuedToken[]> {
  const wanted: readonly Wanted[] = clients.flatMap(({ config }) => configuredFederation(config, loginUrl));
  const found: IssuedToken[] = [];
  const take = (text: string): void => {
    const claims = claimsOfToken(text);
    if (typeof claims["iss"] === "string" && typeof claims["sub"] === "string") found.push({ text, claims });
  };
  const ask = async (place: string, request: () => Promise<OidcAnswer>): Promise<void> => {
    try {
      const answer = await request();
      if ("token" in answer) take(answer.token);
      else console.note(`${place} gives no token here: it answers ${answer.status}.`);
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      console.note(`${place} gives no token here: ${messageOf(error)}`);
    }
  };
  const file = env["AZURE_FEDERATED_TOKEN_FILE"];
  if (file && wanted.length > 0) {
    try {
      take((await readFile(file, "utf8")).trim());
    } catch (error) {
      console.note(`The file that AZURE_FEDERATED_TOKEN_FILE names cannot be read: ${messageOf(error)}`);
    }
  }
  const [githubUrl, githubRequestToken] = [
    env["ACTIONS_ID_TOKEN_REQUEST_URL"],
    env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  ];
  if (githubUrl && githubRequestToken) {
    for (const audience of new Set(wanted.filter(isGithub).map((one) => one.audience))) {
      await ask("GitHub Actions", () => githubToken(githubUrl, githubRequestToken, audience, transport));
    }
  }
  const [pipelineUri, pipelineToken] = [env["SYSTEM_OIDCREQUESTURI"], env["SYSTEM_ACCESSTOKEN"]];
  if (pipelineUri && pipelineToken) {
    for (const connection of new Set(wanted.flatMap(connectionsOf))) {
      await ask("Azure Pipelines", () =>
        azurePipelinesToken(pipelineUri, pipelineToken, connection, transport),
      );
    }
  }
  const [identityEndpoint, identityHeader] = [env["IDENTITY_ENDPOINT"], env["IDENTITY_HEADER"]];
  if (identityEndpoint && identityHeader) {
    const identities = [
      ...wanted
        .filter((one) => isIdentity(one, loginUrl))
        .map(({ subject: principalId, audience }) => ({ principalId, audience })),
      ...clients.filter(isManagedIdentity).flatMap(({ deployed }) => {
        const { servicePrincipalId: principalId, audience = dicomAudience } = deployed ?? {};
        return principalId === undefined ? [] : [{ principalId, audience }];
      }),
    ];
    for (const identity of identities) {
      await ask("The identity endpoint", () =>
        managedIdentityToken(identityEndpoint, identityHeader, identity, transport),
      );
    }
  }
  return found;
}

/** Also of an enterprise with data residency, whose issuers are at `token.actions.<name>.ghe.com`. */
function isGithub({ issuer }: Wanted): boolean {
  return new URL(issuer).hostname.startsWith("token.actions.");
}

/** Ids of service connections, which stand at the end of their subjects. */
function connectionsOf({ subject }: Wanted): readonly string[] {
  return /^\/eid1\/.*\/sc\/[^/]+\/([^/]+)$/.exec(subject)?.slice(1) ?? [];
}

function isIdentity({ issuer, subject }: Wanted, loginUrl: string): boolean {
  return issuer.startsWith(`${loginUrl}/`) && isGuid(subject);
}
