import { formatCalendarDay } from "dicom-service-client/model";
import type { StackDeclaration } from "../project/declaration";
import { type NoUseReport, useCoverage, type UseCoverage, type UseReport } from "../retire/useReport";
import { clientStatus, type ClientStatus } from "./credentialStatus";

/** What `status` says of a stack; the JSON that monitors read has exactly this form. */
export interface StackStatus {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  /** The UTC day that it was worked out for. */
  readonly asOf: string;
  /** How many days before its end a credential needs attention; null when not asked for. */
  readonly warnDays: number | null;
  /** Whether the last use of credentials was read, and why not; null when that was not asked for. */
  readonly use: UseCoverage | null;
  /** Whether any credential needs attention. */
  readonly needsAttention: boolean;
  readonly clients: readonly ClientStatus[];
}

/**
 * Works out where all credentials of a stack stand. No request is made to any cloud.
 *
 * @param uses when credentials were last used, by client, if that was asked for
 */
export function stackStatus(
  declaration: StackDeclaration,
  warnDays: number | undefined,
  uses?: ReadonlyMap<string, UseReport | NoUseReport>,
): StackStatus {
  const clients = declaration.clients.map((client) =>
    clientStatus(client, declaration, warnDays, uses?.get(client.name)),
  );
  return {
    version: 1,
    stack: declaration.stack,
    asOf: formatCalendarDay(declaration.asOf),
    warnDays: warnDays ?? null,
    use: uses === undefined ? null : useCoverage([...uses.values()]),
    needsAttention: clients.some(({ credentials }) =>
      credentials.some(({ attention }) => attention !== null),
    ),
    clients,
  };
}
