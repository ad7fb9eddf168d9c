import { readLiveCredentials } from "../audit/liveClient";
import type { CloudClient } from "../cloud/cloudClient";
import { CoverageLog, type Gap, presentOf } from "../cloud/coverage";
import { LiveReader } from "../cloud/liveReader";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { type OldCredential, oldCredentials } from "./oldCredential";
import { reportDelayDays } from "./unused";
import { isReport, type NoUseReport, textOf, type UseReport, UseReports } from "./useReport";

/** What `retire` says of a stack; the JSON has exactly this form. */
export interface Retirement {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  /** When the first report was read, by the service's clock; null when none was. */
  readonly readAt: string | null;
  /** Days without a use after which a credential counts as unused, as soon as the report's delay has passed, too. */
  readonly unusedDays: number;
  readonly reportDelayDays: number;
  /** Every credential that is not the one to use any more. */
  readonly credentials: readonly OldCredential[];
  /** Why the use could not be read; empty when it was, or when nothing hung on it. */
  readonly unread: readonly (NoUseReport & { readonly client: string })[];
  /** What else could not be read. */
  readonly gaps: readonly Gap[];
}

/** A client's old credentials, and the report that their verdicts rest on. */
export interface Judged {
  readonly credentials: readonly OldCredential[];
  readonly report: UseReport | NoUseReport | undefined;
}

/** Looks at the old credentials of clients. Reads only. */
export async function planRetirement(
  declaration: StackDeclaration,
  clients: readonly DeclaredClient[],
  cloud: CloudClient,
  unusedDays: number,
): Promise<Retirement> {
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const reports = new UseReports(cloud);
  const judged: (Judged & { readonly client: string })[] = [];
  for (const client of clients) {
    judged.push({
      client: client.name,
      ...(await judgeClient(declaration, client, reader, reports, unusedDays)),
    });
  }
  const read = judged.flatMap(({ report }) => (report && isReport(report) ? [report.readAt] : []));
  return {
    version: 1,
    stack: declaration.stack,
    readAt: textOf(read[0]),
    unusedDays,
    reportDelayDays,
    credentials: judged.flatMap(({ credentials }) => credentials),
    unread: judged.flatMap(({ client, credentials, report }) =>
      report && !isReport(report) && credentials.length > 0 ? [{ client, ...report }] : [],
    ),
    gaps: coverage.result().gaps,
  };
}

/** Reads one client's credentials and, when any of them is old, the report on their use. */
export async function judgeClient(
  declaration: StackDeclaration,
  client: DeclaredClient,
  reader: LiveReader,
  reports: UseReports,
  unusedDays: number,
): Promise<Judged> {
  if (client.deployed === undefined || client.deployed.isManagedIdentity) {
    return { credentials: [], report: undefined };
  }
  const live = await readLiveCredentials(reader, client.deployed);
  const clientId = presentOf(live.application)?.appId;
  const before = { why: "", missingRight: null };
  if (clientId === undefined || oldCredentials(client, live, before, declaration, unusedDays).length === 0) {
    return { credentials: [], report: undefined };
  }
  const report = await reports.of(clientId);
  return { credentials: oldCredentials(client, live, report, declaration, unusedDays), report };
}
