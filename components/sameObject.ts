import type { CustomResourceOptions, Output, Resource } from "@pulumi/pulumi";
import { stackOfUrn } from "./childNames";
import { quotedForShell } from "./failedCreation";
import { runError } from "./problem";
import { pulumi } from "./sdk";

/**
 * Options of a child that earlier versions declared under another name: it stays the same object.
 *
 * @param name the child's name now.
 */
export function formerly(name: string, formerName: string): CustomResourceOptions {
  return formerName === name ? {} : { aliases: [{ name: formerName }] };
}

/**
 * Options of a child whose name says which object it stands for. The inputs that only spell that object may be written in any
 * way, and differ from the state's: providers would replace the object for another spelling of its id.
 *
 * @param inputs the names of those inputs.
 */
export function spelledFreely(...inputs: string[]): CustomResourceOptions {
  return { ignoreChanges: inputs };
}

/** Runs that have been ended: one error ends a run, and the SDK would print further ones with a stack trace. */
const endedRuns = new WeakSet<object>();

/**
 * Ends a run with an error when the state has another object under a child's name than the program means. That can be only when its name
 * did not say enough: an earlier version gave it, and what it stands for was changed together with the update of this package.
 *
 * @param formerName the name that an earlier version gave the child.
 * @param actual what identifies the object; unknown until it exists.
 * @param meant what the program means, for the message.
 */
export function assertStandsFor<T>(
  child: Resource,
  formerName: string,
  actual: Output<T>,
  isMeant: (actual: T) => boolean,
  meant: string,
): void {
  pulumi.all([child.urn, actual]).apply(([urn, found]) => {
    if (isMeant(found as T)) return;
    // An update has moved the object to the new name by now; after a preview it has the former one.
    const inState = pulumi.runtime.isDryRun() ? urn.replace(/[^:]*$/, formerName) : urn;
    const error = runError([
      `${urn.slice(urn.lastIndexOf("::") + 2)} cannot be taken over.`,
      `The state has an object here other than ${meant}, which this version of the package cannot replace by itself.`,
      "Look at it, by its id:",
      `  pulumi stack --show-urns --show-ids --stack ${stackOfUrn(urn)}`,
      "Only then remove it from the state, which deletes nothing in the tenant, and run pulumi up again:",
      `  # pulumi state delete ${quotedForShell(inState)} --stack ${stackOfUrn(urn)}`,
      "The former object stays; remove it by hand once nothing uses it any more.",
    ]);
    const run = pulumi.runtime.getMonitor() ?? child;
    if (endedRuns.has(run)) {
      void pulumi.log.error(error.message, child);
      return;
    }
    endedRuns.add(run);
    throw error;
  });
}
