import { createHash } from "node:crypto";
import type { Answer } from "../../core/request";
import { bindOperations, type Authorization, type Surface } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import type { RequestLog } from "../../core/requestLog";
import type { TenantProfile } from "../../domain/tenantProfile";
import type { Directory } from "../../state/directory";
import { renderPlainRefusal } from "../plainRenderer";
import { pageStyle } from "./pageStyle";
import { type ReadStack, tenantOverview } from "./tenantOverview";
import { tenantPage } from "./tenantPage";

const everybody = "anybody on loopback";

/**
 * Lets in whoever reaches the server, which listens on loopback only. A page of another site could reach it through a browser, too, by
 * letting its own name lead to 127.0.0.1 (DNS rebinding), so the address asked for has to be one of this server.
 */
const authorization: Authorization<Directory, typeof everybody, null> = {
  admit(_access, _directory, { headers, base }) {
    const { port } = new URL(base);
    const host = headers.host ?? "";
    if ([`127.0.0.1:${port}`, `localhost:${port}`].includes(host.toLowerCase())) return null;
    throw new Refusal({
      kind: "forbidden",
      message: `The page is at ${base}/ only.`,
      why: `the request was sent to the host '${host}'`,
    });
  },
  label: () => everybody,
};

const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(pageStyle).digest("base64")}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** One read-only web page of the tenant, without scripts. It shows no secret and no token, so it asks for none. */
export function pageSurface(services: {
  readonly profile: TenantProfile;
  readonly log: RequestLog;
  readonly readStack: ReadStack;
}): Surface<Directory> {
  return {
    name: "page",
    operations: bindOperations(authorization, [
      {
        id: "page.show",
        method: "GET",
        path: "/",
        access: everybody,
        hidesAnswer: true,
        handle: async (directory, { now }): Promise<Answer> => {
          const { profile, log, readStack } = services;
          const stack = await readStack();
          return {
            status: 200,
            headers,
            bytes: Buffer.from(tenantPage(tenantOverview(directory, profile, now, log.entries(), stack))),
          };
        },
      },
    ]),
    owns: (path) => path === "/",
    render: renderPlainRefusal,
  };
}
