import { createContext, Script } from "node:vm";
import * as fc from "fast-check";
import { projectRoot } from "../../fixtures/repository";

/** What became of one input. */
export type Reaction = "accepted" | "refused";

/** Something that reads what users or other programs write. */
export interface FuzzTarget {
  readonly name: string;
  /** Its share of all cases, in parts. */
  readonly share: number;
  /** Prepares it. */
  readonly open: () => Promise<OpenTarget>;
}

/** A target that is ready. */
export interface OpenTarget {
  /** Tries inputs until one shows a defect, or all are tried. */
  readonly check: (choice: { readonly seed: number; readonly cases: number }) => Promise<CheckResult>;
  readonly close: () => Promise<void>;
}

/** How far a check came. */
export interface CheckResult {
  readonly cases: number;
  readonly refused: number;
  readonly finding?: Defect;
}

/** A defect, with the smallest input that shows it. */
export interface Defect {
  readonly input: string;
  readonly detail: string;
}

/** How long one input may take, in milliseconds. */
const timeout = 60_000;

/** The lines of a stack trace, which mean nothing to a user. */
const stackTrace = /\n\s+at \S.*(:\d+:\d+|<anonymous>)/;

/** Puts a target together from its inputs and from what is done with one of them, which throws when it shows a defect. */
export function openTarget<Input>(
  inputs: fc.Arbitrary<Input>,
  probe: (input: Input) => Reaction | Promise<Reaction>,
  close: () => Promise<void> = () => Promise.resolve(),
): OpenTarget {
  return {
    close,
    check: async ({ seed, cases }) => {
      const reactions: Reaction[] = [];
      const property = fc.asyncProperty(inputs, async (input) => {
        const reaction = await withinTimeout(() => probe(input));
        const polluted = Object.keys(Object.prototype);
        if (polluted.length > 0) throw new Error(`Object.prototype got ${polluted.join(", ")}`);
        reactions.push(reaction);
      });
      const run = await fc.check(property, { seed, numRuns: cases });
      const refused = reactions.slice(0, run.numRuns).filter((one) => one === "refused").length;
      if (!run.failed) return { cases: run.numRuns, refused };
      const { errorInstance, counterexample } = run;
      return {
        cases: run.numRuns,
        refused,
        finding: {
          input: fc.stringify(counterexample).slice(0, 500),
          detail: describe(errorInstance),
        },
      };
    },
  };
}

/** An error's words, and the place in the project that it came from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\n\s+at (?!.*(?:node_modules|node:|[\\/]packages[\\/]lab[\\/]))(.*)/.exec(
    error.stack ?? "",
  )?.[1];
  const words = error.message.slice(0, 300);
  return place === undefined ? words : `${words} (${place.replace(`${projectRoot}/`, "")})`;
}

/**
 * Says that an input was refused with an error of a kind that is meant for users.
 *
 * @throws Error when it was not: another kind of error, no words, or a stack trace among them.
 */
export function refusedWith(
  error: unknown,
  ...kinds: readonly (abstract new (...args: never[]) => Error)[]
): Reaction {
  if (!(error instanceof Error) || !kinds.some((kind) => error instanceof kind)) throw error;
  if (error.message.trim() === "") throw new Error("it was refused without a word");
  if (stackTrace.test(error.message)) throw new Error(`the message has a stack trace: ${error.message}`);
  return "refused";
}

const timedProbe = new Script("probe()");

/** Ends a probe that takes too long: one that computes by interrupting it, one that waits by not waiting for it. */
async function withinTimeout(probe: () => Reaction | Promise<Reaction>): Promise<Reaction> {
  const answer = timedProbe.runInContext(contextOf(probe), { timeout }) as Reaction | Promise<Reaction>;
  if (typeof answer === "string") return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it was not done after ${timeout} ms`));
    }, timeout);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

const globals: { probe?: () => Reaction | Promise<Reaction> } = {};
const context = createContext(globals);

function contextOf(probe: () => Reaction | Promise<Reaction>): typeof context {
  globals.probe = probe;
  return context;
}
