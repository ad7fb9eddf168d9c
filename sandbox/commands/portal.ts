import { Administrator } from "../portal/administrator";
import { findApplication } from "../portal/findApplication";
import { exitCode } from "../runner/exitCode";
import { withSession, type SessionOptions } from "../runner/session";

/** Gives a client's application another display name, as somebody at the portal would. */
export async function rename(options: SessionOptions, client: string, displayName: string): Promise<number> {
  return withSession(options, false, async ({ stack, tenant }) => {
    const administrator = await Administrator.signIn(tenant, options.folder.tenant);
    try {
      const application = await findApplication(administrator, stack, client);
      await administrator.graph("PATCH", `applications/${application.id}`, { displayName });
      process.stdout.write(
        `Renamed ${JSON.stringify(application.displayName)} to ${JSON.stringify(displayName)} (object id ${application.id}).\n`,
      );
    } finally {
      administrator.signOut();
    }
    return exitCode.ok;
  });
}
