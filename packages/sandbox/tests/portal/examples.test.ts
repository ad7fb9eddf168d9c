import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { split } from "shlex";
import { portalCommand } from "../../commands/portal";
import { Administrator } from "../../portal/administrator";
import { findApplication } from "../../portal/findApplication";
import { portalActions } from "../../portal/portalActions";
import { TestTenant } from "../tenant/support/testTenant";

/** What stands for an id that only the user can know. */
const placeholder = /\b[0-9a-f]{8}-[0-9a-f-]{27}$/;
const client = "imaging-gateway";

describe("the examples in the help of the portal's commands", function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  let administrator: Administrator;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "portal-"));
    tenant = await TestTenant.start();
    administrator = new Administrator(tenant.running);
  });
  after(async () => {
    administrator?.signOut();
    await tenant?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const perform = async (example: string): Promise<void> => {
    const command = portalCommand(async (action, values) => {
      await action.run(
        {
          administrator,
          application: (wanted, deleted) => findApplication(administrator, new Map(), wanted, deleted),
        },
        values,
      );
    });
    const words = split(example).map((word) => (word === "token.jwt" ? join(folder, word) : word));
    await command.parseAsync(words, { from: "user" });
  };
  const exampleOf = (name: string): string =>
    portalActions.find((action) => action.name === name)?.example ?? assert.fail(name);
  /** The action after which one can be done: what makes what it takes away, or takes away what it makes. */
  const precondition = (name: string): string | undefined =>
    new Map([
      ["restore", "delete"],
      ["add-api", "remove-api"],
    ]).get(name) ??
    portalActions
      .map((action) => action.name)
      .find(
        (other) =>
          name !== "remove-api" &&
          name === other.replace(/^(add|grant|assign)-/, "remove-") &&
          name !== other,
      );

  it("refuses a scope that is none, whatever it is called", async () => {
    await perform(`register ${client}`);
    for (const scope of ["vault", "constructor"]) {
      await assert.rejects(
        perform(`assign-role ${client} Contributor --scope ${scope}`),
        new RegExp(`"${scope}" is not a scope`),
      );
    }
  });

  for (const { name, example } of portalActions) {
    it(`works: ${example}`, async function () {
      if (placeholder.test(example) && name.startsWith("remove-")) return this.skip();
      assert.equal((await tenant.running.control("POST", "reset")).status, 204);
      administrator.signOut();
      administrator = new Administrator(tenant.running);
      await perform(`register ${client} --consent`);
      const first = precondition(name);
      if (first !== undefined) await perform(exampleOf(first));
      await perform(example);
    });
  }
});
