import { HttpClient } from "../standIn/http/httpClient";

/** An answer of the control surface. */
export interface ControlAnswer {
  readonly status: number;
  readonly json: unknown;
}

export type ControlMethod = "GET" | "POST" | "PUT" | "DELETE";

/** Where a control surface is, and the key to it. */
export interface ControlAddress {
  readonly url: string;
  readonly caFile: string;
  readonly controlKey: string;
}

/** How long a running server has to answer, in milliseconds. */
const timeout = 10_000;

/** Sends one instruction to the control surface of a running tenant. */
export async function sendControl(
  address: ControlAddress,
  method: ControlMethod,
  path: string,
  body?: unknown,
): Promise<ControlAnswer> {
  const client = new HttpClient(address.caFile);
  try {
    const answer = await client.send(
      {
        method,
        url: `${address.url}/_sandbox/${path}`,
        headers: {
          authorization: `SandboxControl ${address.controlKey}`,
          "content-type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      AbortSignal.timeout(timeout),
    );
    return {
      status: answer.status,
      json: answer.body === "" ? undefined : (JSON.parse(answer.body) as unknown),
    };
  } finally {
    client.close();
  }
}
