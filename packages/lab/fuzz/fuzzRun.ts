import type { FuzzFinding, FuzzTarget } from "./fuzzTarget";
import { fuzzTargets } from "./targets";

/** What is tried. */
export interface FuzzChoice {
  /** How many inputs altogether. */
  readonly cases: number;
  readonly seed: number;
  /** Only the target of this name. */
  readonly target?: string;
}

/** How one target fared. */
export interface FuzzResult {
  readonly target: string;
  readonly what: string;
  readonly seed: number;
  readonly cases: number;
  /** Inputs that were refused with an error meant for users; the others were taken. */
  readonly refused: number;
  readonly seconds: number;
  readonly findings: readonly FuzzFinding[];
}

/** A target is given up after so many defects; they are seldom all different. */
const enough = 10;

/** Tries every target with its share of the inputs. */
export async function runFuzz(
  { cases, seed, target: only }: FuzzChoice,
  note: (line: string) => void,
): Promise<readonly FuzzResult[]> {
  const targets = fuzzTargets.filter(({ name }) => only === undefined || name === only);
  const parts = targets.reduce((sum, { share }) => sum + share, 0);
  const results: FuzzResult[] = [];
  for (const target of targets) {
    const result = await runTarget(target, Math.ceil((cases * target.share) / parts), seed);
    results.push(result);
    note(`${target.name}: ${result.cases} inputs in ${result.seconds} s, ${result.findings.length} findings`);
    for (const { input, detail } of result.findings) note(`  ${input}\n    ${detail}`);
  }
  return results;
}

async function runTarget(target: FuzzTarget, cases: number, seed: number): Promise<FuzzResult> {
  const start = performance.now();
  const opened = await target.open();
  const findings: FuzzFinding[] = [];
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
  const seconds = Math.round((performance.now() - start) / 1000);
  return { target: target.name, what: target.what, seed, cases: done, refused, seconds, findings };
}
