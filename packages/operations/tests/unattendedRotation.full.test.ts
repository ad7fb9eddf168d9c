import assert from "node:assert/strict";
import { formatCalendarDay, parseCalendarDay } from "dicom-service-client/model";
import { HttpClient, seed, seedResourceIds, vaultUri } from "entra-sandbox";
import { Administrator, DeployedSandbox, readerAccess, requestAccessToken, requestToken } from "lab";
import { rotationTargets } from "../pipeline/plannedChange";

/** A consumer: on which days after it last did so it reads the vault, and whether it waits to be told. */
interface Consumer {
  readonly name: string;
  /** It reads the vault again after so many days. */
  readonly readsEvery: number;
  /** It reads the vault only once somebody has seen the warning that it has not moved. */
  readonly waitsForWarning: boolean;
  readOn: number;
  value: string;
}

const first = "2026-11-23";
const firstDay = parseCalendarDay(first) ?? 0;
const secret = { from: first, lifetimeDays: 180, overlapDays: 30 };
/** How long before its end Key Vault announces a secret. Source: https://learn.microsoft.com/azure/key-vault/general/event-grid-overview */
const nearExpiryDays = 30;
/** How many days are passed over at a time. */
const daysBetween = 3;

describe("Moving to a new secret without a person", function () {
  this.timeout(900_000);
  let sandbox: DeployedSandbox;
  let tokenUrl: string;
  let clientId: string;
  let objectId: string;

  before(async () => {
    const vault = { id: seedResourceIds.keyVault, secretName: "gateway", export: false };
    sandbox = await DeployedSandbox.deploy(
      { gateway: { displayName: "Gateway", access: [readerAccess], secret, vault } },
      first,
    );
    const ids = (await sandbox.clients())["gateway"] ?? assert.fail();
    ({ clientId = "", objectId = "" } = ids);
    tokenUrl = `${sandbox.tenant.url}/${seed.tenantId}/oauth2/v2.0/token`;
    const portal = new Administrator(sandbox.tenant);
    await portal.grantGraphPermission(seed.pipeline.servicePrincipalId, "AuditLog.Read.All");
    await sandbox.tenant.control("PUT", "settings", { signInReportDelaySeconds: 86_400 });
  });
  after(() => sandbox?.stop());

  /** The newest secret of the vault, and when it ends, as its consumers and the vault's events see it. */
  const readVault = async (): Promise<{ readonly value: string; readonly endsOn: number }> => {
    const { ARM_CLIENT_ID = "", ARM_CLIENT_SECRET = "" } = sandbox.tenant.environment;
    const token = await requestAccessToken(tokenUrl, sandbox.tenant.caFile, {
      clientId: ARM_CLIENT_ID,
      secret: ARM_CLIENT_SECRET,
      scope: "https://vault.azure.net/.default",
    });
    const address = `${vaultUri(sandbox.tenant.url, seed.keyVault)}secrets/gateway?api-version=7.4`;
    const answer = await send(address, token, sandbox.tenant.caFile);
    return { value: answer.value, endsOn: answer.attributes.exp / 86_400 };
  };

  it("goes from due to used to retired, through a year with three consumers of different habits", async () => {
    const { value } = await readVault();
    const consumers: Consumer[] = [
      { name: "eager", readsEvery: daysBetween, waitsForWarning: false, readOn: firstDay, value },
      { name: "lazy", readsEvery: 9, waitsForWarning: false, readOn: firstDay, value },
      { name: "stubborn", readsEvery: 0, waitsForWarning: true, readOn: firstDay, value },
    ];
    const events: string[] = [];
    let announced = 0;
    let isWarned = false;
    for (let day = firstDay; day < firstDay + 365; day += daysBetween) {
      const today = formatCalendarDay(day);
      const clock = { now: () => new Date(`${today}T12:00:00Z`) };
      await sandbox.tenant.control("PUT", "clock", { now: `${today}T12:00:00Z` });
      const vault = await readVault();
      if (vault.endsOn - day <= nearExpiryDays && announced !== vault.endsOn) {
        // Key Vault's event starts the pipeline's rotation-only run.
        announced = vault.endsOn;
        await sandbox.configure("asOf", today);
        await sandbox.redeploy(undefined, rotationTargets);
        events.push(`${today} rotated`);
      }
      for (const consumer of consumers) {
        const isDue = consumer.waitsForWarning ? isWarned : day - consumer.readOn >= consumer.readsEvery;
        if (isDue) {
          consumer.readOn = day;
          consumer.value = (await readVault()).value;
        }
        const { status } = await requestToken(tokenUrl, sandbox.tenant.caFile, {
          clientId,
          secret: consumer.value,
          scope: "https://dicom.healthcareapis.azure.com/.default",
        });
        assert.equal(status, 200, `${consumer.name} on ${today}`);
      }
      isWarned = false;
      // As long as there is a previous secret, once a week or so.
      if (events.at(-1)?.endsWith("rotated") !== true || (day - firstDay) % (2 * daysBetween) !== 0) continue;
      await sandbox.configure("asOf", today);
      const status = await sandbox.on("status", ["--last-used"], {}, clock);
      isWarned = /a consumer has not moved to the current secret/.test(status.stdout);
      const retired = await sandbox.on("retire", ["--apply", "--unused-days", "7"], {}, clock);
      assert.equal(retired.code, 0, retired.stderr);
      if (!/^retired {3}gateway, secret slot/m.test(retired.stdout)) continue;
      await sandbox.redeploy(undefined, rotationTargets);
      events.push(`${today} retired`);
      const { passwordCredentials } = await new Administrator(sandbox.tenant).graph(
        "GET",
        `applications/${objectId}`,
      );
      assert.equal((passwordCredentials as readonly unknown[]).length, 1, today);
    }
    assert.deepEqual(
      events.map((event) => event.split(" ")[1]),
      ["rotated", "retired", "rotated", "retired"],
    );
    const days = events.map((event) => parseCalendarDay(event.split(" ")[0] ?? "") ?? 0);
    for (const index of [1, 3]) {
      const waited = (days[index] ?? 0) - (days[index - 1] ?? 0);
      assert.ok(waited < secret.overlapDays, `retired ${waited} days after the rotation, before its end`);
    }
  });
});

async function send(
  address: string,
  token: string,
  caFile: string,
): Promise<{ readonly value: string; readonly attributes: { readonly exp: number } }> {
  const http = new HttpClient(caFile);
  try {
    const { body } = await http.send(
      { method: "GET", url: address, headers: { authorization: `Bearer ${token}` } },
      AbortSignal.timeout(10_000),
    );
    return JSON.parse(body) as { readonly value: string; readonly attributes: { readonly exp: number } };
  } finally {
    http.close();
  }
}
