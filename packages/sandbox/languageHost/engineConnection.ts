import { Client, connectivityState, credentials } from "@grpc/grpc-js";

/**
 * Waits until an engine that was there is gone, however it ended.
 *
 * @param address of its own service, as `host:port`.
 */
export async function engineGone(address: string): Promise<void> {
  const client = new Client(address, credentials.createInsecure(), {
    // Without calls a channel would otherwise hang up by itself, as if the engine had.
    "grpc.client_idle_timeout_ms": 2 ** 31 - 1,
  });
  const channel = client.getChannel();
  let connected = false;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) {
      connected = true;
    } else if (connected || state === connectivityState.TRANSIENT_FAILURE) {
      client.close();
      return;
    }
    await new Promise<void>((resolve) => channel.watchConnectivityState(state, Infinity, () => resolve()));
  }
}
