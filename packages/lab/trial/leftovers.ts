import type { LiveObject } from "./inventory";
import type { Trial } from "./trial";

/** What an audit says about objects that are nobody's. */
export interface ReportedLeftovers {
  /** All of them, for people; parts of an object that is itself nobody's are not named. */
  readonly named: string;
  /** Those that the audit does not report; "" when there are none. */
  readonly unreported: string;
}

/** Asks `audit` about objects that are nobody's. */
export async function auditLeftovers(
  trial: Trial,
  leftovers: readonly LiveObject[],
): Promise<ReportedLeftovers> {
  const { stdout } = await trial.operation("audit", "--format", "json");
  const wholes = leftovers.filter(({ partOf }) => !leftovers.some(({ id }) => id === partOf));
  const report = stdout.toLowerCase();
  const named = (objects: readonly LiveObject[]): string => objects.map(({ what }) => what).join(", ");
  return {
    named: named(wholes),
    unreported: named(wholes.filter(({ objectId }) => !report.includes(objectId.toLowerCase()))),
  };
}
