import { type EndState, endStateOf } from "../trial/endState";
import type { SandboxFixture } from "../trial/sandboxFixture";
import type { Trial } from "../trial/trial";
import type { Scenario } from "./scenarios";

/** A kind of request that a command makes. */
export interface RequestKind {
  /** Id in the tenant's operation table. */
  readonly operation: string;
  /** Version of the API; null where the path has none. */
  readonly version: string | null;
  /** How many the command makes. */
  readonly count: number;
  /** Whether it changes something in the tenant. */
  readonly changes: boolean;
}

/** What a command does when nothing disturbs it. */
export interface Recording {
  readonly requests: readonly RequestKind[];
  /** Where it leads. */
  readonly expected: EndState;
  /** The values of the secrets that were published before, and must stay accepted. */
  readonly secretsBefore: readonly string[];
}

/** Runs a command undisturbed and writes down its requests and where it leads. */
export async function record(fixture: SandboxFixture, scenario: Scenario): Promise<Recording> {
  return fixture.try(scenario, async (trial) => {
    const published = scenario.keepsSecrets ? await trial.publishedSecrets() : [];
    const accepted = await Promise.all(published.map((value) => trial.accepts(value)));
    const earlier = trial.tenant.requests().length;
    const { succeeded, output } = await scenario.run(trial);
    if (!succeeded) throw new Error(`${scenario.name} fails without any fault:\n${output}`);
    const requests = trial.tenant.requests().slice(earlier);
    return {
      requests: kindsOf(requests),
      expected: endStateOf(await trial.state(), await trial.inventory(), fixture.seeded),
      secretsBefore: published.filter((_value, index) => accepted[index]),
    };
  });
}

function kindsOf(requests: ReturnType<Trial["tenant"]["requests"]>): RequestKind[] {
  const kinds = new Map<string, RequestKind>();
  for (const { method, operation, url } of requests) {
    if (operation === null || operation.startsWith("control.")) continue;
    const version = /^\/(v1\.0|beta)\//.exec(url)?.[1] ?? null;
    const key = `${operation} ${version ?? ""}`;
    const count = (kinds.get(key)?.count ?? 0) + 1;
    kinds.set(key, { operation, version, count, changes: method !== "GET" && operation !== "login.token" });
  }
  return [...kinds.entries()].sort(([one], [other]) => one.localeCompare(other)).map(([, kind]) => kind);
}
