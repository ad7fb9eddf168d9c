import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, OperationError } from "../operationError";

/**
 * Reads a file that an option names.
 *
 * @param cwd folder that its path starts from
 * @throws OperationError when it cannot be read
 */
export async function readGivenFile(cwd: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new OperationError(`The file ${file} cannot be read.`, { cause: messageOf(error), error });
  }
}
