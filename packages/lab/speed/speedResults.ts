import { median } from "./median";
import { type SpeedSamples, type StepName, stepNames } from "./measureSpeed";
import type { CommandMeasurement } from "./measuredCommand";
import { type VariantName, variantNames } from "./speedVariant";

/** The medians of one number of clients. */
export interface SpeedResult {
  readonly clients: number;
  /** How many runs the medians are of. */
  readonly runs: number;
  readonly medians: Readonly<Record<VariantName, Readonly<Record<StepName, CommandMeasurement>>>>;
  readonly stateBytes: Readonly<Record<VariantName, number>>;
}

/** Takes the median of every figure by itself. */
export function summarise({ clients, samples, stateBytes }: SpeedSamples): SpeedResult {
  const ofVariant = (variant: VariantName): Readonly<Record<StepName, CommandMeasurement>> =>
    Object.fromEntries(stepNames.map((step) => [step, medians(samples[variant][step])])) as Record<
      StepName,
      CommandMeasurement
    >;
  return {
    clients,
    runs: samples.component.up.length,
    medians: Object.fromEntries(variantNames.map((variant) => [variant, ofVariant(variant)])) as Record<
      VariantName,
      Readonly<Record<StepName, CommandMeasurement>>
    >,
    stateBytes,
  };
}

function medians(samples: readonly CommandMeasurement[]): CommandMeasurement {
  const of = (figure: keyof CommandMeasurement): number => median(samples.map((sample) => sample[figure]));
  return {
    milliseconds: of("milliseconds"),
    programCpuMilliseconds: of("programCpuMilliseconds"),
    programMebibytes: of("programMebibytes"),
    engineMebibytes: of("engineMebibytes"),
    requests: of("requests"),
  };
}
