import type { LiveObject } from "./inventory";
import type { DisturbedSandbox } from "./disturbedSandbox";

/** What an audit says about objects that are nobody's. */
export interface ReportedLeftovers {
  /** All of them, for people; parts of an object that is itself nobody's are not named. */
  readonly named: string;
  /** Those that the audit does not report; "" when there are none. */
  readonly unreported: string;
}

/** Asks `audit` about objects that are nobody's. */
export async function auditLeftovers(
  sandbox: DisturbedSandbox,
  leftovers: readonly LiveObject[],
): Promise<ReportedLeftovers> {
  const wholes = leftovers.filter(({ partOf }) => !leftovers.some(({ id }) => id === partOf));
  const report = (await sandbox.audit()).toLowerCase();
  const named = (objects: readonly LiveObject[]): string => objects.map(({ what }) => what).join(", ");
  return {
    named: named(wholes),
    unreported: named(wholes.filter(({ objectId }) => !report.includes(objectId.toLowerCase()))),
  };
}
