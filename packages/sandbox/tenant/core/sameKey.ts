import { timingSafeEqual } from "node:crypto";

/** Whether a key that was sent is the right one, in a time that tells nothing about it. */
export function isSameKey(sent: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
