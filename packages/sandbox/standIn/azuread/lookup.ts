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
