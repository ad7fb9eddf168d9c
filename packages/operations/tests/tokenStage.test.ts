import assert from "node:assert/strict";
import type { HttpTransport } from "../cloud/httpTransport";
import type { Console } from "../console/console";
import type { Proof } from "../verify/publishedCredentials";
import { tokenStage } from "../verify/tokenStage";

const console = {
  clock: { sleep: () => Promise.resolve() },
  note: () => undefined,
} as unknown as Console;

/** The stage, when every answer of the sign-in service is this one. */
async function answered(status: number, body: object, proof: Proof): ReturnType<typeof tokenStage> {
  const transport = {
    send: () => Promise.resolve({ status, headers: {}, body: JSON.stringify(body) }),
  } as unknown as HttpTransport;
  return tokenStage(
    {
      clientId: "11111111-1111-4111-8111-111111111111",
      authority: "https://login.example/22222222-2222-4222-8222-222222222222",
      scope: "https://dicom.healthcareapis.azure.com/.default",
      proof,
      stack: "hospital/clients/dev",
    },
    transport,
    console,
  );
}

describe("the token stage", () => {
  it("says so when the sign-in service has no addresses and no reason to tell", async () => {
    const { result, token } = await answered(404, {}, { kind: "secret", value: "invented" });
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
      const refusal = { error: "x", error_description: text };
      const { result } = await answered(400, refusal, { kind: "federated", token: "e30.e30.e30" });
      assert.equal(result.problem, "unsupported-key");
      assert.match(result.cure ?? "", /RSA/);
    });
  }

  for (const [number, command] of [
    [7000215, "pulumi up"],
    [7000222, "pulumi up"],
    [700027, "pulumi up"],
    [700213, "pulumi up"],
    [700016, "pulumi preview"],
    [7000112, "pulumi up"],
  ] as const) {
    it(`advises ${command} for this stack when Entra says AADSTS${number}`, async () => {
      const refusal = { error: "x", error_description: `AADSTS${number}: Refused. Trace ID: x` };
      const { result } = await answered(401, refusal, { kind: "secret", value: "invented" });
      assert.ok(result.cure?.includes(`\`${command} --stack hospital/clients/dev\``), result.cure);
    });
  }
});
