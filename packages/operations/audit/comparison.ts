import type { CalendarDay } from "dicom-service-client/model";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import type { DeployedClient } from "../project/deployedClient";
import { finding, type Finding, type FindingFacts } from "./finding";
import type { LiveClient } from "./liveClient";
import type { LiveTenant } from "./liveTenant";

/** How strict an audit is about credentials, in days. */
export interface CredentialLimits {
  /** A credential that ends within so many days is reported. */
  readonly warnDays: number;
  /** A credential that lives longer is reported. */
  readonly maximumLifeDays: number;
}

/** One client, seen from all three sides. */
export interface Comparison {
  readonly declaration: StackDeclaration;
  readonly client: DeclaredClient;
  readonly deployed: DeployedClient;
  readonly live: LiveClient;
  readonly tenant: LiveTenant;
  readonly limits: CredentialLimits;
  /** Base address of the cloud's Microsoft Graph. */
  readonly graph: string;
  /** The UTC day that counts as today. */
  readonly asOf: CalendarDay;
  /** Makes a finding of this client. */
  readonly found: (facts: Omit<FindingFacts, "client">) => Finding;
  /** The command that puts back what is declared. */
  readonly redeploy: string;
}

export function comparisonOf(parts: Omit<Comparison, "found" | "redeploy" | "asOf">): Comparison {
  const { client, declaration } = parts;
  return {
    ...parts,
    asOf: declaration.asOf,
    found: (facts) => finding({ ...facts, client: client.name }),
    redeploy: `pulumi up --stack ${declaration.stack}`,
  };
}

/** Shows a name that others chose, in quotes. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}
