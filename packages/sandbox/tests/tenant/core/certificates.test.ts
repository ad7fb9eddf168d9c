import assert from "node:assert/strict";
import { createServer } from "node:https";
import { connect } from "node:tls";
import type { AddressInfo } from "node:net";
import { makeCertificates } from "../../../tenant/core/certificates";

describe("the certificates of a tenant", () => {
  it("are trusted beside those of other sandboxes, whichever authority comes first", async () => {
    const [one, other] = [await makeCertificates(new Date(), 1), await makeCertificates(new Date(), 1)];
    for (const { server: own } of [one, other]) {
      const server = createServer({ cert: own.certificate, key: own.key });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        await new Promise<void>((resolve, reject) => {
          const { port } = server.address() as AddressInfo;
          const socket = connect({ host: "127.0.0.1", port, ca: [one.ca.certificate, other.ca.certificate] });
          socket.on("secureConnect", () => {
            assert.ok(socket.authorized);
            socket.end();
            resolve();
          });
          socket.on("error", reject);
        });
      } finally {
        server.close();
      }
    }
  });
});
