import type { CalendarDay } from "dicom-service-client/model";
import { word } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import type { DeployedClient } from "../project/deployedClient";
import type { AuditReport } from "./auditReport";
import { finding, type Finding, type FindingFacts } from "./finding";
import type { LiveClient } from "./liveClient";
import type { LiveTenant } from "./liveTenant";
import type { NoUseReport, UseReport } from "../retire/useReport";

/** The commands that show an object, and that delete it. */
export interface RemovalCommands {
  readonly look: string;
  readonly remove: string;
}

/** One client, seen from all three sides. */
export interface Comparison {
  readonly declaration: StackDeclaration;
  /** Who deploys the stack, an owner of everything in it; undefined when nobody can be taken for that. An object id in lower case. */
  readonly deployer: string | undefined;
  readonly client: DeclaredClient;
  readonly deployed: DeployedClient;
  readonly live: LiveClient;
  /** When its credentials were last used; undefined of a client without any. */
  readonly use: UseReport | NoUseReport | undefined;
  readonly tenant: LiveTenant;
  readonly limits: AuditReport["limits"];
  /** Base address of the cloud's Microsoft Graph. */
  readonly graph: string;
  /** The UTC day that counts as today. */
  readonly asOf: CalendarDay;
  /** Makes a finding of this client. */
  readonly found: (facts: Omit<FindingFacts, "client">) => Finding;
  /** The finding that something declared is there with its whole content, but under another id than the deployed one. */
  readonly recreated: (object: string, what: string, commands: RemovalCommands) => Finding;
  /** The finding that something lives with the content that the configuration declares, and the state does not have it. */
  readonly unmanaged: (object: string, what: string) => Finding;
  /** The command that puts back what is declared. */
  readonly redeploy: string;
}

export function comparisonOf(
  parts: Omit<Comparison, "found" | "recreated" | "unmanaged" | "redeploy" | "asOf">,
): Comparison {
  const { client, declaration } = parts;
  const found = (facts: Omit<FindingFacts, "client">): Finding => finding({ ...facts, client: client.name });
  return {
    ...parts,
    asOf: declaration.asOf,
    found,
    recreated: (object, what, { look, remove }) =>
      found({
        rule: "recreated-by-hand",
        side: "state",
        object,
        detail: `${what} is as declared, but under another id than the deployed one.`,
        content: object,
        next: inspectBeforeDelete(
          look,
          `${remove} && pulumi up --stack ${declaration.stack}`,
          "pulumi up may make it anew",
        ),
      }),
    unmanaged: (object, what) =>
      found({
        rule: "part-not-deployed",
        side: "state",
        object,
        detail: `${what} is as the configuration declares, but not in the state.`,
        content: object,
        next: parts.deployed.isManagedIdentity
          ? `pulumi up --stack ${declaration.stack}   # is refused, and shows how the stack takes it over`
          : `npx dicom-ops adopt ${word(parts.live.ids.clientId ?? client.name)} --stack ${declaration.stack}   # shows how the stack takes it over`,
      }),
    redeploy: `pulumi up --stack ${declaration.stack}`,
  };
}

/** Shows a name that others chose, in quotes. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}

/** Shows an object by its name, in quotes; by its id when the service leaves the name out, as it does for who has few rights. */
export function nameOrId(name: string | null | undefined, id: string): string {
  return name === null || name === undefined || name === "" ? id : quoted(name);
}
