import { z } from "zod";
import { formatPath } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import {
  activeRestrictions,
  type ActiveRestriction,
  type DecidingPolicies,
  judge,
  type Judgement,
  liveAssignedPolicy,
  liveDefaultPolicy,
} from "./appManagementPolicy";
import type { PlannedClient, PlannedCredential } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle, Unread } from "./preflightReport";

const created = z.object({ createdDateTime: z.string() });
const attributed = z.object({
  customSecurityAttributes: z.record(z.string(), z.record(z.string(), z.unknown())).nullish(),
});

/** The attributes of the deploying identity, as policies name them; undefined when they cannot be read. */
type Attributes = () => Promise<readonly { readonly id: string; readonly value: string }[] | undefined>;

/** A secret or certificate that a policy was asked about. */
interface Judged {
  readonly restriction: ActiveRestriction;
  readonly judgement: Exclude<Judgement, "allowed">;
}

const day = 86_400_000;

/** What the tenant's app management policies refuse of the secrets and certificates that the next update adds. */
export async function credentialObstacles(
  parts: PreflightParts,
  planned: readonly PlannedClient[],
): Promise<Found> {
  const concerned = planned.filter(
    ({ credentials, laterSecret }) => credentials.length > 0 || laterSecret !== undefined,
  );
  if (concerned.length === 0) return {};
  const general = await parts.reader.one(calls.defaultAppManagementPolicy, liveDefaultPolicy, null, {});
  if (!general) return {};
  const attributes = once(() => readAttributes(parts));
  const found = await Promise.all(
    concerned.map(async (client): Promise<Found> => {
      const policies = await decidingPolicies(parts, client, general.value);
      return policies ? judgeClient(parts, client, policies, attributes) : {};
    }),
  );
  return {
    obstacles: found.flatMap((one) => one.obstacles ?? []),
    unread: found.flatMap((one) => one.unread ?? []),
    notes: found.flatMap((one) => one.notes ?? []),
  };
}

interface Deciding extends DecidingPolicies {
  readonly createdAt: Date;
}

/** Undefined when they could not be read, which the coverage says. */
async function decidingPolicies(
  { reader, console }: PreflightParts,
  { name, deployed }: PlannedClient,
  general: DecidingPolicies["general"],
): Promise<Deciding | undefined> {
  const objectId = deployed?.objectId;
  if (objectId === undefined) return { general, assigned: undefined, createdAt: console.clock.now() };
  const [application, assigned] = await Promise.all([
    reader.one(calls.application, created, name, { objectId }),
    reader.all(calls.appManagementPolicyOfApplication, liveAssignedPolicy, name, { objectId }),
  ]);
  if (!application || !assigned) return undefined;
  return {
    general,
    assigned: assigned.value[0],
    createdAt: new Date(application.value.createdDateTime),
  };
}

async function judgeClient(
  { console }: PreflightParts,
  client: PlannedClient,
  policies: Deciding,
  attributes: Attributes,
): Promise<Found> {
  const now = console.clock.now();
  const obstacles: Obstacle[] = [];
  const unread: Unread[] = [];
  for (const credential of client.credentials) {
    const lifetime = credential.end.getTime() - (credential.start ?? now).getTime();
    for (const judged of await judgements(policies, credential.kind, lifetime, attributes)) {
      if (judged === "unread") continue;
      if (judged.judgement === "unknown") unread.push(unknownRestriction(client.name, judged.restriction));
      else obstacles.push(obstacle(client.name, credential, lifetime, judged));
    }
  }
  return { obstacles, unread, notes: await laterNotes(client, policies, attributes, obstacles) };
}

