import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicExchangeAudience } from "dicom-service-client/model";
import { AzGraph } from "../../trust/azGraph";
import { makeIdentity, type MadeIdentity } from "../../trust/makeIdentity";
import type { RunTool } from "../../trust/toolRun";
import { startTenant, type Tenant } from "entra-sandbox";
import { Administrator } from "lab";
import { AzureCliStandIn } from "./azureCliStandIn";

const issuer = "https://token.actions.githubusercontent.com";
const subject = "repo:contoso@1/imaging@2:environment:dev";

describe("an identity for pipelines", () => {
  let folder: string;
  let tenant: Tenant;
  let administrator: Administrator;
  let azureCli: AzureCliStandIn;
  const notes: string[] = [];
  /** Answers of az that come before those of the tenant. */
  const failures: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "identity-"));
    tenant = await startTenant({ folder });
    administrator = new Administrator(tenant);
  });
  beforeEach(() => {
    azureCli = new AzureCliStandIn(administrator);
    notes.length = failures.length = 0;
  });
  after(async () => {
    await tenant?.stop();
    await rm(folder, { recursive: true });
  });

  const run: RunTool = async (program, args) => {
    assert.equal(program, "az");
    const failure = args[0] === "rest" && args.includes("POST") ? failures.shift() : undefined;
    if (failure !== undefined) return { code: 1, stdout: "", stderr: failure };
    try {
      const { stdout = "" } = await azureCli.command(args);
      return { code: 0, stdout, stderr: "" };
    } catch (error) {
      return { code: 1, stdout: "", stderr: String(error) };
    }
  };
  const make = async (
    name: string,
    place: { readonly issuer?: string; readonly subject?: string; readonly audience?: string } = {},
  ): Promise<MadeIdentity> => {
    const graph = await AzGraph.open(run, () => Promise.resolve());
    return makeIdentity(
      graph,
      name,
      { issuer, subject, audience: publicExchangeAudience, ...place },
      (line) => notes.push(line),
    );
  };
  const trustOf = async ({ clientId }: MadeIdentity): Promise<readonly string[]> => {
    const { value } = (await administrator.graph("GET", `applications?$filter=appId eq '${clientId}'`)) as {
      readonly value: readonly { readonly id: string }[];
    };
    const { value: credentials } = (await administrator.graph(
      "GET",
      `applications/${value[0]?.id ?? ""}/federatedIdentityCredentials`,
    )) as { readonly value: readonly { issuer: string; subject: string; audiences: readonly string[] }[] };
    return credentials.map((one) => [one.issuer, one.subject, ...one.audiences].join(" ")).sort();
  };

  for (const name of [
    "DICOM clients: deploy dev",
    "O'Brien's \"clients\" & $(more) #1 + 100%",
    "[?displayName=='']",
  ]) {
    it(`may be called ${name}, is found by that again, and stays as it is`, async () => {
      const made = await make(name);
      assert.deepEqual(await trustOf(made), [`${issuer} ${subject} ${publicExchangeAudience}`]);
      azureCli.changes.length = 0;
      assert.deepEqual(await make(name), made);
      assert.deepEqual(azureCli.changes, []);
    });
  }

  it("is not another one whose name differs in letter case", async () => {
    const one = await make("Case");
    assert.notEqual((await make("case")).clientId, one.clientId);
  });

  it("is not chosen among several of one name", async () => {
    await administrator.registerApplication("Twice");
    await administrator.registerApplication("Twice");
    await assert.rejects(make("Twice"), /2 applications have the name "Twice"/);
    assert.deepEqual(azureCli.changes, []);
  });

  it("trusts a subject of another issuer, too, and says that the former is still trusted", async () => {
    const made = await make("Two issuers");
    const other = "https://github.example/_services/token";
    await make("Two issuers", { issuer: other });
    assert.deepEqual(await trustOf(made), [
      `${other} ${subject} ${publicExchangeAudience}`,
      `${issuer} ${subject} ${publicExchangeAudience}`,
    ]);
    assert.match(
      notes.join("\n"),
      /Trusts repo:\S+ of https:\/\/token\.actions\S+ as well, from before[^]*# az ad app federated-credential delete --id [0-9a-f-]{36} --federated-credential-id [0-9a-f-]{36}/,
    );
  });

  it("says of a trust by names alone that it is recyclable", async () => {
    await make("Recyclable", { subject: "repo:contoso/imaging:environment:dev" });
    await make("Recyclable");
    assert.match(notes.join("\n"), /identifies owner and repository by name only/);
  });

  it("is given the audience of the cloud when it has another", async () => {
    const made = await make("Audience", { audience: "api://AzureADTokenExchangeUSGov" });
    await make("Audience");
    assert.deepEqual(await trustOf(made), [`${issuer} ${subject} ${publicExchangeAudience}`]);
    assert.match(notes.join("\n"), /for the audience api:\/\/AzureADTokenExchange now/);
  });

  it("takes subjects of any kind, as names of credentials are made of them", async () => {
    const made = await make("Names", { subject: "/eid1/c/pub/t/aA_-/a/b/sc/1/2" });
    const long = `repo:contoso@1/imaging@2:environment:${"x".repeat(400)}`;
    await make("Names", { subject: `${long}1` });
    await make("Names", { subject: `${long}2` });
    await make("Names", { subject: "_" });
    assert.equal((await trustOf(made)).length, 4);
  });

  it("waits until the directory knows what was made a moment ago, and not for anything else", async () => {
    failures.push(
      'ERROR: Bad Request({"error":{"message":"The appId of the service principal does not reference a valid application object."}})',
    );
    const made = await make("Late");
    assert.equal((await trustOf(made)).length, 1);
    failures.push('ERROR: Forbidden({"error":{"code":"Authorization_RequestDenied"}})');
    await assert.rejects(make("Forbidden"), /az rest --method failed|az rest failed/);
    assert.deepEqual(failures, []);
  });
});
