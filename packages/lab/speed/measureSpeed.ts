import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { afterRotation, beforeRotation } from "../population/fleetClients";
import type { CommandMeasurement } from "./measuredCommand";
import { type VariantName, variantNames } from "./speedVariant";
import { type SpeedFixtureOptions, type SpeedStack, withSpeedFixture } from "./speedFixture";

/** The steps in the life of a stack, in the order in which they are measured. */
export const stepNames = ["preview", "up", "previewAgain", "upAgain", "rotation", "destroy"] as const;
export type StepName = (typeof stepNames)[number];

/** What each step is, for people. */
export const stepTitles: Readonly<Record<StepName, string>> = {
  preview: "preview of a new stack",
  up: "up",
  previewAgain: "preview without changes",
  upAgain: "up without changes",
  rotation: "rotation",
  destroy: "destroy",
};

/** All measurements of one number of clients. */
export interface SpeedSamples {
  readonly clients: number;
  /** By program and step, one for each run. */
  readonly samples: Readonly<Record<VariantName, Readonly<Record<StepName, readonly CommandMeasurement[]>>>>;
  /** Size of the exported state with all clients deployed, by program, in bytes. */
  readonly stateBytes: Readonly<Record<VariantName, number>>;
}

/** What to measure. */
export interface SpeedPlan {
  readonly clients: number;
  /** How often; the programs take turns, so that a busy machine slows all alike. */
  readonly runs: number;
}

/** Takes the stacks of all programs through their lives, again and again, on a tenant of their own. */
export async function measureSpeed(plan: SpeedPlan, options: SpeedFixtureOptions): Promise<SpeedSamples> {
  const { clients, runs } = plan;
  const base = join(options.base, `clients-${clients}`);
  await mkdir(base);
  return withSpeedFixture({ ...options, base }, async (makeStack) => {
    const stacks = await forEachVariant(makeStack);
    const samples = await forEachVariant(() => Promise.resolve(emptySamples()));
    const stateBytes = { component: 0, plain: 0, empty: 0 };
    for (let run = 0; run < runs; run++) {
      for (const step of stepNames) {
        options.note(`${clients} clients, run ${run + 1} of ${runs}: ${stepTitles[step]}`);
        for (const variant of orderOf(run)) {
          const measured = await takeStep(stacks[variant], step, clients);
          samples[variant][step].push(measured);
          if (step === "up") {
            stateBytes[variant] = Buffer.byteLength(await stacks[variant].exportState());
          }
        }
      }
    }
    return { clients, samples, stateBytes };
  });
}

/** The programs in the order of a run; each comes first in its turn, because the first command after another step may pay for that. */
function orderOf(run: number): readonly VariantName[] {
  const first = run % variantNames.length;
  return [...variantNames.slice(first), ...variantNames.slice(0, first)];
}

async function takeStep(stack: SpeedStack, step: StepName, clients: number): Promise<CommandMeasurement> {
  switch (step) {
    case "preview":
      await stack.configure(clients, beforeRotation);
      return stack.run("preview");
    case "up":
      return stack.run("up", "--yes", "--skip-preview");
    case "previewAgain":
      return stack.run("preview", "--expect-no-changes");
    case "upAgain":
      return stack.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    case "rotation":
      await stack.configure(clients, afterRotation);
      return stack.run("up", "--yes", "--skip-preview");
    case "destroy":
      return stack.run("destroy", "--yes", "--skip-preview");
  }
}

async function forEachVariant<T>(
  make: (variant: VariantName) => Promise<T>,
): Promise<Record<VariantName, T>> {
  return {
    component: await make("component"),
    plain: await make("plain"),
    empty: await make("empty"),
  };
}

function emptySamples(): Record<StepName, CommandMeasurement[]> {
  return { preview: [], up: [], previewAgain: [], upAgain: [], rotation: [], destroy: [] };
}
