import { relative } from "node:path";
import { connectTenant } from "../tenant/connect";
import { exitCode } from "../runner/exitCode";
import { SandboxError } from "../runner/sandboxError";
import type { SandboxFolder } from "../runner/sandboxFolder";
import { removeFromBundles } from "../runner/trustBundles";

/** Starts over: removes the tenant, the stack and everything else that the sandbox keeps. */
export async function reset(folder: SandboxFolder, note: (line: string) => void): Promise<number> {
  await folder.assertOwn();
  if (await connectTenant(folder.tenant)) {
    throw new SandboxError("The sandbox is in use by another command; stop that first.");
  }
  const named = await removeFromBundles(folder);
  await folder.remove();
  note(`Removed ${relative(process.cwd(), folder.root)}; the next command starts with a new tenant.`);
  if (named) {
    note(
      `${relative(process.cwd(), folder.trust)} stays for shells that still use the environment of serve; it holds what they trusted before.`,
    );
  }
  return exitCode.ok;
}
