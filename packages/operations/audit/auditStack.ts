import { formatCalendarDay } from "dicom-service-client/model";
import type { CloudClient } from "../cloud/cloudClient";
import type { Console } from "../console/console";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import type { AuditReport } from "./auditReport";
import { credentialInventory } from "./credentialInventory";
import { compareAccess } from "./compareAccess";
import { compareApplication } from "./compareApplication";
import { compareConfig } from "./compareConfig";
import { compareCredentials } from "./compareCredentials";
import { comparisonOf, type CredentialLimits } from "./comparison";
import { CoverageLog } from "../cloud/coverage";
import { finding, inOrder, type Finding } from "./finding";
import { leftovers } from "./leftovers";
import { readLiveClient, type LiveClient } from "./liveClient";
import { LiveReader } from "../cloud/liveReader";
import { readLiveTenant, type LiveTenant } from "./liveTenant";
import { suppress, type Suppression } from "./suppressions";

/** What an audit works with. */
export interface AuditParts {
  readonly declaration: StackDeclaration;
  readonly cloud: CloudClient;
  readonly console: Console;
  readonly limits: CredentialLimits;
  readonly suppressions: readonly Suppression[];
}

/** How many clients are read at a time; each takes several requests. */
const clientsAtATime = 8;

/** Compares everything that a stack declares with what was deployed and what is live. Reads only. */
export async function auditStack(parts: AuditParts): Promise<AuditReport> {
  const { declaration, cloud, limits, suppressions } = parts;
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const clients = await readClients(parts, reader);
  const tenant = await readLiveTenant(
    reader,
    declaration,
    clients.flatMap(({ live }) => live ?? []),
  );
  const found = [
    ...clients.flatMap(({ client, live }) => compare(client, live, tenant, parts)),
    ...leftovers(declaration, tenant, cloud.endpoints.graph),
  ];
  const covered = coverage.result();
  const { findings, suppressed } = suppress(
    found,
    suppressions,
    declaration.asOf,
    limits.warnDays,
    covered.complete,
  );
  const count = (severity: Finding["severity"]): number =>
    findings.filter((one) => one.severity === severity).length;
  return {
    version: 1,
    stack: declaration.stack,
    asOf: formatCalendarDay(declaration.asOf),
    verdict: !covered.complete ? "incomplete" : findings.length > 0 ? "findings" : "clean",
    limits,
    counts: {
      critical: count("critical"),
      high: count("high"),
      medium: count("medium"),
      low: count("low"),
      suppressed: suppressed.length,
    },
    clients: declaration.clients.map(({ name, deployed }) => ({
      name,
      clientId: deployed?.clientId ?? null,
      objectId: deployed?.objectId ?? null,
      servicePrincipalId: deployed?.servicePrincipalId ?? null,
    })),
    credentials: clients.flatMap(({ client, live }) => credentialInventory(client, live, declaration)),
    findings: [...inOrder(findings)],
    suppressed: [...suppressed].sort((one, other) =>
      one.finding.fingerprint.localeCompare(other.finding.fingerprint),
    ),
    coverage: {
      complete: covered.complete,
      calls: [...covered.calls],
      gaps: [...covered.gaps],
    },
  };
}

interface ReadClient {
  readonly client: DeclaredClient;
  /** Absent of a client that has never been deployed. */
  readonly live?: LiveClient;
}

async function readClients(
  { declaration, console }: AuditParts,
  reader: LiveReader,
): Promise<readonly ReadClient[]> {
  const { clients } = declaration;
  const read: ReadClient[] = [];
  for (let start = 0; start < clients.length; start += clientsAtATime) {
    console.progress(`Reading clients: ${start} of ${clients.length}`);
    read.push(
      ...(await Promise.all(
        clients
          .slice(start, start + clientsAtATime)
          .map(async (client): Promise<ReadClient> =>
            client.deployed ? { client, live: await readLiveClient(reader, client.deployed) } : { client },
          ),
      )),
    );
  }
  console.note(`Read ${clients.length} clients; reading what they share`);
  return read;
}

function compare(
  client: DeclaredClient,
  live: LiveClient | undefined,
  tenant: LiveTenant,
  { declaration, limits, cloud }: AuditParts,
): Finding[] {
  const { deployed, name } = client;
  if (!deployed || !live) {
    return [
      finding({
        rule: "client-not-deployed",
        client: name,
        side: "state",
        object: `clients.${name}`,
        detail: "It is in the configuration, but has never been deployed.",
        next: `pulumi up --stack ${declaration.stack}`,
      }),
    ];
  }
  const comparison = comparisonOf({
    declaration,
    client,
    deployed,
    live,
    tenant,
    limits,
    graph: cloud.endpoints.graph,
  });
  return [
    ...compareConfig(comparison),
    ...compareApplication(comparison),
    ...compareCredentials(comparison),
    ...compareAccess(comparison),
  ];
}
