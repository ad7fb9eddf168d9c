import { X509Certificate } from "node:crypto";
import {
  type CalendarDay,
  certificateEndDate,
  endDateOf,
  formatCalendarDay,
  formatMidnight,
  planSecrets,
  type SecretGeneration,
} from "dicom-service-client/model";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { defaultUnusedDays, reportDelayDays } from "../retire/unused";
import { isReport, lastUseOf, type NoUseReport, type UseReport } from "../retire/useReport";

/**
 * Where a credential stands:
 * - `current`: the one to use; `previous`: still valid, its successor is `current`;
 * - `due`: declared, but the stack has not been deployed since; `pulumi up` issues it;
 * - `retiring`: deployed, but not declared any more; `pulumi up` removes it;
 * - `active`: a certificate or federated credential that is deployed.
 */
export type CredentialStanding = "current" | "previous" | "due" | "retiring" | "active";

/** One credential of a client, as the declaration and nothing but the schedule has it. */
export interface CredentialStatus {
  readonly kind: "secret" | "certificate" | "federated";
  /** Slot of a secret, name of any other. */
  readonly name: string;
  readonly standing: CredentialStanding;
  /** Key id at Microsoft Graph; null before the first deployment. */
  readonly keyId: string | null;
  /** First day, such as `2026-11-23`; null of a federated credential and of a secret whose generation is not known. */
  readonly startsOn: string | null;
  /** When it ends, such as `2027-05-22T00:00:00Z`; null when it never does. */
  readonly endsAt: string | null;
  /** Whole per cent of its life that have passed; null when that has no end. */
  readonly lifeUsedPercent: number | null;
  /** Whole days until it ends; 0 on its last day and after. */
  readonly daysLeft: number | null;
  /** Days on which it and its neighbour in the schedule are both valid: from the first on, up to but not on the other. */
  readonly overlap: { readonly from: string; readonly until: string } | null;
  /** Day on which the successor of a current secret is due. */
  readonly nextRotationOn: string | null;
  /** When it was last used, as far as Microsoft's report shows, which is late; null when it shows no use, or was not asked for. */
  readonly lastUsedAt: string | null;
  /** What is to be done, when something is. */
  readonly attention: string | null;
}

/** The credentials of one client. */
export interface ClientStatus {
  readonly name: string;
  /** Null before the first deployment. */
  readonly clientId: string | null;
  readonly credentials: readonly CredentialStatus[];
}

const secondsPerDay = 86_400;

/**
 * Where the credentials of a client stand on the day of its stack.
 *
 * @param declaration of the stack that has it
 * @param warnDays how many days before its end a credential needs attention; absent: only what is overdue does
 * @param use when its credentials were last used, if that was asked for
 */
export function clientStatus(
  client: DeclaredClient,
  { asOf, stack }: Pick<StackDeclaration, "asOf" | "stack">,
  warnDays: number | undefined,
  use?: UseReport | NoUseReport,
): ClientStatus {
  const credentials = [
    ...secretStatus(client, asOf),
    ...certificateStatus(client, asOf),
    ...federatedStatus(client),
  ];
  return {
    name: client.name,
    clientId: client.deployed?.clientId ?? null,
    credentials: credentials.map((credential) => {
      const lastUsedAt = lastUseOf(use, credential.keyId);
      return {
        ...credential,
        lastUsedAt,
        attention: notMoved(credential, lastUsedAt, use) ?? attention(credential, warnDays, stack),
      };
    }),
  };
}

/** That a consumer still uses the previous secret, while it can. */
function notMoved(
  { standing, daysLeft }: Bare,
  lastUsedAt: string | null,
  use: UseReport | NoUseReport | undefined,
): string | null {
  if (standing !== "previous" || lastUsedAt === null || use === undefined || !isReport(use)) return null;
  const unusedFor = (use.readAt.getTime() - Date.parse(lastUsedAt)) / (secondsPerDay * 1000);
  return unusedFor > defaultUnusedDays + reportDelayDays
    ? null
    : `a consumer has not moved to the current secret: this one was last used on ${lastUsedAt.slice(0, 10)} and ends in ${daysText(daysLeft)}`;
}

type Bare = Omit<CredentialStatus, "attention" | "lastUsedAt">;

