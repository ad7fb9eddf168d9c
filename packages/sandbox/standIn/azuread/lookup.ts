import { DiagnosticError, messageOf } from "../bridge/diagnostic";
import type { CoveredFunction } from "../server/plugin";
import type { PropertyMap } from "../server/propertyValue";
import { openAzureadContext, type AzureadSession } from "./azureadSession";
import type { AzureadContext } from "./azureadContext";

const timeoutMinutes = 5;

/** A look-up: its failures name the function, as the real plugin's do. */
export function lookup(
  token: string,
  run: (context: AzureadContext, args: PropertyMap, session: AzureadSession) => Promise<PropertyMap>,
): CoveredFunction<AzureadSession> {
  return {
    token,
    async run(args, session, signal) {
      try {
        return await run(openAzureadContext(session, { timeoutMinutes, signal }), args, session);
      } catch (error) {
        const failure = error instanceof DiagnosticError ? error : new DiagnosticError(messageOf(error));
        throw new Error(`invoking ${token}: ${failure.message}`, { cause: error });
      }
    },
  };
}

/** Refuses arguments of which not exactly one is given. */
export function requireOneOf(args: PropertyMap, names: readonly string[]): void {
  const given = names.filter((name) => {
    const value = args[name];
    return value !== undefined && value !== null && value !== "" && value !== false;
  });
  if (given.length === 1) return;
  const list = names.join(",");
  throw new DiagnosticError(
    "Invalid combination of arguments",
    given.length === 0
      ? `one of \`${list}\` must be specified`
      : `only one of \`${list}\` can be specified, but \`${given.join(",")}\` were specified.`,
  );
}
