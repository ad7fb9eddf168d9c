import { once } from "node:events";
import { ensurePulumiCli } from "../toolchain/pulumiCli";
import { ToolchainError } from "../toolchain/toolchainError";
import { exitCode } from "../runner/exitCode";
import { chooseLanguageHost } from "../runner/languageHosts";
import { invocation } from "../runner/project";
import { type PlainCliContext, startPlainCli } from "../runner/plainCli";
import { chooseProviders, noteProviders, userPulumiHome } from "../runner/providers";
import type { SessionOptions } from "../runner/session";
import { shellWord } from "../runner/shellWord";
import { startOnSamePort } from "../runner/tenantAccess";
import { trustBundles } from "../runner/trustBundles";
import { reachedDirectly } from "../runner/userSettings";
import type { Tenant } from "../tenant/tenant";

/**
 * Keeps the tenant up in the foreground until it is interrupted. What any client needs, a Pulumi CLI run by hand included, goes
 * to stdout as lines that a shell can evaluate; other sandbox commands use this tenant meanwhile.
 *
 * @param port TCP port; default: that of earlier commands.
 */
export async function serveTenant(
  options: SessionOptions,
  port: number | undefined,
  signal: AbortSignal,
): Promise<number> {
  const { folder, note } = options;
  await folder.prepare();
  if (port !== undefined) {
    await folder.setPort(port);
  }
  const tenant = await startOnSamePort(folder, options.log === undefined ? {} : { requestLog: options.log });
  try {
    await folder.beginServing();
    const context = await plainCli(options, tenant);
    try {
      const bundles = await trustBundles(folder.trust, tenant.caFile, options.userEnvironment, note);
      process.stdout.write(
        exportLines(context, options.userEnvironment, {
          ...tenant.environment,
          ...bundles,
          ...reachedDirectly(options.userEnvironment),
        }),
      );
      note(`Serving the sandbox tenant at ${tenant.url}; stop it with Ctrl-C.`);
      if (!signal.aborted) {
        await once(signal, "abort");
      }
      return exitCode.ok;
    } finally {
      await context?.stop();
    }
  } finally {
    await folder.endServing();
    await tenant.stop();
  }
}

/** Serves what a plain CLI needs. Without a CLI there is nothing to serve it for: the tenant is of use all the same. */
async function plainCli(options: SessionOptions, tenant: Tenant): Promise<PlainCliContext | undefined> {
  const { note, userEnvironment } = options;
  const cli = await ensurePulumiCli({ env: userEnvironment, progress: note, install: false }).catch(
    (error: unknown) => {
      if (error instanceof ToolchainError) {
        note(
          `No Pulumi CLI found; ${invocation} preview gets one. The environment below does not include it.`,
        );
        return undefined;
      }
      throw error;
    },
  );
  if (cli === undefined) {
    return undefined;
  }
  note(cli.origin);
  const home = userPulumiHome(userEnvironment);
  const providers = await chooseProviders({ choice: options.provider, cli, home, progress: note });
  noteProviders(providers, true, note);
  const languageHost = await chooseLanguageHost(cli, userEnvironment);
  note(
    `Language host nodejs: ${languageHost.kind === "real" ? "the real plugin" : "the stand-in"} (${languageHost.reason})`,
  );
  const context = await startPlainCli({
    cli,
    languageHost,
    providers,
    tenantEnvironment: tenant.environment,
    fixedWaits: options.fixedWaits ?? false,
  });
  // The CLI has to look for plugins where they were looked for here.
  return { ...context, environment: { PULUMI_HOME: home, ...context.environment } };
}

/** How a user's own ARM_ variables would have the providers sign in is taken back: ARM_USE_OIDC goes before a secret. */
function exportLines(
  context: PlainCliContext | undefined,
  userEnvironment: NodeJS.ProcessEnv,
  ofTenant: Readonly<Record<string, string>>,
): string {
  const { environment, folders } = context ?? { environment: {}, folders: [] };
  const foreign = Object.keys(userEnvironment).filter(
    (name) => /^ARM_\w+$/.test(name) && !(name in ofTenant),
  );
  return [
    ...foreign.map((name) => `unset ${name}\n`),
    ...(folders.length === 0 ? [] : [`export PATH=${shellWord(folders.join(":"))}:"$PATH"\n`]),
    ...Object.entries({ ...environment, ...ofTenant }).map(
      ([name, value]) => `export ${name}=${shellWord(value)}\n`,
    ),
  ].join("");
}
