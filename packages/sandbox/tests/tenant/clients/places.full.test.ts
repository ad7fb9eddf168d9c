import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../tenant/core/clock";
import { seed } from "../../../tenant/seed";
import { TestClock } from "../support/testClock";
import { resources, type TestApplication, TestTenant } from "../support/testTenant";
import { type ClientOutcome, runClient } from "./runClient";

/** What the tokens of a place say. Sources: the documentation of each place on federation with Azure. */
interface Trust {
  readonly issuer: string;
  readonly subject: string;
}

const audience = "api://AzureADTokenExchange";

const issuers: Readonly<Record<string, Trust>> = {
  "GitHub Actions": {
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:contoso@123456/imaging@456789:environment:dev",
  },
  "GitLab CI": {
    issuer: "https://gitlab.com",
    subject: "project_path:contoso/imaging:ref_type:branch:ref:main",
  },
  "HCP Terraform": {
    issuer: "https://app.terraform.io",
    subject: "organization:contoso:project:imaging:workspace:pacs:run_phase:apply",
  },
  "a machine with a SPIFFE id": {
    issuer: "https://spire.hospital.example",
    subject: "spiffe://hospital.example/imaging/gateway",
  },
};

describe("@azure/identity at the places that consumers run at", function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  let client: TestApplication;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "places-"));
    // Client libraries look at the machine's clock, so the tenant does too.
    tenant = await TestTenant.start({ clock: new TestClock(systemClock.now()) });
    client = await tenant.application("consumer", []);
  });
  after(async () => {
    await tenant.stop();
    await rm(folder, { recursive: true });
  });

  const trust = async (name: string, { issuer, subject }: Trust): Promise<void> => {
    const path = `/v1.0/applications/${client.id}/federatedIdentityCredentials`;
    const json = { name, issuer, subject, audiences: [audience] };
    (await tenant.call("POST", path, { token: await tenant.adminToken(), json })).expect(201);
  };
  const tokenOf = async ({ issuer, subject }: Trust): Promise<string> => {
    const answer = await tenant.running.control("POST", "assertion", { issuer, subject });
    return (answer.json as { readonly assertion: string }).assertion;
  };
  const environments = async (): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> =>
    (await tenant.running.control("GET", "places")).json as Record<string, Record<string, string>>;
  const signIn = (
    settings: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<ClientOutcome> =>
    runClient(
      tenant,
      "identity",
      { clientId: client.appId, scope: `${resources.dicom}/.default`, ...settings },
      environment,
    );
  const expectToken = ({ result, error }: ClientOutcome): void => {
    assert.equal(error, undefined);
    assert.deepEqual([result?.aud, result?.appid], [resources.dicom, client.appId]);
  };

  for (const [index, [place, said]] of Object.entries(issuers).entries()) {
    it(`signs in with the token of ${place}, and not before it is trusted`, async () => {
      const assertion = await tokenOf(said);
      assert.match((await signIn({ assertion })).error ?? "", /AADSTS70021/);
      await trust(`place-${index}`, said);
      expectToken(await signIn({ assertion }));
    });
  }

  it("signs in from a pod, whose token is in a file (WorkloadIdentityCredential)", async () => {
    const pod = {
      issuer: "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
      subject: "system:serviceaccount:imaging:gateway",
    };
    const tokenFile = join(folder, "azure-identity-token");
    await writeFile(tokenFile, await tokenOf(pod));
    await trust("pod", pod);
    expectToken(await signIn({ tokenFile }));
    // A token in a file is what the pod has, and no leak.
    await rm(tokenFile);
  });

  it("signs in from a machine with a managed identity (ManagedIdentityCredential)", async () => {
    const identity = "00000000-0000-0000-0000-00000000c0de";
    await trust("machine", { issuer: `${tenant.url}/${seed.tenantId}/v2.0`, subject: identity });
    expectToken(await signIn({ identity }, (await environments()).managedIdentity));
    const other = { ...(await environments()).managedIdentity, IDENTITY_HEADER: "another machine's" };
    assert.match((await signIn({ identity }, other)).error ?? "", /WrongControlKey|401/);
  });

  it("signs in as the managed identity itself, with no application", async () => {
    const made = await tenant.managedIdentity("gateway");
    const environment = (await environments()).managedIdentity;
    const own = { identity: made.clientId, clientId: made.clientId };
    const { result, error } = await signIn(own, environment);
    assert.equal(error, undefined);
    assert.deepEqual(
      [result?.aud, result?.appid, result?.oid],
      [resources.dicom, made.clientId, made.principalId],
    );
    const unknown = { identity: client.appId, clientId: client.appId };
    assert.match((await signIn(unknown, environment)).error ?? "", /has no managed identity|400/);
  });

  it("signs in from a pipeline with a service connection (AzurePipelinesCredential)", async () => {
    const connection = "00000000-0000-0000-0000-00000000c0cb";
    const environment = (await environments()).azureDevOps;
    const issuer = `https://login.microsoftonline.com/${seed.tenantId}/v2.0`;
    await trust("other-connection", { issuer, subject: "of another connection" });
    const refused = (await signIn({ connection }, environment)).error ?? "";
    const subject = /AADSTS700213: .* subject '([^']+)'/.exec(refused)?.[1] ?? "";
    assert.match(subject, new RegExp(`^/eid1/c/pub/t/[^/]+/a/[^/]+/sc/[^/]+/${connection}$`));
    await trust("connection", { issuer, subject });
    expectToken(await signIn({ connection }, environment));
  });
});
