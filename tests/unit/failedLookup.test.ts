import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { explainFailedLookup } from "../../stack/failedLookup";

describe("explainFailedLookup", () => {
  it("keeps what the provider has said, and nothing of the engine's calls", async () => {
    const error = new Error(
      "invocation of azuread:index/getServicePrincipal:getServicePrincipal returned an error: invoking azuread:index/getServicePrincipal:getServicePrincipal: 1 error occurred:\n\t* Listing service principals: socket hang up\n\n",
    );
    await assert.rejects(explainFailedLookup(Promise.reject(error)), (explained: Error) => {
      assert.ok(pulumi.RunError.isInstance(explained));
      assert.deepEqual(explained.message.split("\n").slice(0, 2), [
        "The tenant or the subscription could not be read; nothing has been created or changed.",
        "  Listing service principals: socket hang up",
      ]);
      return true;
    });
  });

  it("leaves alone what is explained already, and what succeeds", async () => {
    const refusal = new pulumi.RunError("explained");
    await assert.rejects(explainFailedLookup(Promise.reject(refusal)), (error) => error === refusal);
    assert.equal(await explainFailedLookup(Promise.resolve(7)), 7);
  });
});
