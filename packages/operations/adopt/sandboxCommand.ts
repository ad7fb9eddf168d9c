/**
 * A command as the user can paste it, when the operation was started by a sandbox: its stack is nowhere to be found without it.
 *
 * @param env in which the sandbox says how it is called
 */
export function sandboxCommand(command: string, stack: string, env: NodeJS.ProcessEnv): string {
  const sandbox = env["ENTRA_SANDBOX_COMMAND"];
  if (!sandbox) return command;
  return command
    .replace(/^pulumi /, `${sandbox} exec -- pulumi `)
    .replace(
      /^npx dicom-ops (.*)$/,
      (_, args: string) => `${sandbox} ops ${args.replace(` --stack ${stack}`, "")}`,
    );
}
