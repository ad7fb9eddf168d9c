import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { assertInert, hostileStrings } from "lab";
import { explainFailedLookups } from "../../components/stack/failedLookup";

const refused = (what: string): Error =>
  new Error(
    `invocation of azuread:index/getServicePrincipal:getServicePrincipal returned an error: invoking azuread:index/getServicePrincipal:getServicePrincipal: 1 error occurred:\n\t* ${what}\n\n`,
  );
const obstacle = (what: string): pulumi.RunError => new pulumi.RunError(`${what}\nNothing has been created.`);

describe("explainFailedLookups", () => {
  it("keeps what the provider has said, and nothing of the engine's calls", async () => {
    assert.deepEqual(
      await explained([Promise.reject(refused("Listing service principals: socket hang up"))]),
      [
        "The tenant or the subscription could not be read; nothing has been created or changed.",
        "  Listing service principals: socket hang up",
        "If the cause is temporary, such as a lost connection, run the command again.",
      ],
    );
  });

  it("shows what a provider says as text", async () => {
    for (const text of hostileStrings) {
      assertInert("text", (await explained([Promise.reject(refused(text))])).join("\n"));
    }
  });

  it("leaves alone what is explained already, and what succeeds", async () => {
    assert.deepEqual(await explained([Promise.reject(obstacle("There is no API."))]), [
      "There is no API.",
      "Nothing has been created.",
    ]);
    assert.deepEqual(await explainFailedLookups([Promise.resolve(7), Promise.resolve("seven")]), [
      7,
      "seven",
    ]);
  });

  it("names all obstacles in the order of the look-ups, whichever is found first", async () => {
    const late = setImmediate().then(() => Promise.reject(obstacle("There is no API.")));
    assert.deepEqual(await explained([late, Promise.reject(obstacle("There is no role."))]), [
      "There is no API.",
      "There is no role.",
      "Nothing has been created.",
    ]);
  });

  it("says what could not be read after the obstacles, and the same words once", async () => {
    const same = "authorizing: no connection";
    assert.deepEqual(
      await explained([
        Promise.reject(refused(same)),
        Promise.reject(obstacle("There is no role.")),
        Promise.reject(refused(same)),
      ]),
      [
        "There is no role.",
        "The tenant or the subscription could not be read; nothing has been created or changed.",
        `  ${same}`,
        "If the cause is temporary, such as a lost connection, run the command again.",
      ],
    );
  });

  async function explained(lookups: readonly Promise<unknown>[]): Promise<readonly string[]> {
    const error: unknown = await explainFailedLookups(lookups).then(
      () => assert.fail("nothing failed"),
      (reason: unknown) => reason,
    );
    assert.ok(pulumi.RunError.isInstance(error));
    return error.message.split("\n");
  }
});
