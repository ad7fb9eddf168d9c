import { once } from "node:events";
import { exitCode } from "../runner/exitCode";
import type { SandboxFolder } from "../runner/sandboxFolder";
import { startOnSamePort } from "../runner/tenantAccess";

/** How the tenant is served. */
export interface ServeChoices {
  readonly port?: number;
  /** File for the request log. */
  readonly log?: string;
}

/**
 * Keeps the tenant up in the foreground until it is interrupted. What any client needs goes to stdout as lines that a shell
 * can evaluate; other sandbox commands use this tenant meanwhile.
 */
export async function serve(
  folder: SandboxFolder,
  choices: ServeChoices,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  await folder.prepare();
  if (choices.port !== undefined) {
    await folder.setPort(choices.port);
  }
  const tenant = await startOnSamePort(folder, choices.log === undefined ? {} : { requestLog: choices.log });
  try {
    await folder.beginServing();
    process.stdout.write(
      Object.entries(tenant.environment)
        .map(([name, value]) => `export ${name}=${shellWord(value)}\n`)
        .join(""),
    );
    note(`Serving the sandbox tenant at ${tenant.url}; end it with Ctrl-C.`);
    if (!signal.aborted) {
      await once(signal, "abort");
    }
    return exitCode.ok;
  } finally {
    await folder.endServing();
    await tenant.stop();
  }
}

/** Quotes a text so that a POSIX shell takes it as one word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
