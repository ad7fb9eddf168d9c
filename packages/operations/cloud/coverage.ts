import type { CloudCall } from "./call";
import { describeNeed } from "./call";
import { RefusedCall } from "./refusedCall";
import { TransportFailure } from "./transportFailure";

/** Something that could not be read. */
export interface Gap {
  /** Name of the call. */
  readonly call: string;
  /** The client that it was about; null when about all. */
  readonly client: string | null;
  readonly outcome: "denied" | "throttled" | "failed";
  /** What remains unknown. */
  readonly unknown: string;
  /** The right that is missing; null when it is not for a right. */
  readonly missingRight: string | null;
  /** In the service's own words. */
  readonly said: string;
}

/** How often one kind of reading was tried, and how it went. */
export interface CallCoverage {
  readonly call: string;
  readonly asked: number;
  readonly read: number;
  readonly denied: number;
  readonly throttled: number;
  readonly failed: number;
}

/** What an audit has looked at. */
export interface Coverage {
  /** Whether everything could be read. What could not be read is never clean. */
  readonly complete: boolean;
  /** Sorted by name. */
  readonly calls: readonly CallCoverage[];
  readonly gaps: readonly Gap[];
}

/** What was read; undefined when it could not be, which the coverage then says. */
export type Reading<T> = { readonly value: T } | undefined;

/** The object that was read; undefined when it could not be read, and when it does not exist. */
export function presentOf<T extends object>(reading: Reading<T | "absent">): T | undefined {
  return reading === undefined || reading.value === "absent" ? undefined : reading.value;
}

type Counted = { -readonly [Key in keyof CallCoverage]: CallCoverage[Key] };

/** Keeps count of what was asked for and what could not be read. */
export class CoverageLog {
  private readonly counted = new Map<string, Counted>();
  private readonly gaps: Gap[] = [];

  /**
   * Reads something and takes note of it.
   *
   * @param client the client that it is about; null when about all
   * @param absent what has been read when the service knows no such object (404); undefined when that is no answer
   */
  async read<T, A = never>(
    call: CloudCall,
    client: string | null,
    work: () => Promise<T>,
    absent?: () => Promise<Reading<A>>,
  ): Promise<Reading<T | A>> {
    const counts = this.countsOf(call.name);
    counts.asked += 1;
    try {
      const value = await work();
      counts.read += 1;
      return { value };
    } catch (error) {
      const nothing = error instanceof RefusedCall && error.status === 404 ? await absent?.() : undefined;
      if (nothing !== undefined) {
        counts.read += 1;
        return nothing;
      }
      if (!(error instanceof RefusedCall) && !(error instanceof TransportFailure)) throw error;
      const refused = error instanceof RefusedCall ? error : undefined;
      const outcome = refused?.isDenied ? "denied" : refused?.isThrottled ? "throttled" : "failed";
      counts[outcome] += 1;
      this.gaps.push({
        call: call.name,
        client,
        outcome,
        unknown: `to ${call.reason}`,
        missingRight: outcome === "denied" ? describeNeed(call.needs) : null,
        said: error.message,
      });
      return undefined;
    }
  }

  result(): Coverage {
    const byName = <T extends { readonly call: string }>(one: T, other: T): number =>
      one.call < other.call ? -1 : one.call > other.call ? 1 : 0;
    return {
      complete: this.gaps.length === 0,
      calls: [...this.counted.values()].sort(byName),
      gaps: [...this.gaps].sort(
        (one, other) =>
          byName(one, other) ||
          (one.client ?? "").localeCompare(other.client ?? "") ||
          // Parallel readings fail in any order.
          one.said.localeCompare(other.said),
      ),
    };
  }

  private countsOf(call: string): Counted {
    const known = this.counted.get(call);
    if (known) return known;
    const fresh = { call, asked: 0, read: 0, denied: 0, throttled: 0, failed: 0 };
    this.counted.set(call, fresh);
    return fresh;
  }
}
