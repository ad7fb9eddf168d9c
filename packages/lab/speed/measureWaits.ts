import { mkdir } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { seedResourceIds } from "entra-sandbox";
import type { JudgedGoal } from "../report/goal";
import { afterRotation, beforeRotation, fleetClients } from "../population/fleetClients";
import { type OwnSpeedStack, withSpeedFixture, type SpeedFixtureOptions } from "./speedFixture";

/** Seconds that the azuread provider waits after it has made a secret: it wants to see it five times, a second apart. */
const secretWait = 4;
/** Seconds that it waits after it has deleted an application, seen five times, five seconds apart. */
const deletionWait = 20;
/** How many resources the engine works on at once unless told otherwise: four for each processor. */
const parallel = 4 * cpus().length;

/** A stack whose `up` and `destroy` are timed with the provider's fixed waits. */
interface WaitsCase {
  readonly title: string;
  readonly clients: Readonly<Record<string, object>>;
  readonly asOf: string;
  /** What waits and parallelism alone would take, in seconds. */
  readonly bound: { readonly up: number; readonly destroy: number };
  /** How much of the bound may be taken. */
  readonly factor: number;
}

const cases: readonly WaitsCase[] = [
  {
    title: "1 client",
    clients: fleetClients({ clients: 1, prefix: "waits" }),
    asOf: beforeRotation,
    bound: { up: secretWait, destroy: deletionWait },
    factor: 1.2,
  },
  {
    title: "1 client, two secrets, four federated credentials",
    clients: Object.fromEntries(
      Object.entries(fleetClients({ clients: 1, prefix: "many-credentials" })).map(([name, client]) => [
        name,
        {
          ...client,
          federatedCredentials: ["one", "two", "three", "four"].map((subject) => ({
            name: subject,
            issuer: "https://token.actions.githubusercontent.com",
            subject: `repo:contoso@123456/pacs@456789:environment:${subject}`,
          })),
        },
      ]),
    ),
    asOf: afterRotation,
    // The provider makes the secrets of one application one after the other; federated credentials wait as they do.
    bound: { up: 6 * secretWait, destroy: deletionWait },
    factor: 1.2,
  },
  {
    title: "50 clients",
    clients: fleetClients({ clients: 50, prefix: "many" }),
    asOf: beforeRotation,
    bound: {
      up: Math.ceil(50 / parallel) * secretWait,
      destroy: Math.ceil(50 / parallel) * deletionWait,
    },
    factor: 1.3,
  },
];

/** Times `up` and `destroy` once each with the provider's fixed waits: they are seconds long and do not vary. */
export async function measureWaits(options: SpeedFixtureOptions): Promise<readonly JudgedGoal[]> {
  const base = join(options.base, "waits");
  await mkdir(base);
  return withSpeedFixture({ ...options, base, fixedWaits: true }, async ({ makeStack }) => {
    const seconds = async (stack: OwnSpeedStack, step: "up" | "destroy"): Promise<number> =>
      (await stack.run(step, "--yes", "--skip-preview")).milliseconds / 1000;
    const empty = await makeStack("empty");
    await empty.configure(0, beforeRotation);
    options.note("No client: up and destroy");
    const start = { up: await seconds(empty, "up"), destroy: await seconds(empty, "destroy") };
    const stack = await makeStack("component");
    const goals: JudgedGoal[] = [];
    for (const { title, clients, asOf, bound, factor } of cases) {
      await stack.configureWith({ asOf, dicomService: seedResourceIds.dicomService, clients });
      for (const step of ["up", "destroy"] as const) {
        options.note(`${title}, with fixed waits: ${step}`);
        const taken = await seconds(stack, step);
        const limit = bound[step] * factor;
        goals.push({
          what: `${title}: ${step}`,
          goal: `at most ${limit.toFixed(1)} s (waits alone: ${bound[step]} s)`,
          measured: `${taken.toFixed(1)} s, ${(taken - start[step]).toFixed(1)} s more than an empty program takes`,
          met: taken <= limit,
        });
      }
    }
    return goals;
  });
}
