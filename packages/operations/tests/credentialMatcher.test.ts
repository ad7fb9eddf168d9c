import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { makeCertificate } from "lab";
import type { CloudClient } from "../cloud/cloudClient";
import { CredentialMatcher } from "../verify/credentialMatcher";

describe("a live credential", () => {
  let declared: X509Certificate;
  let foreign: X509Certificate;
  before(async () => {
    const make = async (): Promise<X509Certificate> =>
      new X509Certificate((await makeCertificate("2026-01-01T00:00:00Z", "2050-01-01T00:00:00Z")).pem);
    [declared, foreign] = [await make(), await make()];
  });

  const live = (answer: object): CredentialMatcher =>
    new CredentialMatcher({ read: () => Promise.resolve(answer) } as unknown as CloudClient, "object");
  const key = (bytes: Buffer, of: X509Certificate, usage = "Verify"): object => ({
    keyId: "0a0a0a0a-1111-4222-8333-444444444444",
    usage,
    customKeyIdentifier: of.fingerprint.replaceAll(":", ""),
    key: bytes.toString("base64"),
  });

  it("is the declared certificate by its bytes, in whichever form they were uploaded", async () => {
    for (const bytes of [declared.raw, Buffer.from(declared.toString())]) {
      const keyCredentials = [key(foreign.raw, foreign), key(bytes, foreign)];
      assert.equal((await live({ keyCredentials }).certificate(declared.toString())).kind, "declared");
    }
  });

  it("is not the declared certificate by the identifier that its entry bears", async () => {
    const keyCredentials = [key(foreign.raw, declared), key(declared.raw, declared, "Sign")];
    assert.equal((await live({ keyCredentials }).certificate(declared.toString())).kind, "other");
  });

  it("is not known when Microsoft Graph does not send the certificate, or something else", async () => {
    const keyCredentials = [{ keyId: "1", usage: "Verify", customKeyIdentifier: "x", key: null }];
    assert.equal((await live({ keyCredentials }).certificate(declared.toString())).kind, "unread");
    assert.equal((await live({}).certificate(declared.toString())).kind, "unread");
  });

  it("is the declared federated credential by all that it trusts, and by nothing more", async () => {
    const wanted = {
      issuer: "https://issuer.example",
      subject: "s",
      claimsMatchingExpression: "",
      audiences: ["api://AzureADTokenExchange"],
    };
    const kindOf = async (changed: object): Promise<string> => {
      const one = { id: "1", name: "n", ...wanted, claimsMatchingExpression: null, ...changed };
      const cloud = { readAll: () => Promise.resolve([one]) } as unknown as CloudClient;
      return (await new CredentialMatcher(cloud, "object").federated(wanted)).kind;
    };
    assert.equal(await kindOf({}), "declared");
    for (const changed of [
      { issuer: "https://evil.example" },
      { subject: "S" },
      { claimsMatchingExpression: { value: "claims['sub'] matches '*'" } },
      { audiences: ["api://evil"] },
      { audiences: [...wanted.audiences, "api://evil"] },
    ]) {
      assert.equal(await kindOf(changed), "other", JSON.stringify(changed));
    }
  });

  it("is not the declared secret when its value begins otherwise", async () => {
    const passwordCredentials = [{ keyId: "k", hint: "abc" }];
    const found = live({ passwordCredentials });
    assert.equal((await found.secret("k", "abcdef")).kind, "declared");
    assert.equal((await found.secret("k", "xyzdef")).kind, "other");
    assert.equal((await found.secret("l", "abcdef")).kind, "other");
  });
});
