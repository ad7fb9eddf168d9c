import { z } from "zod";
import { StackFile } from "../adopt/stackFile";
import { readProjectName } from "../project/projectName";
import { stackFilePath } from "../project/stackFilePath";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { CoverageLog, presentOf } from "../cloud/coverage";
import { LiveReader } from "../cloud/liveReader";
import { RefusedCall } from "../cloud/refusedCall";
import { TransportFailure } from "../cloud/transportFailure";
import type { Console } from "../console/console";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import type { OldCredential } from "./oldCredential";
import { judgeClient } from "./retirement";
import type { RecordedStep, RetirementRecord } from "./retirementRecord";
import { reportDelayDays } from "./unused";
import { isReport, UseReports } from "./useReport";

const credentialed = z.object({ passwordCredentials: z.array(z.object({ keyId: z.string() })) });

/** What became of a credential. */
export interface Retired {
  readonly credential: OldCredential;
  readonly outcome: "removed" | "declared" | "kept" | "failed";
  /** Why it was kept, or what the service said; "" otherwise. */
  readonly why: string;
}

/** What carrying out works with. */
export interface RetirementParts {
  readonly declaration: StackDeclaration;
  readonly cloud: CloudClient;
  readonly console: Console;
  readonly record: RetirementRecord;
  readonly unusedDays: number;
  readonly folder: string;
  /** The stack file that the user keeps, when the one in the project's folder is a copy of it. */
  readonly stackFile?: string;
}

/**
 * Retires what is unused. What a verdict rests on is read again immediately before each, so that a consumer that has come back in the
 * meantime is not shut out; what is in the state is never removed behind its back.
 *
 * @param planned what was shown
 */
export async function applyRetirement(
  parts: RetirementParts,
  planned: readonly OldCredential[],
): Promise<readonly Retired[]> {
  const { console, declaration, cloud } = parts;
  const by = await cloud.ownObjectId();
  const done: Retired[] = [];
  for (const credential of planned) {
    const client = declaration.clients.find(({ name }) => name === credential.client);
    await console.say(`Retiring ${credential.kind} ${credential.keyId} of ${credential.client}`);
    done.push(await retire(parts, by, client, credential));
    if (console.signal?.aborted) break;
  }
  return done;
}

async function retire(
  parts: RetirementParts,
  by: string,
  client: DeclaredClient | undefined,
  credential: OldCredential,
): Promise<Retired> {
  const kept = (why: string): Retired => ({ credential, outcome: "kept", why });
  const { declaration, cloud, record, unusedDays, console } = parts;
  const { action } = credential;
  if (client === undefined || action === "none") return kept("it is left to others");
  const reader = new LiveReader(cloud, new CoverageLog());
  const { credentials, report } = await judgeClient(
    declaration,
    client,
    reader,
    new UseReports(cloud),
    unusedDays,
  );
  const now = credentials.find(
    ({ keyId, place }) => keyId === credential.keyId && place === credential.place,
  );
  if (now === undefined || report === undefined || !isReport(report)) {
    return kept("what it rests on could not be read again");
  }
  if (now.use !== "unused" || now.action !== action) return kept(now.why);
  const { action: _action, startsOn, ...facts } = now;
  const step = (phase: RecordedStep["phase"], said?: string): RecordedStep => ({
    version: 1,
    at: console.clock.now().toISOString(),
    stack: declaration.stack,
    by,
    phase,
    action,
    credential: facts,
    evidence: { readAt: report.readAt.toISOString(), unusedDays, reportDelayDays },
    ...(said === undefined ? {} : { said }),
  });
  await record.add(step("begin"));
  try {
    if (action === "remove") await removeSecret(cloud, reader, now);
    else await declareRetired(parts, now.client, startsOn ?? "");
  } catch (error) {
    if (!(error instanceof RefusedCall) && !(error instanceof TransportFailure)) {
      await record.add(step("failed", error instanceof Error ? error.message : String(error)));
      throw error;
    }
    await record.add(step("failed", error.message));
    return { credential: now, outcome: "failed", why: error.message };
  }
  await record.add(step("done"));
  return { credential: now, outcome: action === "remove" ? "removed" : "declared", why: "" };
}

/** Removes a secret; one that is gone afterwards counts as removed, whatever was answered. */
async function removeSecret(
  cloud: CloudClient,
  reader: LiveReader,
  { place, objectId, keyId }: OldCredential,
): Promise<void> {
  const ofApplication = place === "application";
  try {
    await cloud.change(
      ofApplication ? calls.removeApplicationSecret : calls.removePrincipalSecret,
      ofApplication ? { objectId } : { servicePrincipalId: objectId },
      { keyId },
    );
  } catch (error) {
    // The answer to the first of several tries may have been lost.
    if (!(error instanceof RefusedCall) || error.status !== 400) throw error;
    if (await isThere(reader, ofApplication, objectId, keyId)) throw error;
  }
}

async function isThere(
  reader: LiveReader,
  ofApplication: boolean,
  objectId: string,
  keyId: string,
): Promise<boolean> {
  const read = ofApplication
    ? await reader.oneIfThere(calls.application, credentialed, null, { objectId })
    : await reader.oneIfThere(calls.servicePrincipal, credentialed, null, { servicePrincipalId: objectId });
  if (read === undefined) return true;
  return presentOf(read)?.passwordCredentials.some((one) => one.keyId === keyId) ?? false;
}

/** Writes into the user's stack file, and into the project's copy of it, that secrets are retired. */
async function declareRetired(
  { folder, stackFile, declaration }: RetirementParts,
  client: string,
  day: string,
): Promise<void> {
  const ofProject = stackFilePath(folder, declaration.stack);
  const project = readProjectName(folder) ?? "";
  const files = await Promise.all(
    [...new Set([stackFile ?? ofProject, ofProject])].map((path) => StackFile.read(path, project)),
  );
  const changed = files.map((file) => file.withRetired(client, day));
  for (const file of changed) await file.write();
}
