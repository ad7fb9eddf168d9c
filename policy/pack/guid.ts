import { z } from "zod";

/** A GUID in configuration. The pattern has no flags, because a JSON Schema cannot carry them to the engine. */
export const guid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/);

/** Whether two GUIDs are the same; case does not count. */
export function sameGuid(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
