import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import fc from "fast-check";
import { redact, redactText } from "../../../tenant/core/redaction";
import { randomSecret } from "../../../tenant/domain/passwords";

describe("Redaction of the request log", () => {
  it("finds a client secret and a token wherever they stand", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const secret = randomSecret();
        const token = [1, 2, 3].map(() => randomBytes(24).toString("base64url")).join(".");
        for (const hidden of [secret, token]) {
          const text = `${before} ${hidden} ${after}`;
          assert.ok(!redactText(text).includes(hidden));
          assert.ok(!JSON.stringify(redact({ deep: [{ anything: text }] })).includes(hidden));
        }
      }),
    );
  });

  it("masks by name, in any case of letters, and keeps null", () => {
    const masked = redact(
      { client_secret: "s", secretText: null, SecretText: "s", value: "v", list: [{ value: "v" }] },
      ["value"],
    );
    assert.deepEqual(masked, {
      client_secret: "<secret>",
      secretText: null,
      SecretText: "<secretText>",
      value: "<secretValue>",
      list: [{ value: "<secretValue>" }],
    });
  });

  it("comes through a value nested as deeply as a parser allows, and shows none of a secret in it", () => {
    const secret = randomSecret();
    const nested = JSON.parse(`${"[".repeat(50_000)}"${secret}"${"]".repeat(50_000)}`) as unknown;
    const text = JSON.stringify(redact({ nested }));
    assert.match(text, /<nested too deeply>/);
    assert.ok(!text.includes(secret));
  });

  it("leaves texts under names that objects have themselves", () => {
    const value = JSON.parse('{"constructor":"a","__proto__":"b","toString":"c"}') as unknown;
    assert.equal(JSON.stringify(redact(value)), JSON.stringify(value));
  });

  it("leaves ordinary text as it is", () => {
    const text =
      "GET /v1.0/applications/6a3042ed-d7e8-4b0f-bb9d-666d6bf7600e?$select=id https://graph.microsoft.com";
    assert.equal(redactText(text), text);
  });
});
