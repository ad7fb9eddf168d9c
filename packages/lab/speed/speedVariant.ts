import { endDateOf, parseCalendarDay, planSecrets, readRole } from "dicom-service-client/model";
import type { PlainConfig } from "./plainConfig";
import { seedResourceIds } from "entra-sandbox";
import { fleetClients, fleetSchedule } from "../population/fleetClients";

/** The programs that are compared: this project's, the same resources without its component, and one that declares nothing. */
export const variantNames = ["component", "plain", "empty"] as const;
export type VariantName = (typeof variantNames)[number];

/** How a program is configured for a number of clients on a day. */
export interface SpeedVariant {
  /** Its module, as an absolute path. */
  readonly main: string;
  /** The project's configuration by its keys. */
  config(clients: number, asOf: string): Record<string, unknown>;
}

const { dicomService } = seedResourceIds;

/** The programs by their names. Their clients' names differ, because all live in one tenant. */
export const variants: Readonly<Record<VariantName, SpeedVariant>> = {
  component: {
    main: require.resolve("./componentProgram"),
    config: (clients, asOf) => ({
      asOf,
      dicomService,
      clients: fleetClients({ clients, prefix: "component" }),
    }),
  },
  plain: {
    main: require.resolve("./plainProgram"),
    config: (clients, asOf) => ({ plain: plainConfig(clients, asOf), clients: {} }),
  },
  empty: { main: require.resolve("./emptyProgram"), config: () => ({ clients: {} }) },
};

/** What the plain program is told: everything that the component would work out. */
function plainConfig(clients: number, asOf: string): PlainConfig {
  const day = parseCalendarDay(asOf);
  if (day === undefined) {
    throw new RangeError(`${asOf} is not a date`);
  }
  const { current, previous } = planSecrets(fleetSchedule, day);
  const secrets = [current, ...(previous ? [previous] : [])].map((generation) => ({
    slot: generation.slot,
    endDate: endDateOf(generation),
  }));
  return {
    scope: dicomService,
    roleId: readRole("reader") ?? "",
    secrets,
    displayNames: Object.fromEntries(
      Object.keys(fleetClients({ clients, prefix: "plain" })).map((name) => [name, `Client ${name}`]),
    ),
  };
}
