import * as pulumi from "@pulumi/pulumi";

/**
 * Options of a child that earlier versions declared under another name: it stays the same object.
 *
 * @param name the child's name now.
 */
export function formerly(name: string, formerName: string): pulumi.CustomResourceOptions {
  return formerName === name ? {} : { aliases: [{ name: formerName }] };
}

/**
 * Options of a child whose name says which object it stands for. The inputs that only spell that object may be written in any
 * way, and differ from the state's: providers would replace the object for another spelling of its id.
 *
 * @param inputs the names of those inputs.
 */
export function spelledFreely(...inputs: string[]): pulumi.CustomResourceOptions {
  return { ignoreChanges: inputs };
}

/**
 * Lets a run fail when the state has another object under a child's name than the program means. That can be only when a former
 * name stood for it and what is meant was changed together with the update of this package.
 *
 * @param actual what identifies the object; unknown until it exists.
 * @param cure what to do; it follows the child's name.
 */
export function assertStandsFor<T>(
  child: pulumi.Resource,
  actual: pulumi.Output<T>,
  isMeant: (actual: T) => boolean,
  cure: string,
): void {
  actual.apply((value) => {
    if (!isMeant(value)) void pulumi.log.error(cure, child);
  });
}
