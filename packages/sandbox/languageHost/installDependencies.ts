import type { InstallDependenciesRequest } from "@pulumi/pulumi/proto/language_pb";
import { type ChildProcesses, endOrCancel, type ProcessOutput } from "./childProcesses";
import { readRuntimeOptions } from "./runtimeOptions";

/**
 * Installs the npm packages of a program, component package or policy pack, as the real host does it: the CLI asks for it each time
 * it starts a package from a folder. In a folder that belongs to a project's workspaces npm installs what the whole project has.
 *
 * @param environment what npm is run with.
 * @throws an Error when npm cannot be started or fails.
 */
export async function installDependencies(
  request: InstallDependenciesRequest,
  children: ChildProcesses,
  environment: NodeJS.ProcessEnv,
  output: ProcessOutput,
  cancelled: AbortSignal,
): Promise<void> {
  const info = request.getInfo();
  readRuntimeOptions(info?.getOptions());
  const directory = info?.getProgramDirectory() ?? request.getDirectory();
  output.stdout(Buffer.from("Installing dependencies...\n\n"));
  const npm = children.start("npm", ["install", "--loglevel=error"], {
    directory,
    environment,
  });
  npm.stdout.on("data", output.stdout);
  npm.stderr.on("data", output.stderr);
  const code = await endOrCancel(npm, cancelled, "interrupt");
  if (code !== 0) {
    throw new Error(`npm install failed with exit code ${code}`);
  }
  output.stdout(Buffer.from("Finished installing dependencies\n\n"));
}
