import { formatCalendarDay } from "dicom-service-client/model";
import type { CloudClient } from "../cloud/cloudClient";
import type { Console } from "../console/console";
import { counted } from "../console/counted";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { isManagedIdentity } from "../project/managedIdentity";
import type { AuditReport } from "./auditReport";
import { credentialInventory, type InventoryEntry } from "./credentialInventory";
import { compareApplication } from "./compareApplication";
import { compareAzureRoles } from "./compareAzureRoles";
import { compareConfig } from "./compareConfig";
import { deployerOf } from "./owners";
import { compareCredentials } from "./compareCredentials";
import { compareMemberships } from "./compareMemberships";
import { comparePermissions } from "./comparePermissions";
import { comparePolicies } from "./comparePolicies";
import { compareTrust } from "./compareTrust";
import { comparisonOf } from "./comparison";
import {
  applicationProperties,
  type ComparedProperty,
  servicePrincipalProperties,
  uncomparedElsewhere,
  uncomparedOfManagedIdentity,
  uncomparedOfApplication,
  uncomparedOfServicePrincipal,
  type UncomparedProperty,
} from "./comparedProperties";
import { CoverageLog, type Reading, presentOf } from "../cloud/coverage";
import { isIn } from "./liveObjects";
import { type Finding, inOrder } from "./finding";
import { leftovers } from "./leftovers";
import { type LiveClient, readLiveClient } from "./liveClient";
import {
  type Candidates,
  clientNotDeployed,
  findLostClients,
  type FoundClient,
  type LostClient,
  lostClientFinding,
  noCandidates,
  withOwnIdentity,
} from "./lostClient";
import { LiveReader } from "../cloud/liveReader";
import { type LiveTenant, readAssignments, readLiveTenant } from "./liveTenant";
import { type NoUseReport, useCoverage, type UseReport, UseReports } from "../retire/useReport";
import { suppress, type Suppression } from "./suppressions";

/** What an audit works with. */
export interface AuditParts {
  readonly declaration: StackDeclaration;
  readonly cloud: CloudClient;
  readonly console: Console;
  readonly limits: AuditReport["limits"];
  readonly suppressions: readonly Suppression[];
}

/** How many clients are read at a time: a few full batches of requests. */
const clientsAtATime = 40;
/** After how many clients it is told how far the reading has come. */
const clientsBetweenProgress = 10;

/** An audit, and the live objects that it is about. */
export interface AuditedStack {
  readonly report: AuditReport;
  readonly clients: readonly ReadClient[];
  readonly tenant: LiveTenant;
}

/** Compares everything that a stack declares with what was deployed and what is live. Reads only. */
export async function auditStack(parts: AuditParts): Promise<AuditedStack> {
  const { declaration, cloud, console, limits, suppressions } = parts;
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const assignments = await readAssignments(reader, declaration);
  const deployer = deployerOf(declaration);
  const lost = await findLostClients(reader, declaration, deployer, assignments);
  const clients = await readClients(parts, reader, lost);
  const tenant = await readLiveTenant(
    reader,
    declaration,
    clients.flatMap(({ live }) => live ?? []),
    assignments,
  );
  const found = distinct([
    ...clients.flatMap((client) => compare(client, tenant, deployer, parts)),
    ...leftovers(
      declaration,
      tenant,
      clients.flatMap(({ live }) => live ?? []),
      cloud.endpoints.graph,
    ),
  ]).map((one) => ({ ...one, next: console.runnable(one.next) }));
  const covered = coverage.result();
  const { findings, suppressed } = suppress(
    found,
    suppressions,
    declaration.asOf,
    limits.warnDays,
    covered.complete,
  );
  const report: AuditReport = {
    version: 1,
    stack: declaration.stack,
    asOf: formatCalendarDay(declaration.asOf),
    verdict: !covered.complete ? "incomplete" : findings.length > 0 ? "findings" : "clean",
    limits,
    counts: { ...bySeverity(findings), suppressed: suppressed.length },
    suppressedCounts: bySeverity(suppressed.map((one) => one.finding)),
    clients: clients.map(({ client: { name }, live }) => ({
      name,
      clientId: live?.ids.clientId ?? null,
      objectId: live?.ids.objectId ?? null,
      servicePrincipalId: live?.ids.servicePrincipalId ?? null,
    })),
    credentials: clients.flatMap(({ credentials }) => credentials),
    use: useCoverage(clients.flatMap(({ use }) => use ?? [])),
    findings: [...inOrder(findings)],
    suppressed: [...suppressed].sort((one, other) =>
      one.finding.fingerprint.localeCompare(other.finding.fingerprint),
    ),
    coverage: { ...covered, calls: [...covered.calls], gaps: [...covered.gaps] },
    notCompared: notCompared(clients, declaration, deployer),
  };
  return { report, clients, tenant };
}

