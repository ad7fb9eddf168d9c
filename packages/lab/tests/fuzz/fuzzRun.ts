import type { Defect, FuzzTarget } from "./fuzzTarget";
import { fuzzTargets } from "./targets";

/** What is tried. */
export interface FuzzChoice {
  /** How many inputs altogether. */
  readonly cases: number;
  readonly seed: number;
}

/** How one target fared. */
export interface FuzzResult {
  readonly target: string;
  readonly seed: number;
  readonly cases: number;
  /** Inputs that were refused with an error meant for users; the others were taken. */
  readonly refused: number;
  readonly findings: readonly Defect[];
}

/** A target is given up after so many defects; they are seldom all different. */
const enough = 10;

/** Tries every target with its share of the inputs. */
export async function runFuzz({ cases, seed }: FuzzChoice): Promise<readonly FuzzResult[]> {
  const parts = fuzzTargets.reduce((sum, { share }) => sum + share, 0);
  const results: FuzzResult[] = [];
  for (const target of fuzzTargets) {
    results.push(await runTarget(target, Math.ceil((cases * target.share) / parts), seed));
  }
  return results;
}

async function runTarget(target: FuzzTarget, cases: number, seed: number): Promise<FuzzResult> {
  const opened = await target.open();
  const findings: Defect[] = [];
  let [done, refused] = [0, 0];
  try {
    while (done < cases && findings.length < enough) {
      const result = await opened.check({ seed: seed + findings.length, cases: cases - done });
      done += result.cases;
      refused += result.refused;
      if (result.finding) findings.push(result.finding);
    }
  } finally {
    await opened.close();
  }
  return { target: target.name, seed, cases: done, refused, findings };
}
