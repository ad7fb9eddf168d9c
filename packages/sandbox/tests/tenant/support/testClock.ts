import type { Clock } from "../../../tenant/core/clock";

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  constructor(private current: Date = new Date("2026-11-23T02:01:45Z")) {}

  now(): Date {
    return new Date(this.current);
  }

  /** Moves on by a number of seconds. */
  advance(seconds: number): void {
    this.current = new Date(this.current.getTime() + seconds * 1000);
  }
}