function bySeverity(findings: readonly Finding[]): AuditReport["suppressedCounts"] {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** What nobody looks at, what this tenant does not send, and who is taken for the deploying identity. */
function notCompared(
  read: readonly ReadClient[],
  declaration: StackDeclaration,
  deployer: string | undefined,
): AuditReport["notCompared"] {
  const ofApplications = read.filter(({ client }) => !isManagedIdentity(client));
  const clients = ofApplications.flatMap(({ live }) => live ?? []);
  const presumed = declaration.deployingIdentity === undefined ? deployer : undefined;
  const unsent = (
    objects: readonly Reading<Readonly<Record<string, unknown>> | "absent">[],
    properties: readonly ComparedProperty[],
  ): UncomparedProperty[] =>
    properties
      .filter(({ name }) => objects.map(presentOf).some((object) => object && !isIn(object, name)))
      .map(({ name }) => ({ name, reason: "is not returned by this tenant" }));
  const inNames = (of: AuditReport["notCompared"][number]["of"], properties: readonly UncomparedProperty[]) =>
    properties
      .map(({ name, reason }) => ({ of, name, reason }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  return [
    ...inNames("application", [
      ...uncomparedOfApplication,
      ...unsent(
        clients.map(({ application }) => application),
        applicationProperties,
      ),
    ]),
    ...inNames("service principal", [
      ...uncomparedOfServicePrincipal,
      ...unsent(
        clients.map(({ servicePrincipal }) => servicePrincipal),
        servicePrincipalProperties,
      ),
    ]),
    ...inNames("elsewhere", [
      ...uncomparedElsewhere,
      ...(ofApplications.length < read.length ? uncomparedOfManagedIdentity : []),
      ...(presumed === undefined
        ? []
        : [
            {
              name: `owner ${presumed}`,
              reason: "is taken for the deploying identity: the configuration names none (deployingIdentity)",
            },
          ]),
    ]),
  ];
}

/** What is said of a client as a whole is said once, however many applications may be the one that the state has lost. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ fingerprint, content, detail }: Finding): string =>
    [fingerprint, content, detail].join("\n");
  return [...new Map(findings.map((one) => [keyOf(one), one] as const)).values()];
}

/** A declared client, and what is live of it. One that the state has lost is there once for everything that may be it. */
export interface ReadClient {
  readonly client: DeclaredClient;
  /** Absent of a client that is neither in the state nor found in the tenant. */
  readonly live?: LiveClient;
  /** How a client was found that the state has lost. */
  readonly found?: FoundClient;
  /** What a client may be that was not found. */
  readonly candidates: Candidates;
  /** When its credentials were last used; absent of a client without any. */
  readonly use?: UseReport | NoUseReport;
  readonly credentials: readonly InventoryEntry[];
}

async function readClients(
  { declaration, console, cloud }: AuditParts,
  reader: LiveReader,
  lost: ReadonlyMap<string, LostClient>,
): Promise<readonly ReadClient[]> {
  const { clients } = declaration;
  const reports = new UseReports(cloud);
  const read: ReadClient[] = [];
  let done = 0;
  const readOne = async (
    client: DeclaredClient,
    live: LiveClient | undefined,
    of: Pick<ReadClient, "found" | "candidates">,
  ): Promise<ReadClient> => {
    const hasUse = live !== undefined && hasCredentials(live) && !isManagedIdentity(client);
    const use = hasUse ? await reports.of(live.ids.clientId ?? "") : undefined;
    return {
      client,
      ...of,
      ...(live === undefined ? {} : { live }),
      ...(use === undefined ? {} : { use }),
      credentials: credentialInventory(client, live, use, declaration),
    };
  };
  const readAll = async (declared: DeclaredClient): Promise<readonly ReadClient[]> => {
    const { found, candidates } = lost.get(declared.name) ?? { found: [], candidates: noCandidates };
    const client = withOwnIdentity(declared);
    const { deployed } = client;
    const all = await (found.length === 0
      ? Promise.all([readOne(client, deployed && (await readLiveClient(reader, deployed)), { candidates })])
      : Promise.all(
          found.map((one) => readOne(one.client, one.live, { found: one, candidates: noCandidates })),
        ));
    done += 1;
    if (done % clientsBetweenProgress === 0) {
      console.progress(`Reading clients: ${done} of ${clients.length}`);
    }
    return all;
  };
  for (let start = 0; start < clients.length; start += clientsAtATime) {
    const some = await Promise.all(clients.slice(start, start + clientsAtATime).map(readAll));
    read.push(...some.flat());
  }
  console.note(`Read ${counted(clients.length, "client")}; reading what they share`);
  return read;
}

/** Whether anything can be signed in with that a report on use may know. */
function hasCredentials({ application, servicePrincipal }: LiveClient): boolean {
  return [presentOf(application), presentOf(servicePrincipal)].some(
    (one) => one && one.passwordCredentials.length + one.keyCredentials.length > 0,
  );
}

function compare(
  { client, live, found, candidates, use }: ReadClient,
  tenant: LiveTenant,
  deployer: string | undefined,
  { declaration, limits, cloud }: AuditParts,
): Finding[] {
  const { deployed } = client;
  const context = { stack: declaration.stack, deployer };
  if (!deployed || !live) {
    return [clientNotDeployed(client.name, candidates, context)];
  }
  const comparison = comparisonOf({
    declaration,
    deployer,
    client,
    deployed,
    live,
    use,
    tenant,
    limits,
    graph: cloud.endpoints.graph,
  });
  return [
    ...(candidates.holders.length + candidates.created.length === 0
      ? []
      : [clientNotDeployed(client.name, candidates, context)]),
    ...(found
      ? [lostClientFinding(found, declaration.stack)]
      : deployed.urn === ""
        ? [clientNotDeployed(client.name, undefined, context)]
        : compareConfig(comparison)),
    ...compareApplication(comparison),
    ...compareCredentials(comparison),
    ...compareTrust(comparison),
    ...comparePermissions(comparison),
    ...compareMemberships(comparison),
    ...comparePolicies(comparison),
    ...compareAzureRoles(comparison),
  ];
}
