import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { TestTenant } from "../support/testTenant";
import { IdMap } from "./idMap";
import { readRecording, type RecordedLine } from "./recording";
import { differences } from "./differences";

const caller = "22222222-2222-4222-8222-222222222222";

/** What a recorded answer would be without the recorded directory's known shortcomings. */
function corrected(line: RecordedLine): unknown {
  const response = structuredClone(line.response) as Record<string, unknown> | null;
  const selected = /%24select=([^&]+)/.exec(line.url)?.[1]?.split("%2C");
  if (response === null) return response;
  if (line.url.startsWith("/v1.0/servicePrincipals/")) {
    // a service principal follows its application's name; the recorded directory kept the first one
    delete response.displayName;
    delete response.appDisplayName;
  }
  if (!Array.isArray(response.value)) return response;
  const only = (item: Record<string, unknown>): Record<string, unknown> =>
    selected === undefined
      ? item
      : Object.fromEntries(Object.entries(item).filter(([name]) => name === "id" || selected.includes(name)));
  return { ...response, value: (response.value as Record<string, unknown>[]).map((item) => only(item)) };
}

describe("Replay of the azuread provider's recorded traffic", () => {
  let tenant: TestTenant;
  let ids: IdMap;

  async function replay(recording: string): Promise<void> {
    let elapsed = 0;
    const failures: string[] = [];
    for (const [index, line] of readRecording(recording).entries()) {
      tenant.clock.advance(Math.floor((line.at_ms - elapsed) / 1000));
      elapsed = line.at_ms;
      const answer = await tenant.call(line.method, ids.translate(line.url), await requestOf(line));
      const recorded = corrected(line);
      ids.learn(recorded, answer.json ?? null);
      const expected = JSON.parse(fill(JSON.stringify(recorded))) as unknown;
      const found =
        answer.status === line.status
          ? differences(expected, answer.json ?? null)
          : [`status ${String(answer.status)} instead of ${String(line.status)}: ${answer.body}`];
      failures.push(
        ...found.map((text) => `${recording}:${String(index + 1)} ${line.method} ${line.url}: ${text}`),
      );
    }
    assert.deepEqual(failures, []);
  }

  function fill(text: string): string {
    return ids.translate(text).replaceAll("{base}", tenant.url);
  }

  let token: string | undefined;
  async function requestOf(line: RecordedLine): Promise<object> {
    if (line.url.endsWith("/token")) {
      const secret = tenant.running.environment.ARM_CLIENT_SECRET ?? "";
      const form = JSON.parse(fill(JSON.stringify(line.body))) as Record<string, string>;
      return { form: { ...form, client_secret: secret } };
    }
    token ??= await tenant.pipelineToken(tenant.url);
    const json = line.body === null ? {} : { json: JSON.parse(fill(JSON.stringify(line.body))) as unknown };
    return { token, headers: line.headers, ...json };
  }

  before(async () => {
    tenant = await TestTenant.start();
    await tenant.grantGraphRole(seed.pipeline.servicePrincipalId, "AppRoleAssignment.ReadWrite.All");
  });
  after(() => tenant.stop());
  beforeEach(() => {
    token = undefined;
  });

  it("answers a stack's whole life as recorded: up, previews, refresh, update, rotation, destroy", async () => {
    ids = new IdMap();
    ids.set(caller, seed.pipeline.servicePrincipalId);
    for (const recording of [
      "01-up.jsonl",
      "02-preview.jsonl",
      "03-refresh.jsonl",
      "04-update-preview.jsonl",
      "05-update.jsonl",
      "06-rotate-preview.jsonl",
      "07-rotate.jsonl",
      "08-destroy.jsonl",
    ]) {
      await replay(recording);
    }
  });

  it("answers as recorded when everything is deleted with the application", async () => {
    ids = new IdMap();
    const admin = await tenant.pipelineToken();
    const owners = {
      "owners@odata.bind": [`${tenant.url}/v1.0/directoryObjects/${seed.pipeline.servicePrincipalId}`],
    };
    const application = await tenant.call("POST", "/v1.0/applications", {
      token: admin,
      json: { displayName: "dicom-client", ...owners },
    });
    const principal = await tenant.call("POST", "/v1.0/servicePrincipals", {
      token: admin,
      json: { appId: application.expect(201).textAt("appId"), ...owners },
    });
    const recording = readRecording("10-destroy-deleted-with.jsonl");
    const idIn = (kind: string): string => {
      const line = recording.find((candidate) => candidate.url.startsWith(`/v1.0/${kind}/`));
      return /[0-9a-f-]{36}/.exec(line?.url ?? "")?.[0] ?? "";
    };
    ids.set(idIn("applications"), application.textAt("id"));
    ids.set(idIn("servicePrincipals"), principal.expect(201).textAt("id"));
    await replay("10-destroy-deleted-with.jsonl");
  });
});
