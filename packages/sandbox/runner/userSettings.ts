/**
 * Variables through which a user's own Pulumi account, Azure identity or cloud would reach into the sandbox. Where the Azure CLI has
 * its configuration stays: in another place it would find the user's own login.
 */
const foreign =
  /^(ARM_|AZURE_(?!CONFIG_DIR$)|ACTIONS_ID_TOKEN_|SYSTEM_ACCESSTOKEN$|SYSTEM_OIDCREQUESTURI$|PULUMI_)/;

/** Takes the user's Pulumi and Azure settings out of an environment, so that a sandbox command can only see the sandbox. */
export function clearUserSettings(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) {
    if (foreign.test(name)) {
      delete environment[name];
    }
  }
}

/**
 * The variables by which nothing on this machine is reached through the user's proxy: neither the tenant nor, as gRPC looks at them,
 * what belongs to an engine. Tools differ in which of the two they read.
 */
export function reachedDirectly(
  environment: NodeJS.ProcessEnv,
): Readonly<Record<"NO_PROXY" | "no_proxy", string>> {
  const named = [environment["NO_PROXY"], environment["no_proxy"]].flatMap(
    (value) => value?.split(/[\s,]+/) ?? [],
  );
  // Together with others, an asterisk does not mean everything any more to most tools.
  const all = named.includes("*")
    ? "*"
    : [...new Set([...named.filter((host) => host !== ""), "127.0.0.1", "localhost"])].join(",");
  return { NO_PROXY: all, no_proxy: all };
}