/** What the restrictions that are on say against a credential, and do not exempt the deploying identity from. */
async function judgements(
  policies: Deciding,
  kind: PlannedCredential["kind"],
  lifetime: number,
  attributes: Attributes,
): Promise<readonly (Judged | "unread")[]> {
  const found = await Promise.all(
    activeRestrictions(policies, kind, policies.createdAt).map(
      async (restriction): Promise<readonly (Judged | "unread")[]> => {
        const judgement = judge(restriction, lifetime);
        if (judgement === "allowed") return [];
        if (restriction.exempting.length === 0) return [{ restriction, judgement }];
        const held = await attributes();
        if (held === undefined) return ["unread"];
        const isExempt = restriction.exempting.some((one) =>
          held.some(({ id, value }) => id === one.id && value === one.value),
        );
        return isExempt ? [] : [{ restriction, judgement }];
      },
    ),
  );
  // A lifetime says nothing where the kind is forbidden anyway.
  const all = found.flat();
  const forbidden = all.filter((one) => one !== "unread" && one.judgement === "forbidden");
  return forbidden.length > 0 ? forbidden.slice(0, 1) : all;
}

function obstacle(
  client: string,
  credential: PlannedCredential,
  lifetime: number,
  { restriction, judgement }: Judged,
): Obstacle {
  const { kind, path } = credential;
  const policy = nameOf(restriction);
  const exempt = `or have an administrator exempt the application with its own policy: ${documentation}`;
  if (judgement === "forbidden") {
    return {
      kind: "credential-forbidden",
      client,
      path: formatPath(["clients", client, ...path]),
      detail: `${policy} forbids secrets on applications.`,
      cure: [
        "Give the client a federated credential (federatedCredentials) or a certificate (certificates) instead of a secret,",
        exempt,
      ],
    };
  }
  const longest = restriction.maxLifetime ?? "";
  const lived = Math.ceil((lifetime / day) * 10) / 10;
  return {
    kind: "credential-too-long",
    client,
    path: formatPath(["clients", client, ...path]),
    detail: `it would be valid for ${lived} days; ${policy} allows ${longest}.`,
    cure: [
      kind === "secret"
        ? `Lower secret.lifetimeDays to what ${longest} allows (changing it restarts the schedule),`
        : `Use a certificate that is valid for no longer than ${longest} from its own first day, or set an earlier end (expiresOn),`,
      exempt,
    ],
  };
}

const documentation =
  "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies";

function nameOf({ isOwn, policyId }: ActiveRestriction): string {
  return isOwn
    ? `the app management policy ${policyId}, which is assigned to the application,`
    : "the tenant's app management policy";
}

function unknownRestriction(client: string, restriction: ActiveRestriction): Unread {
  return {
    what: `What ${nameOf(restriction)} means by ${restriction.type || "a restriction"}${restriction.maxLifetime === undefined ? "" : ` (${restriction.maxLifetime})`} is unknown to this version, so the credentials of ${client} are not checked against it.`,
    cure: `Look at the policy: ${documentation}`,
  };
}

/** Whether the secret after this one will be refused, when this one is not. */
async function laterNotes(
  { name, laterSecret }: PlannedClient,
  policies: Deciding,
  attributes: Attributes,
  obstacles: readonly Obstacle[],
): Promise<readonly string[]> {
  if (laterSecret === undefined || obstacles.some(({ path }) => path.endsWith(".secret"))) return [];
  const { on, lifetimeDays } = laterSecret;
  // It is made in the course of its first day.
  const judged = await judgements(policies, "secret", (lifetimeDays - 1) * day + 1, attributes);
  return judged.flatMap((one) =>
    one === "unread" || one.judgement === "unknown"
      ? []
      : [
          `${name}: the next secret, due on ${on}, would be refused: ${nameOf(one.restriction)} ${one.judgement === "forbidden" ? "forbids secrets" : `allows ${one.restriction.maxLifetime ?? ""}`}.`,
        ],
  );
}

async function readAttributes({
  reader,
  identity,
}: PreflightParts): Promise<readonly { readonly id: string; readonly value: string }[] | undefined> {
  const read = await reader.one(calls.customSecurityAttributes, attributed, null, {
    servicePrincipalId: identity,
  });
  return (
    read &&
    Object.entries(read.value.customSecurityAttributes ?? {}).flatMap(([set, values]) =>
      Object.entries(values).flatMap(([name, value]) =>
        typeof value === "string" && !name.includes("@") ? [{ id: `${set}_${name}`, value }] : [],
      ),
    )
  );
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
