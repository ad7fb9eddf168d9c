import assert from "node:assert/strict";
import type { UpOptions } from "@pulumi/pulumi/automation";
import { Administrator, seedResourceIds, type Session } from "entra-sandbox";
import { formatCalendarDay, parseCalendarDay } from "../../components/calendarDate";
import { requestToken, TestSandbox } from "lab";

const from = "2026-11-23";
const secret = { from, lifetimeDays: 180, overlapDays: 30 };
const gateway = {
  displayName: "Gateway",
  access: [{ dicomService: seedResourceIds.dicomService }],
  secret,
};

interface Published {
  readonly objectId: string;
  readonly clientId: string;
  readonly tokenUrl: string;
  readonly scope: string;
  readonly current: string;
  readonly previous?: string;
}

describe("rotation on the engine", function () {
  this.timeout(300_000);
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.remove());

  it("goes through two years with a valid published secret at every moment, and never more than two", async () => {
    const overlapDays = 60;
    const long = { ...gateway, secret: { ...secret, overlapDays } };
    const first = parseCalendarDay(from) ?? assert.fail();
    await sandbox.use(sandbox.configure({ gateway: long }), async (session) => {
      const values = new Set<string>();
      for (let day = first; day <= first + 730; day += overlapDays) {
        const date = formatCalendarDay(day);
        await travel(session, date, "12:00:00");
        const published = await deploy(session);
        assert.equal(await tokenStatus(session, published, published.current), 200, date);
        if (published.previous !== undefined) {
          assert.equal(await tokenStatus(session, published, published.previous), 200, date);
        }
        const live = await secretsOf(session, published);
        assert.equal(live.length, published.previous === undefined ? 1 : 2, date);
        values.add(published.current);

        // A consumer that read the value now may use it until it reads again, one overlap later.
        await setClock(session, formatCalendarDay(day + overlapDays), "11:59:00");
        assert.equal(await tokenStatus(session, published, published.current), 200, date);
      }
      // Generations start every 120 days; the runs of days 0 to 720 meet the first seven.
      assert.equal(values.size, 7);
    });
  });

  it("changes nothing on another day of the same window, nor for another name, owner or description", async () => {
    await sandbox.use(sandbox.configure({ gateway }), async (session) => {
      await travel(session, "2026-11-23", "09:00:00");
      await session.stack.up();
      await travel(session, "2027-04-21", "23:00:00");
      await session.stack.preview({ expectNoChanges: true });
    });
    const renamed = { ...gateway, displayName: "Another name", description: "Another purpose" };
    await sandbox.use(sandbox.configure({ gateway: renamed }), async (session) => {
      await travel(session, "2027-04-21", "23:00:00");
      const { summary } = await session.stack.up();
      assert.deepEqual(summary.resourceChanges, { same: 6, update: 1 });
    });
  });

  it("re-mints at once when the reissue counter is raised, and the old value is refused", async () => {
    const before = await sandbox.use(sandbox.configure({ gateway }), (session) => deploy(session));
    const reissued = { ...gateway, secret: { ...secret, reissue: 1 } };
    await sandbox.use(sandbox.configure({ gateway: reissued }), async (session) => {
      const after = await deploy(session);
      assert.notEqual(after.current, before.current);
      assert.equal(await tokenStatus(session, after, after.current), 200);
      assert.equal(await tokenStatus(session, after, before.current), 401);
      assert.equal((await secretsOf(session, after)).length, 1);
    });
  });

  it("announces in a preview that consumers must pick up a secret somebody deleted by hand", async () => {
    await sandbox.use(sandbox.configure({ gateway }), async (session) => {
      let said = "";
      const onOutput = (text: string): void => void (said += text);
      const published = await deploy(session, { onOutput });
      assert.doesNotMatch(said, /A new secret is issued/, "the first secret surprises nobody");

      const [deleted] = await secretsOf(session, published);
      await withAdministrator(session, async (administrator) => {
        await administrator.graph("POST", `applications/${published.objectId}/removePassword`, {
          keyId: deleted?.keyId,
        });
      });
      said = "";
      await session.stack.preview({ onOutput });
      assert.match(
        said,
        /warning: A new secret is issued, "gateway-secret-a", valid until 2027-05-22T00:00:00Z: consumers must pick up its value/,
      );
    });
  });

  it("shows a rotation that is due in a preview, as a secret to create", async () => {
    await sandbox.use(sandbox.configure({ gateway }), async (session) => {
      await travel(session, "2026-11-23", "09:00:00");
      await session.stack.up();
      await travel(session, "2027-04-22", "09:00:00");
      let said = "";
      const { changeSummary } = await session.stack.preview({ onOutput: (text) => (said += text) });
      assert.equal(changeSummary.create, 1);
      assert.match(said, /gateway-secret-b/);
      assert.match(said, /A new secret is issued, "gateway-secret-b", .*Either a rotation is due/);
    });
  });
});

/** Sets the tenant's clock and the day that counts as today for the stack. */
async function travel(session: Session, day: string, time: string): Promise<void> {
  await setClock(session, day, time);
  await session.stack.setConfig("asOf", { value: day });
}

async function setClock({ tenant }: Session, day: string, time: string): Promise<void> {
  await tenant.control("PUT", "clock", { now: `${day}T${time}Z` });
}

/** Deploys, and reads what is published of the client then. */
async function deploy({ stack }: Session, options: UpOptions = {}): Promise<Published> {
  await stack.up(options);
  const outputs = await stack.outputs();
  const clients = outputs["clients"]?.value as Readonly<
    Record<string, Omit<Published, "current" | "previous">>
  >;
  const secrets = outputs["clientSecrets"]?.value as Readonly<
    Record<string, Pick<Published, "current" | "previous">>
  >;
  const [client, secret] = [clients["gateway"], secrets["gateway"]];
  assert.ok(client && secret);
  return { ...client, ...secret };
}

async function tokenStatus(session: Session, client: Published, value: string): Promise<number> {
  return (await requestToken(client.tokenUrl, session.tenant.caFile, { ...client, secret: value })).status;
}

async function secretsOf(
  session: Session,
  { objectId }: Published,
): Promise<readonly { readonly keyId: string }[]> {
  return withAdministrator(session, async (administrator) => {
    const application = await administrator.graph("GET", `applications/${objectId}`);
    return (application as { readonly passwordCredentials: readonly { readonly keyId: string }[] })
      .passwordCredentials;
  });
}

async function withAdministrator<T>(
  session: Session,
  work: (administrator: Administrator) => Promise<T>,
): Promise<T> {
  const administrator = new Administrator(session.tenant);
  try {
    return await work(administrator);
  } finally {
    administrator.signOut();
  }
}
