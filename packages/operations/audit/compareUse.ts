import { word } from "../cloud/graphRequest";
import { oldCredentials } from "../retire/oldCredential";
import { defaultUnusedDays } from "../retire/unused";
import type { Comparison } from "./comparison";
import { day, daysLeft } from "./credentialLife";
import type { Finding } from "./finding";

/** Somebody uses the previous secret although the overlap ends soon. */
export function compareUse(comparison: Comparison): Finding[] {
  const { client, deployed, live, use, declaration, limits, found } = comparison;
  if (use === undefined) return [];
  return oldCredentials(client, live, use, declaration, defaultUnusedDays)
    .filter(({ standing, use: verdict }) => standing === "previous" && verdict === "used")
    .flatMap(({ keyId, name, startsAt, endsAt, lastUsedAt }) => {
      const left = daysLeft(comparison, endsAt);
      if (left === undefined || left < 0 || left > limits.warnDays) return [];
      return [
        found({
          rule: "consumer-not-moved",
          side: "live",
          object: keyId,
          // The days of its use are no part of it.
          content: { keyId },
          detail: `The secret of ${name} of ${deployed.name} was last used on ${day(lastUsedAt)}, and ends on ${day(endsAt)}, in ${left} ${left === 1 ? "day" : "days"}.`,
          startsAt,
          endsAt,
          next: `npx dicom-ops handover ${word(client.name)} --for env --stack ${declaration.stack}   # shows what its consumers are to read`,
        }),
      ];
    });
}
