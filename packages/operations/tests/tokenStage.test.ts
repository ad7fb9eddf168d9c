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
    assert.equal(result.detail, "login.example answers 404 when it is asked for its addresses.");
  });
});
