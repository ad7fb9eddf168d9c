import { z } from "zod";
import { isGuid, outsideFacts, plainText } from "dicom-service-client/model";
import { liveDeletedApplication } from "../audit/liveObjects";
import { LiveReader } from "../cloud/liveReader";
import { calls } from "../cloud/calls";
import { graphRequest } from "../cloud/graphRequest";
import { OperationError } from "../operationError";
import { requireComplete } from "./completeReading";
import {
  registeredApplication,
  type RegisteredApplication,
  type RegistrationReader,
} from "./liveRegistration";
import { presentOf } from "../cloud/coverage";

/**
 * Finds a registration by its client id, its object id or its display name.
 *
 * @throws OperationError when there is none, which says whether it was deleted; or several, which lists them; or when it could not
 *   be looked for
 */
export async function findRegistration(
  { cloud, coverage }: RegistrationReader,
  wanted: string,
): Promise<RegisteredApplication> {
  const reader = new LiveReader(cloud, coverage);
  const [byId, byClientId, byName] = await Promise.all([
    isGuid(wanted)
      ? reader.oneIfThere(calls.application, registeredApplication, null, { objectId: wanted })
      : undefined,
    isGuid(wanted)
      ? reader.all(calls.applicationsByClientId, registeredApplication, null, { clientId: wanted })
      : undefined,
    reader.all(calls.applicationsByName, registeredApplication, null, { displayName: wanted }),
  ]);
  requireComplete(coverage);
  const found = [presentOf(byId) ?? [], byClientId?.value ?? [], byName?.value ?? []].flat();
  const matches = [...new Map(found.map((application) => [application.id, application] as const)).values()];
  const [only, ...others] = matches;
  if (only === undefined) {
    throw (
      (await managedIdentity(reader, wanted)) ?? (await explainAbsence(reader, wanted, cloud.endpoints.graph))
    );
  }
  if (others.length > 0) throw severalMatches(matches, wanted);
  return only;
}

function severalMatches(matches: readonly RegisteredApplication[], wanted: string): OperationError {
  const listed = [...matches]
    .sort((one, other) => (one.createdDateTime + one.id < other.createdDateTime + other.id ? -1 : 1))
    .map(
      ({ appId, id, displayName, createdDateTime }) =>
        `  client id ${appId}, object id ${id}, registered ${createdDateTime || "at an unknown time"}, ${quoted(displayName)}`,
    );
  return new OperationError(
    `There are ${matches.length} applications ${quoted(wanted)}:\n${listed.join("\n")}`,
    {
      cure: "Name the one you mean by its client id.",
    },
  );
}

const principal = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  servicePrincipalType: z.string().nullish(),
});

/** That somebody means a managed identity, which has no application that could be adopted. */
async function managedIdentity(reader: LiveReader, wanted: string): Promise<OperationError | undefined> {
  if (!isGuid(wanted)) return undefined;
  const [byId, byClientId] = await Promise.all([
    reader.oneIfThere(calls.servicePrincipal, principal, null, { servicePrincipalId: wanted }),
    reader.all(calls.servicePrincipalsByClientId, principal, null, { clientId: wanted }),
  ]);
  const found = [presentOf(byId) ?? [], byClientId?.value ?? []]
    .flat()
    .find(({ servicePrincipalType }) => servicePrincipalType === outsideFacts.managedIdentityType.value);
  return (
    found &&
    new OperationError(
      `${quoted(found.displayName ?? found.id)} is a managed identity, which has no application to adopt.`,
      {
        cause: `Object id ${found.id}, client id ${found.appId}.`,
        cure: "Declare a client with application: none and this identity under runsOn.managedIdentity. If it has the roles already, pulumi up is refused and shows for each how the stack takes it over.",
      },
    )
  );
}

async function explainAbsence(reader: LiveReader, wanted: string, graph: string): Promise<OperationError> {
  const deleted = await reader.all(calls.allDeletedApplications, liveDeletedApplication, null);
  const same = (one: string): boolean => one.toLowerCase() === wanted.toLowerCase();
  const matches = (deleted?.value ?? []).filter(
    ({ id, appId, displayName }) => same(id) || same(appId) || same(displayName),
  );
  const message = `There is no application ${quoted(wanted)}: no client id, object id or display name in this tenant.`;
  if (matches.length === 0) {
    return new OperationError(message, {
      cause: deleted
        ? "It is not among the deleted applications either."
        : "Whether it was deleted could not be read.",
      cure: "Look it up in the portal under App registrations, and check that you are signed in to the right tenant.",
    });
  }
  return new OperationError(message, {
    cause: matches.map(describeDeleted).join("\n"),
    cure: [
      "Look at it first:",
      ...matches.map(({ id }) => `  ${graphRequest(graph, "GET", `directory/deletedItems/${id}`)}`),
      "Then restore it, within 30 days of its deletion and with all credentials that it had, and adopt it:",
      ...matches.map(
        ({ id }) => `  # ${graphRequest(graph, "POST", `directory/deletedItems/${id}/restore`)}`,
      ),
    ].join("\n"),
  });
}

function describeDeleted({
  appId,
  displayName,
  deletedDateTime,
}: z.infer<typeof liveDeletedApplication>): string {
  return `${quoted(displayName)} (client id ${appId}) was deleted on ${deletedDateTime ?? "an unknown day"}.`;
}

function quoted(text: string): string {
  return JSON.stringify(plainText(text));
}
