import assert from "node:assert/strict";
import plainProgram from "../speed/plainProgram";
import { variants } from "../speed/speedVariant";
import { inlineProgram } from "../fixtures/inlineProgram";
import { seedResourceIds, type Session } from "entra-sandbox";
import { beforeRotation, fleetClients } from "../population/fleetClients";
import { TestSandbox } from "../fixtures/testSandbox";

const clients = 2;

// What `npm run bench` measures and time does not blur.
describe("the cost of the component on the engine", function () {
  this.timeout(120_000);
  const sandbox = new TestSandbox();
  after(() => sandbox.remove());

  it("makes the requests that the same resources make without it, and registers one resource more a client", async () => {
    const config = sandbox.configure(fleetClients({ clients, prefix: "component" }), {
      asOf: beforeRotation,
      dicomService: seedResourceIds.dicomService,
    });
    await sandbox.use(config, async (session) => {
      const ours = await lifeOf(session, {});
      const { plain } = variants.plain.config(clients, beforeRotation);
      await session.stack.setConfig("plain", { value: JSON.stringify(plain) });
      const theirs = await lifeOf(session, { program: inlineProgram(plainProgram) });
      assert.deepEqual(ours.requests, theirs.requests);
      assert.equal(ours.created, theirs.created + clients);
    });
  });
});

/** Requests of a first deployment, one without changes and a removal, by operation; and how many resources were created. */
async function lifeOf(
  { stack, tenant }: Session,
  options: { readonly program?: ReturnType<typeof inlineProgram> },
): Promise<{ readonly requests: readonly Readonly<Record<string, number>>[]; readonly created: number }> {
  const requests: Record<string, number>[] = [];
  let made = tenant.requests().length;
  const count = (): void => {
    const counts: Record<string, number> = {};
    for (const { operation } of tenant.requests().slice(made)) {
      if (/^(graph|arm)\./.test(operation ?? ""))
        counts[operation ?? ""] = (counts[operation ?? ""] ?? 0) + 1;
    }
    requests.push(counts);
    made = tenant.requests().length;
  };
  const { summary } = await stack.up(options);
  count();
  await stack.up({ ...options, expectNoChanges: true });
  count();
  await stack.destroy();
  count();
  return { requests, created: summary.resourceChanges?.create ?? 0 };
}
