import { formatCalendarDay, planSecrets } from "dicom-service-client/model";
import { certificateStandings, secretStandings } from "../audit/credentialStandings";
import type { LiveCredentials } from "../audit/liveClient";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { isReport, type NoUseReport, textOf, type UseReport } from "./useReport";
import { judgeUse, type Successor, type Use, type UseVerdict } from "./unused";
import { presentOf } from "../cloud/coverage";
import { principalCredentials } from "../audit/liveObjects";

/** A credential that is not the one to use any more. */
export interface OldCredential {
  /** The client's name in the stack. */
  readonly client: string;
  readonly clientId: string;
  readonly kind: "secret" | "certificate";
  readonly place: "application" | "service principal";
  /** Id of the object that it lies on. */
  readonly objectId: string;
  readonly keyId: string;
  /** Slot of a secret of the stack; of any other the name that others chose. */
  readonly name: string;
  /**
   * - `undeclared`: nothing declares it, such as the secrets of a registration that was adopted;
   * - `previous`: the schedule's secret before the current one;
   * - `retiring`: deployed, but not declared any more; the next `pulumi up` removes it, whoever uses it.
   */
  readonly standing: "undeclared" | "previous" | "retiring";
  readonly startsAt: string | null;
  /** Null when it never ends. */
  readonly endsAt: string | null;
  /** As far as the report shows; null when it shows none. */
  readonly lastUsedAt: string | null;
  readonly use: Use;
  /** Why that is so. */
  readonly why: string;
  readonly successor: { readonly keyId: string; readonly lastUsedAt: string } | null;
  /**
   * What `--apply` does with an unused one: `remove` it, or `declare` it retired, so that the next `pulumi up` removes it and the state
   * stays true; `none` when that is left to others.
   */
  readonly action: "remove" | "declare" | "none";
  /** First day of a `previous` one. */
  readonly startsOn: string | null;
}

/** A credential of a client, its place and what it is to the declaration. */
type Found = Pick<
  OldCredential,
  | "kind"
  | "place"
  | "objectId"
  | "keyId"
  | "name"
  | "standing"
  | "startsAt"
  | "endsAt"
  | "action"
  | "startsOn"
>;

/** The old credentials of a client, with what is known of their use. Sorted by place, kind and end. */
export function oldCredentials(
  client: DeclaredClient,
  live: LiveCredentials,
  report: UseReport | NoUseReport,
  { asOf }: Pick<StackDeclaration, "asOf">,
  unusedDays: number,
): readonly OldCredential[] {
  const application = presentOf(live.application);
  const { deployed, config, name } = client;
  if (deployed === undefined || application === undefined) return [];
  const plan = config?.secret && planSecrets(config.secret, asOf);
  const secrets = secretStandings(deployed, live);
  const certificates = certificateStandings(config, deployed, live);
  const principal = presentOf(live.servicePrincipal);
  const declaredSecrets = secrets.flatMap(({ live: secret, standing, declared }) =>
    standing === "declared" && declared ? [{ secret, declared }] : [],
  );
  const isPlanned = (
    { slot, endsAt }: { readonly slot: string; readonly endsAt: string },
    generation: { readonly slot: string; readonly endsOn: number } | undefined,
  ): boolean =>
    generation !== undefined &&
    slot === generation.slot &&
    Date.parse(endsAt) === generation.endsOn * 86_400_000;
  const current = declaredSecrets.filter(({ declared }) => isPlanned(declared, plan?.current));
  const previous = declaredSecrets.filter(({ declared }) => isPlanned(declared, plan?.previous));
  const ofApplication = { place: "application", objectId: application.id } as const;
  const found: readonly Found[] = [
    ...secrets
      .filter(({ standing }) => standing === "undeclared")
      .map(({ live: secret }): Found => ({
        ...ofApplication,
        kind: "secret",
        keyId: secret.keyId,
        name: secret.displayName || secret.keyId,
        standing: "undeclared",
        startsAt: secret.startDateTime,
        endsAt: secret.endDateTime,
        action: "remove",
        startsOn: null,
      })),
    ...declaredSecrets
      .filter((one) => !current.includes(one))
      .map((one): Found => {
        const isPrevious = previous.includes(one);
        return {
          ...ofApplication,
          kind: "secret",
          keyId: one.secret.keyId,
          name: `slot ${one.declared.slot}`,
          standing: isPrevious ? "previous" : "retiring",
          startsAt: one.secret.startDateTime,
          endsAt: one.secret.endDateTime,
          action: isPrevious ? "declare" : "none",
          startsOn: isPrevious && plan?.previous ? formatCalendarDay(plan.previous.startsOn) : null,
        };
      }),
    ...certificates
      .filter(({ standing }) => standing === "undeclared" || standing === "repeated")
      .flatMap(({ live: certificate }) =>
        certificate.keyIds.map((keyId): Found => ({
          ...ofApplication,
          kind: "certificate",
          keyId,
          name: certificate.displayName || keyId,
          standing: "undeclared",
          startsAt: certificate.startDateTime,
          endsAt: certificate.endDateTime,
          action: "none",
          startsOn: null,
        })),
      ),
    ...principalCredentials(principal).map(
      ({ kind, keyId, displayName, startDateTime, endDateTime }): Found => ({
        kind,
        place: "service principal",
        objectId: principal?.id ?? "",
        keyId,
        name: displayName || keyId,
        standing: "undeclared",
        startsAt: startDateTime,
        endsAt: endDateTime,
        action: kind === "secret" ? "remove" : "none",
        startsOn: null,
      }),
    ),
  ];
  const successor = (keyId: string, endsAt: string | null): Successor => ({
    keyId,
    endsAt: instantOf(endsAt),
    lastUsedAt: isReport(report) ? report.lastUse.get(keyId.toLowerCase()) : undefined,
  });
  const currentOnes = current.map(({ secret }) => successor(secret.keyId, secret.endDateTime));
  const declaredOnes = [
    ...currentOnes,
    ...previous.map(({ secret }) => successor(secret.keyId, secret.endDateTime)),
    ...certificates
      .filter(({ standing }) => standing === "declared")
      .map(({ live: { keyId, endDateTime } }) => successor(keyId, endDateTime)),
  ];
  return found
    .map((one): OldCredential => {
      const lastUsedAt = isReport(report) ? report.lastUse.get(one.keyId.toLowerCase()) : undefined;
      const {
        use,
        why,
        successor: taken,
      } = isReport(report)
        ? judgeUse(
            {
              readAt: report.readAt,
              startsAt: instantOf(one.startsAt),
              endsAt: instantOf(one.endsAt),
              lastUsedAt,
              successors: one.standing === "previous" ? currentOnes : declaredOnes,
            },
            unusedDays,
          )
        : ({
            use: "unknown",
            why: "when it was used could not be read",
            successor: null,
          } satisfies UseVerdict);
      return {
        client: name,
        clientId: application.appId,
        ...one,
        lastUsedAt: textOf(lastUsedAt),
        use,
        why,
        successor: taken && { keyId: taken.keyId, lastUsedAt: textOf(taken.lastUsedAt) ?? "" },
      };
    })
    .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function instantOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function sortKey({ place, kind, endsAt, keyId }: OldCredential): string {
  return [place, kind, endsAt ?? "", keyId].join("\n");
}
