/** Which clients of a fleet are meant. */
export interface FleetPart {
  /** How many clients. */
  readonly clients: number;
  /** What their names start with; lower-case letters, digits and hyphens. Default `client`. */
  readonly prefix?: string;
  /** Number of the first of them. Default 0. */
  readonly first?: number;
}

/** The schedule of every client's secrets. */
export const fleetSchedule = { from: "2026-06-01" } as const;
/** A UTC day on which every client of a fleet has its first secret. */
export const beforeRotation = "2026-07-01";
/** A UTC day on which the second secret has come and the first still lives. */
export const afterRotation = "2026-11-01";

/**
 * Clients as a stack file has them, by their names: each as the one of `npm start`, with a role, a consent and a secret. The role is on
 * the stack's own DICOM service, which keeps them short.
 */
export function fleetClients({ clients, prefix = "client", first = 0 }: FleetPart): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: clients }, (_none, index) => {
      const name = `${prefix}-${String(first + index).padStart(4, "0")}`;
      return [
        name,
        { displayName: `Client ${name}`, access: [{ role: "reader" }], secret: { ...fleetSchedule } },
      ];
    }),
  );
}
