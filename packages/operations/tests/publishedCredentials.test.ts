import assert from "node:assert/strict";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { RefusedCall } from "../cloud/refusedCall";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { publishedCredentials } from "../verify/publishedCredentials";
import type { StageResult } from "../verify/verification";

describe("A secret that is published in a key vault alone", () => {
  const client = {
    name: "gateway",
    config: {
      secret: { from: "2026-11-23", lifetimeDays: 180, overlapDays: 30 },
      vault: { id: "/vaults/kv", secretName: "gateway", export: false },
    },
    deployed: { secrets: [{ slot: "a", keyId: "key", endsAt: "2027-05-22T00:00:00Z" }] },
  } as unknown as DeclaredClient;
  const declaration = { stack: "dev", asOf: 20_781, api: { loginUrl: "" } } as StackDeclaration;
  /** What is said when the vault refuses to show it. */
  const refused = async (status: number, error: object): Promise<StageResult> => {
    const answer = { status, headers: {}, body: JSON.stringify({ error }) };
    const cloud = {
      read: (call: unknown) =>
        call === calls.vault
          ? Promise.resolve({ properties: { vaultUri: "https://kv.vault.azure.net/" } })
          : Promise.reject(RefusedCall.of(calls.vaultSecret, answer)),
    } as unknown as CloudClient;
    const [published] = await publishedCredentials(client, declaration, undefined, {}, [], cloud);
    const { proof } = published ?? assert.fail();
    return "stage" in proof ? proof : assert.fail();
  };

  it("may not be read by everybody", async () => {
    const { cure } = await refused(403, { code: "Forbidden", message: "Caller is not authorized." });
    assert.match(cure ?? "", /^You need .*getSecret\/action on the vault, such as Key Vault Secrets User\.$/);
  });

  // The answer is that of https://github.com/Azure/azure-sdk-for-java/issues/17991.
  it("is enabled by an update after somebody has disabled it, which no right changes", async () => {
    const message = "Operation get is not allowed on a disabled secret.";
    const { problem, cure } = await refused(403, {
      code: "Forbidden",
      message,
      innererror: { code: "SecretDisabled" },
    });
    assert.equal(problem, "unreadable");
    assert.match(cure ?? "", /disabled it.*`pulumi up --stack dev`/);
    assert.doesNotMatch(cure ?? "", /You need/);
  });
});
