import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError unless a text is a number of whole days, 0 to 3650 */
export function wholeDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days > 3650) {
    throw new InvalidArgumentError("Write whole days, 0 to 3650.");
  }
  return days;
}
