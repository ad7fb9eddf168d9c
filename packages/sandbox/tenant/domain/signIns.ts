import type { Directory } from "../state/directory";
import type { ApplicationRecord, ServicePrincipalRecord, SignInRecord, SignInUse } from "../state/records";

/** The credential that a client has proved itself with, and the object that it lies on. */
export interface UsedCredential {
  readonly keyId: string;
  readonly keyType: SignInRecord["keyType"];
  readonly origin: SignInRecord["origin"];
  readonly startDateTime: string;
  readonly endDateTime: string;
}

const hour = 3_600_000;
/** How far back sign-ins are kept: the report cannot be later than that. */
const longestDelay = 14 * 24 * hour;

/** Takes note of a sign-in: of those of one hour, the last one. */
export function recordSignIn(
  directory: Directory,
  used: UsedCredential,
  who: { readonly application: ApplicationRecord; readonly principal: ServicePrincipalRecord },
  use: SignInUse,
): void {
  const before = directory.signIns.get(used.keyId)?.uses ?? [];
  const hourOf = ({ at }: SignInUse): number => Math.floor(Date.parse(at) / hour);
  const kept = before.filter(
    (one) =>
      Date.parse(one.at) > Date.parse(use.at) - longestDelay &&
      one.at < use.at &&
      hourOf(one) !== hourOf(use),
  );
  // However long ago: a report that is late shows it.
  const oldest = before.filter((one) => !kept.includes(one) && hourOf(one) !== hourOf(use)).at(-1);
  directory.signIns.put({
    id: used.keyId,
    appId: who.application.appId,
    appObjectId: who.application.id,
    servicePrincipalId: who.principal.id,
    origin: used.origin,
    keyType: used.keyType,
    createdDateTime: used.startDateTime,
    expirationDateTime: used.endDateTime,
    uses: [...(oldest === undefined ? [] : [oldest]), ...kept, use],
  });
}

/** The last use that a report shows which is so many seconds late; undefined when it shows none. */
export function reportedUse({ uses }: SignInRecord, now: Date, delaySeconds: number): SignInUse | undefined {
  const shown = now.getTime() - delaySeconds * 1000;
  return uses.findLast(({ at }) => Date.parse(at) <= shown);
}
