import { AsyncResource } from "node:async_hooks";

/**
 * Lets a hook run as a part of the program that declares it. The engine calls hooks from outside, where messages would miss
 * the engine when the program is run by the Automation API.
 */
export function inProgramContext<Args extends unknown[], Result>(
  hook: (...args: Args) => Result,
): (...args: Args) => Result {
  return AsyncResource.bind(hook);
}
