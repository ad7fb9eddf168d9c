import assert from "node:assert/strict";
import type { HttpTransport } from "../cloud/httpTransport";
import type { Console } from "../console/console";
import { tokenStage } from "../verify/tokenStage";

describe("the token stage", () => {
  it("says so when the sign-in service has no addresses and no reason to tell", async () => {
    const transport = {
      send: () => Promise.resolve({ status: 404, headers: {}, body: "{}" }),
    } as unknown as HttpTransport;
    const console = {
      clock: { sleep: () => Promise.resolve() },
      note: () => undefined,
    } as unknown as Console;
    const { result, token } = await tokenStage(
      {
        clientId: "11111111-1111-4111-8111-111111111111",
        authority: "https://login.example/22222222-2222-4222-8222-222222222222",
        scope: "https://dicom.healthcareapis.azure.com/.default",
        proof: { kind: "secret", value: "invented" },
      },
      transport,
      console,
    );
    assert.equal(token, undefined);
    assert.equal(result.problem, "unexpected");
    assert.equal(result.detail, "login.example answers 404 when asked for its endpoints.");
  });

  for (const text of [
    "AADSTS5002738: Invalid JWT token. 'ES256' is not a supported signature algorithm. Trace ID: x",
    "AADSTS5002730: Invalid JWT token. Unsupported key for the signing algorithm. Trace ID: x",
    "AADSTS50032: RSA key size 1024 is less than the minimum required 2048 bits. Trace ID: x",
  ]) {
    it(`names the key when Entra says ${text.slice(0, 13)}`, async () => {
      const transport = {
        send: () =>
          Promise.resolve({
            status: 400,
            headers: {},
            body: JSON.stringify({ error: "x", error_description: text }),
          }),
      } as unknown as HttpTransport;
      const console = {
        clock: { sleep: () => Promise.resolve() },
        note: () => undefined,
      } as unknown as Console;
      const { result } = await tokenStage(
        {
          clientId: "11111111-1111-4111-8111-111111111111",
          authority: "https://login.example/22222222-2222-4222-8222-222222222222",
          scope: "https://dicom.healthcareapis.azure.com/.default",
          proof: { kind: "federated", token: "e30.e30.e30" },
        },
        transport,
        console,
      );
      assert.equal(result.problem, "unsupported-key");
      assert.match(result.cure ?? "", /RSA/);
    });
  }
});
