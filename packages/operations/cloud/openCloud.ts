import type { OperationContext } from "../commands/operation";
import type { StackDeclaration } from "../project/declaration";
import { CloudClient } from "./cloudClient";
import { findCloud } from "./cloudEndpoints";
import { HttpTransport } from "./httpTransport";
import { operatorCredential } from "./operatorCredential";

/** The way to the cloud of a stack, open. */
export interface OpenCloud {
  readonly client: CloudClient;
  readonly transport: HttpTransport;
}

/** Opens the way to a stack's cloud, lets it be used and closes it again. */
export async function withCloud<T>(
  { env, console }: Pick<OperationContext, "env" | "console">,
  declaration: Pick<StackDeclaration, "providers" | "clients">,
  use: (cloud: OpenCloud) => Promise<T>,
): Promise<T> {
  const transport = new HttpTransport(env, console.signal);
  try {
    const endpoints = await findCloud(declaration.providers, env, transport);
    const tenantId =
      declaration.providers.tenantId ??
      declaration.clients.map(({ deployed }) => deployed?.tenantId).find((id) => id !== undefined);
    const credential = operatorCredential(env, tenantId, endpoints, transport);
    return await use({ client: new CloudClient(endpoints, credential, transport, console), transport });
  } finally {
    transport.close();
  }
}