function secretStatus({ config, deployed }: DeclaredClient, asOf: CalendarDay): Bare[] {
  const deployedSecrets = deployed?.secrets ?? [];
  const schedule = config?.secret;
  const plan = schedule && planSecrets(schedule, asOf);
  const declared = plan
    ? [
        { generation: plan.current, standing: "current" as const },
        ...(plan.previous ? [{ generation: plan.previous, standing: "previous" as const }] : []),
      ]
    : [];
  const keyOf = (generation: SecretGeneration): string | undefined =>
    deployedSecrets.find(({ slot, endsAt }) => slot === generation.slot && endsAt === endDateOf(generation))
      ?.keyId;
  const kept = new Set(declared.map(({ generation }) => keyOf(generation)));
  return [
    ...declared.map(({ generation, standing }): Bare => {
      const keyId = keyOf(generation);
      const { startsOn, endsOn, slot } = generation;
      const isCurrent = standing === "current";
      const overlap =
        plan === undefined
          ? null
          : isCurrent
            ? { from: plan.nextRotationOn, until: formatCalendarDay(endsOn) }
            : { from: formatCalendarDay(plan.current.startsOn), until: formatCalendarDay(endsOn) };
      return {
        kind: "secret",
        name: slot,
        standing: keyId === undefined ? "due" : standing,
        keyId: keyId ?? null,
        startsOn: formatCalendarDay(startsOn),
        endsAt: formatMidnight(endsOn),
        ...life(startsOn * secondsPerDay, endsOn * secondsPerDay, asOf),
        overlap,
        nextRotationOn: isCurrent ? (plan?.nextRotationOn ?? null) : null,
      };
    }),
    ...deployedSecrets
      .filter(({ keyId }) => !kept.has(keyId))
      .map(({ slot, keyId, endsAt }): Bare => {
        const end = Date.parse(endsAt) / 1000;
        return {
          kind: "secret",
          name: slot,
          standing: "retiring",
          keyId,
          startsOn: null,
          endsAt,
          lifeUsedPercent: null,
          daysLeft: life(end, end, asOf).daysLeft,
          overlap: null,
          nextRotationOn: null,
        };
      }),
  ];
}

function certificateStatus({ config, deployed }: DeclaredClient, asOf: CalendarDay): Bare[] {
  const declared = config?.certificates ?? [];
  const known = deployed?.certificates ?? [];
  const declaredNames = new Set(declared.map(({ name }) => name));
  const row = (
    name: string,
    standing: CredentialStanding,
    keyId: string | null,
    startsAt: number | undefined,
    endsAt: string,
  ): Bare => {
    const end = Date.parse(endsAt) / 1000;
    const passed = life(startsAt ?? end, end, asOf);
    return {
      kind: "certificate",
      name,
      standing,
      keyId,
      startsOn: startsAt === undefined ? null : formatCalendarDay(Math.floor(startsAt / secondsPerDay)),
      endsAt,
      lifeUsedPercent: startsAt === undefined ? null : passed.lifeUsedPercent,
      daysLeft: passed.daysLeft,
      overlap: null,
      nextRotationOn: null,
    };
  };
  return [
    ...declared.map((certificate) => {
      const match = known.find(({ name }) => name === certificate.name);
      const starts = new X509Certificate(certificate.pem).validFromDate.getTime() / 1000;
      return row(
        certificate.name,
        match ? "active" : "due",
        match?.keyId ?? null,
        starts,
        certificateEndDate(certificate),
      );
    }),
    ...known
      .filter(({ name }) => !declaredNames.has(name))
      .map(({ name, keyId, endsAt }) => row(name, "retiring", keyId, undefined, endsAt)),
  ];
}

function federatedStatus({ config, deployed }: DeclaredClient): Bare[] {
  const known = deployed?.federatedCredentials ?? [];
  const declared = (config?.federatedCredentials ?? []).map(({ name }) => name);
  const names = [...new Set([...declared, ...known.map(({ name }) => name)])];
  return names.map((name) => {
    const match = known.find((credential) => credential.name === name);
    return {
      kind: "federated",
      name,
      standing: !match ? "due" : declared.includes(name) ? "active" : "retiring",
      keyId: match?.id ?? null,
      startsOn: null,
      endsAt: null,
      lifeUsedPercent: null,
      daysLeft: null,
      overlap: null,
      nextRotationOn: null,
    };
  });
}

function life(
  startsAt: number,
  endsAt: number,
  asOf: CalendarDay,
): { readonly lifeUsedPercent: number; readonly daysLeft: number } {
  const now = asOf * secondsPerDay;
  const used = endsAt <= startsAt ? 1 : (now - startsAt) / (endsAt - startsAt);
  return {
    lifeUsedPercent: Math.floor(Math.min(Math.max(used, 0), 1) * 100),
    daysLeft: Math.max(0, Math.floor((endsAt - now) / secondsPerDay)),
  };
}

function daysText(daysLeft: number | null): string {
  return `${daysLeft} ${daysLeft === 1 ? "day" : "days"}`;
}

function attention(credential: Bare, warnDays: number | undefined, stack: string): string | null {
  const redeploy = `run \`pulumi up --stack ${stack}\``;
  const { standing, daysLeft } = credential;
  const days = daysText(daysLeft);
  if (standing === "due") return `not issued yet: ${redeploy}`;
  if (standing === "retiring") return `no longer declared: ${redeploy}`;
  if (daysLeft === 0) return standing === "active" ? "has ended: replace it" : `has ended: ${redeploy}`;
  if (warnDays === undefined || daysLeft === null || daysLeft > warnDays) return null;
  switch (standing) {
    case "current":
      return `ends in ${days}: ${redeploy} before ${credential.nextRotationOn ?? "then"}`;
    case "previous":
      return `ends in ${days}: make sure that every consumer has moved to the current secret`;
    case "active":
      return `ends in ${days}: put its successor into the configuration`;
  }
}
