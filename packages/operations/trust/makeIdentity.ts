import { createHash } from "node:crypto";
import { outsideFacts } from "dicom-service-client/model";
import { liveFederatedCredential } from "../audit/liveObjects";
import { federatedCredentialCommand } from "../cloud/federatedCredentialCommand";
import { OperationError } from "../operationError";
import { odataText, type AzGraph } from "./azGraph";
import { trustProblems } from "./trustProblems";

/** Whose tokens are trusted. */
export interface TrustedPlace {
  readonly issuer: string;
  readonly subject: string;
}

/** An identity that is there. */
export interface MadeIdentity {
  readonly clientId: string;
  /** Object id of its service principal. */
  readonly principalId: string;
}

/**
 * Makes an application with a service principal that trusts one place. What is there already is kept, and its audience put right.
 *
 * @throws OperationError when several applications have the name, or a request is refused
 */
export async function makeIdentity(
  graph: AzGraph,
  name: string,
  place: TrustedPlace & { readonly audience: string },
  note: (line: string) => void,
): Promise<MadeIdentity> {
  const application = (await findApplication(graph, name)) ?? (await createApplication(graph, name, note));
  const { id, appId } = application;
  const [principal] = await graph.list(
    `servicePrincipals?$filter=appId%20eq%20${odataText(appId)}&$select=id`,
  );
  let principalId = principal?.["id"];
  if (principalId === undefined) {
    principalId = ((await graph.post("servicePrincipals", { appId })) as { readonly id: string }).id;
    note(`Created the service principal ${String(principalId)}`);
  }
  await trust(graph, id, place, note);
  return { clientId: appId, principalId: String(principalId) };
}

interface Application {
  /** Object id. */
  readonly id: string;
  readonly appId: string;
}

/** Graph compares names without regard to case; here they are the same only when they are written the same. */
async function findApplication(graph: AzGraph, name: string): Promise<Application | undefined> {
  const found = (
    await graph.list(
      `applications?$filter=displayName%20eq%20${odataText(name)}&$select=id,appId,displayName`,
    )
  ).filter(({ displayName }) => displayName === name);
  if (found.length > 1) {
    throw new OperationError(`${found.length} applications have the name ${JSON.stringify(name)}.`, {
      cause: found.map(({ appId }) => `client id ${String(appId)}`).join("\n"),
      cure: "Choose another name, or rename the ones you do not mean.",
    });
  }
  const [one] = found;
  return one && { id: String(one["id"]), appId: String(one["appId"]) };
}

async function createApplication(
  graph: AzGraph,
  name: string,
  note: (line: string) => void,
): Promise<Application> {
  const created = (await graph.post("applications", {
    displayName: name,
    signInAudience: "AzureADMyOrg",
  })) as Application;
  note(`Created the application ${created.appId}`);
  return created;
}

async function trust(
  graph: AzGraph,
  applicationId: string,
  { issuer, subject, audience }: TrustedPlace & { readonly audience: string },
  note: (line: string) => void,
): Promise<void> {
  const path = `applications/${applicationId}/federatedIdentityCredentials`;
  // The list of v1.0 breaks off at the first one that matches claims.
  const credentials = await graph.list(path, outsideFacts.claimsMatchingVersion.value);
  const known = credentials.find((one) => one["issuer"] === issuer && one["subject"] === subject);
  if (known === undefined) {
    await graph.post(path, {
      name: credentialName(issuer, subject),
      issuer,
      subject,
      audiences: [audience],
    });
    note(`Trusts ${subject} of ${issuer}`);
  } else if (JSON.stringify(known["audiences"]) !== JSON.stringify([audience])) {
    await graph.patch(`${path}/${String(known["id"])}`, { audiences: [audience] });
    note(`Trusts ${subject} of ${issuer} for the audience ${audience} now`);
  }
  for (const other of credentials.filter((one) => one !== known)) {
    const credential = liveFederatedCredential.parse(other);
    const problems = trustProblems({ ...credential, audiences: [] }, undefined).map(
      ({ detail }) => ` ${detail}`,
    );
    const command = (action: "show" | "delete"): string =>
      federatedCredentialCommand(action, graph.account.graph, applicationId, credential);
    note(
      `Trusts ${credential.subject || credential.claimsMatchingExpression} of ${credential.issuer} as well, from before.${problems.join("")} Check it, and remove it once no job needs it any more:\n` +
        `  ${command("show")}\n` +
        `  # ${command("delete")}`,
    );
  }
}

/** The same for the same place and another one for others; its name is what a credential is unique by. */
function credentialName(issuer: string, subject: string): string {
  const digest = createHash("sha256").update(`${issuer}\n${subject}`).digest("hex").slice(0, 8);
  const readable = subject
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 100);
  return `${readable || "jobs"}-${digest}`;
}
