import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { AboutResponse } from "@pulumi/pulumi/proto/language_pb";

/**
 * What `pulumi about` says of Node.js and npm.
 *
 * @param environment where they are looked for.
 */
export async function about(environment: NodeJS.ProcessEnv): Promise<AboutResponse> {
  const response = new AboutResponse();
  response.setExecutable(await find("node", environment));
  response.setVersion(await version("node", environment));
  response.getMetadataMap().set("packagemanager", "npm");
  response.getMetadataMap().set("packagemanagerVersion", await version("npm", environment));
  return response;
}

async function find(command: string, environment: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, command);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    ) {
      return path;
    }
  }
  throw new Error(`could not find executable "${command}"`);
}

/** A version that cannot be found out is left empty. */
async function version(command: string, environment: NodeJS.ProcessEnv): Promise<string> {
  return promisify(execFile)(command, ["--version"], { env: environment }).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
}
