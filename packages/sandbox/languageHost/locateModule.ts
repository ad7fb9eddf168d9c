import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The file of a module as a program would load it.
 *
 * @param module such as `@pulumi/pulumi/cmd/run`.
 * @param directory the program's folder.
 * @param install what the user should run when the module is not there.
 * @throws an Error in the real host's words.
 */
export function locateModule(module: string, directory: string, install: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(module);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") {
      throw new Error(`It looks like the Pulumi SDK has not been installed. Have you run ${install}?`, {
        cause: error,
      });
    }
    throw error;
  }
}
