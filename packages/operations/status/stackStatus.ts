import { formatCalendarDay } from "dicom-service-client/model";
import type { StackDeclaration } from "../project/declaration";
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
  /** Whether any credential needs attention. */
  readonly needsAttention: boolean;
  readonly clients: readonly ClientStatus[];
}

/** Works out where all credentials of a stack stand. No request is made to any cloud. */
export function stackStatus(declaration: StackDeclaration, warnDays: number | undefined): StackStatus {
  const clients = declaration.clients.map((client) => clientStatus(client, declaration.asOf, warnDays));
  return {
    version: 1,
    stack: declaration.stack,
    asOf: formatCalendarDay(declaration.asOf),
    warnDays: warnDays ?? null,
    needsAttention: clients.some(({ credentials }) =>
      credentials.some(({ attention }) => attention !== null),
    ),
    clients,
  };
}
