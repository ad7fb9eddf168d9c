import { status, type sendUnaryData, type ServerUnaryCall, type ServiceError } from "@grpc/grpc-js";
import { rpcError, rpcErrorFrom } from "./rpcError";

const noSecrets: ReadonlySet<string> = new Set();

/** Computes the answer to a call. */
export type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
) => Response | Promise<Response>;

/** Answers with what the handler returns or throws; nothing a handler does can leave a call without an answer. */
export function unary<Request, Response>(
  handler: Handler<Request, Response>,
): (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(isServiceError(error) ? error : rpcErrorFrom(error, noSecrets), null),
      );
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "metadata" in error;
}

/** Answers that a stand-in does not implement a method. */
export function unimplemented<Request, Response>(
  method: string,
  of: string,
): ReturnType<typeof unary<Request, Response>> {
  return unary<Request, Response>(() => {
    throw rpcError(`the stand-in for ${of} does not implement ${method}`, status.UNIMPLEMENTED);
  });
}
