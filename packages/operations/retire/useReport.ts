import { z } from "zod";
import { plainText } from "dicom-service-client/model";
import type { CloudClient } from "../cloud/cloudClient";
import { calls } from "../cloud/calls";
import { describeNeed } from "../cloud/call";
import { RefusedCall } from "../cloud/refusedCall";
import { labelled } from "../console/wrapped";
import { TransportFailure } from "../cloud/transportFailure";

/** When the credentials of a client were last used, as Microsoft Entra reports it: late. */
export interface UseReport {
  /** When it was read, by the clock of who answered; the times in it are by that clock, too. */
  readonly readAt: Date;
  /** By key id in lower case. Null: the report knows the credential, but no use of it. What is not in it, is not known. */
  readonly lastUse: ReadonlyMap<string, Date | null>;
}

/** Why a report could not be read. */
export interface NoUseReport {
  /** In one sentence. */
  readonly why: string;
  /** The right that is missing; null when it is not for a right. */
  readonly missingRight: string | null;
}

/** Whether all reports could be read, and why not. It is an extra: what could not be read of it leaves anything else complete. */
export interface UseCoverage {
  readonly read: boolean;
  readonly why: string | null;
  readonly missingRight: string | null;
}

/** Source: https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity */
const activity = z.object({
  keyId: z.string(),
  signInActivity: z.object({ lastSignInDateTime: z.string().nullish() }).nullish(),
});

/** Reads reports. When the first is refused, no other is asked for: what refuses one would refuse them all. */
export class UseReports {
  private first: Promise<UseReport | NoUseReport> | undefined;

  constructor(private readonly cloud: CloudClient) {
    if (!cloud.endpoints.hasUseReport) {
      this.first = Promise.resolve({
        why: "Microsoft Graph reports the use of credentials in the public cloud only.",
        missingRight: null,
      });
    }
  }

  /** The report on one client. */
  async of(clientId: string): Promise<UseReport | NoUseReport> {
    if (this.first === undefined) {
      this.first = readUse(this.cloud, clientId);
      return this.first;
    }
    const first = await this.first;
    return isReport(first) ? readUse(this.cloud, clientId) : first;
  }
}

/** Whether it could be read. */
export function isReport(read: UseReport | NoUseReport): read is UseReport {
  return "readAt" in read;
}

export function useCoverage(reports: readonly (UseReport | NoUseReport)[]): UseCoverage {
  const unread = reports.find((one): one is NoUseReport => !isReport(one));
  return { read: unread === undefined, why: unread?.why ?? null, missingRight: unread?.missingRight ?? null };
}

/** Why the last use of credentials could not be read, for people; "" when it was. */
export function unreadUseText({ read, why, missingRight }: UseCoverage): string {
  if (read) return "";
  const right = missingRight === null ? "" : ` You need ${missingRight}.`;
  return `${labelled("", `When credentials were last used could not be read: ${plainText(why ?? "")}${right}`)}\n`;
}

async function readUse(cloud: CloudClient, clientId: string): Promise<UseReport | NoUseReport> {
  const call = calls.credentialUse;
  try {
    const { items, answeredAt } = await cloud.readAllDated(call, { clientId });
    if (answeredAt === undefined) {
      return { why: "The answer does not say when it was given.", missingRight: null };
    }
    const rows = z.array(activity).safeParse(items);
    if (!rows.success)
      throw new RefusedCall(call, 200, "", "the answer has a form that this version does not know");
    const lastUse = new Map<string, Date | null>();
    for (const { keyId, signInActivity } of rows.data) {
      const key = keyId.toLowerCase();
      const last = instantOf(signInActivity?.lastSignInDateTime ?? null);
      const other = lastUse.get(key);
      lastUse.set(key, other instanceof Date && (last === null || other > last) ? other : last);
    }
    return { readAt: answeredAt, lastUse };
  } catch (error) {
    if (!(error instanceof RefusedCall) && !(error instanceof TransportFailure)) throw error;
    const isDenied = error instanceof RefusedCall && error.isDenied;
    return { why: error.message, missingRight: isDenied ? describeNeed(call.needs) : null };
  }
}

/** When a credential was last used, as the report shows it; null when it shows no use, or could not be read. */
export function lastUseOf(report: UseReport | NoUseReport | undefined, keyId: string | null): string | null {
  if (report === undefined || keyId === null || !isReport(report)) return null;
  return textOf(report.lastUse.get(keyId.toLowerCase()));
}

/** A moment in whole seconds, as Microsoft Graph writes it. */
export function textOf(instant: Date | null | undefined): string | null {
  return instant === null || instant === undefined ? null : instant.toISOString().replace(/\.\d+Z$/, "Z");
}

/** @throws RefusedCall when it is no time: a use must not pass for none */
function instantOf(text: string | null): Date | null {
  if (text === null) return null;
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new RefusedCall(calls.credentialUse, 200, "", `${JSON.stringify(text)} is not a time`);
  }
  // Services write .NET's first moment, in the year 1, where there is none.
  return time <= 0 ? null : new Date(time);
}
