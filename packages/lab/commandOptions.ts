import { InvalidArgumentError, Option } from "commander";

/** Reads a number from 1 on. */
export function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) {
    throw new InvalidArgumentError("Give a whole number from 1 up.");
  }
  return Number(text);
}

/** Reads several numbers from 1 on, separated by commas. */
export function wholeNumbers(text: string): number[] {
  return text.split(",").map(wholeNumber);
}

/** The option that every command takes its seed from. */
export function seedOption(): Option {
  return new Option("--seed <number>", "decides everything that is left to chance")
    .argParser(wholeNumber)
    .default(1);
}
