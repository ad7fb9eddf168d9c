import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { IncompleteResourceError } from "./plugin";
import { encodeProperties } from "./wireStruct";

/** An error of the code "unknown", which the engine prints as it is. */
export function rpcError(
  message: string,
  code: status = status.UNKNOWN,
  metadata = new Metadata(),
): ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata });
}

/** What a failed operation looks like on the wire: an incomplete resource carries its id and state along. */
export function rpcErrorFrom(error: unknown, secrets: ReadonlySet<string>): ServiceError {
  if (!(error instanceof IncompleteResourceError)) {
    return rpcError(error instanceof Error ? error.message : String(error));
  }
  const failure = new ErrorResourceInitFailed();
  failure.setId(error.id);
  failure.setProperties(encodeProperties(error.outputs, secrets));
  failure.setReasonsList([error.message]);
  const detail = new Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpcStatus = new Status();
  rpcStatus.setCode(status.UNKNOWN);
  rpcStatus.setMessage(error.message);
  rpcStatus.addDetails(detail);
  const metadata = new Metadata();
  // gRPC's own name for structured error details
  metadata.add("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  return rpcError(error.message, status.UNKNOWN, metadata);
}
