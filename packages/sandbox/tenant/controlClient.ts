import { readFile } from "node:fs/promises";
import { request } from "node:https";

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
  const ca = await readFile(address.caFile, "utf8");
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${address.url}/_sandbox/${path}`,
      {
        method,
        ca,
        agent: false,
        timeout,
        headers: {
          authorization: `SandboxControl ${address.controlKey}`,
          "content-type": "application/json",
        },
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          const json = text === "" ? undefined : (JSON.parse(text) as unknown);
          resolve({ status: incoming.statusCode ?? 0, json });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("the sandbox tenant does not answer")));
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
