import type { ClientOptions } from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";

// Inline programs of one process share connections by address. An update that fails leaves one to its engine, which is tried for ever,
// and whose failure a later engine on the same port would inherit: its program then fails at once, or, as the SDK takes that for the
// engine's end, ends well with nothing declared. The SDK does not type these options.
const { grpcClientOptions } = runtime as unknown as { readonly grpcClientOptions: ClientOptions };
grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
