/** Variables through which a user's own Pulumi account, Azure identity or cloud would reach into the sandbox. */
const foreign = /^(ARM_|AZURE_|ACTIONS_ID_TOKEN_|SYSTEM_ACCESSTOKEN$|SYSTEM_OIDCREQUESTURI$|PULUMI_)/;

/** Takes the user's Pulumi and Azure settings out of an environment, so that a sandbox command can only see the sandbox. */
export function clearUserSettings(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) {
    if (foreign.test(name)) {
      delete environment[name];
    }
  }
}
