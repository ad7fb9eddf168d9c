import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestTenant } from "../support/testTenant";
import { seed } from "../../../tenant/seed";

/** What a scenario of clientProgram gave back: its result, or the message of the error it ended with. */
export interface ClientOutcome {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

/**
 * Runs a scenario of clientProgram in a process of its own, which trusts the tenant by the environment that the tenant gives to any
 * client; an unmodified client library has no other way.
 *
 * @param environment what the place that the client runs at gives it.
 */
export async function runClient(
  tenant: TestTenant,
  scenario: string,
  settings: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<ClientOutcome> {
  const program = join(__dirname, "clientProgram.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["-r", "tsx/cjs", program, scenario], {
    env: {
      ...environment,
      PATH: process.env.PATH,
      NODE_EXTRA_CA_CERTS: tenant.running.environment.NODE_EXTRA_CA_CERTS,
      CLIENT_SETTINGS: JSON.stringify({
        url: tenant.url,
        tenantId: seed.tenantId,
        subscriptionId: seed.subscriptionId,
        ...settings,
      }),
    },
  });
  return JSON.parse(stdout) as ClientOutcome;
}
