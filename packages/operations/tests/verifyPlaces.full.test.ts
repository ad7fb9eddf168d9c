import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { seed } from "entra-sandbox";
import { DeployedSandbox, type OperationRun, readerAccess } from "lab";
import type { Verification } from "../verify/verification";

const identity = "00000000-0000-0000-0000-00000000c0de";
const connection = "00000000-0000-0000-0000-00000000c0cb";
const entra = `https://login.microsoftonline.com/${seed.tenantId}/v2.0`;
const aks = {
  issuer: "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
  namespace: "imaging",
  serviceAccount: "gateway",
};
const spiffe = { issuer: "https://spire.hospital.example", id: "spiffe://hospital.example/imaging/gateway" };
const [github, gitlab, terraform] = [
  "https://token.actions.githubusercontent.com",
  "https://gitlab.com",
  "https://app.terraform.io",
];

describe("ops verify where consumers run", function () {
  this.timeout(120_000);
  let sandbox: DeployedSandbox;
  let places: Readonly<Record<string, Readonly<Record<string, string>>>>;
  let actions: Server;

  before(async () => {
    const pipeline = await pipelineSubject();
    sandbox = await DeployedSandbox.deploy(
      {
        consumer: {
          displayName: "Consumer",
          access: [readerAccess],
          runsOn: {
            managedIdentity: { tenantId: seed.tenantId, principalId: identity.toUpperCase() },
            aks,
            githubActions: { repository: "contoso@123456/pacs@456789", environment: "dev" },
            azureDevOps: { issuer: entra, subject: pipeline },
            gitlab: { project: "contoso/pacs", branch: "main" },
            terraformCloud: { organization: "contoso", project: "imaging", workspace: "pacs" },
            spiffe,
          },
          federatedCredentials: [
            {
              name: "by-claims",
              issuer: github,
              claimsMatchingExpression:
                "claims['sub'] matches 'repo:contoso@123456/pacs@456789:environment:*' and claims['repository_id'] eq '456789'",
            },
          ],
        },
      },
      "2026-08-30",
    );
    places = (await sandbox.tenant.control("GET", "places")).json as typeof places;
    actions = await gitHubActions();
  });
  after(async () => {
    actions?.close();
    await sandbox?.stop();
  });

  /** The subject of the service connection, as a project of Azure DevOps shows it. */
  const pipelineSubject = async (): Promise<string> => {
    const other = await DeployedSandbox.empty("2026-08-30");
    try {
      const { json } = await other.tenant.control("POST", "workload-token", {
        workload: "azure-devops",
        organizationId: "00000000-0000-0000-0000-00000000c0de",
        connectionId: connection,
      });
      return (json as { readonly subject: string }).subject;
    } finally {
      await other.stop();
    }
  };
  const assertion = async (issuer: string, subject: string, claims: object = {}): Promise<string> => {
    const { json } = await sandbox.tenant.control("POST", "assertion", { issuer, subject, claims });
    return (json as { readonly assertion: string }).assertion;
  };
  /** Answers as GitHub does when a job asks for its token. */
  const gitHubActions = async (): Promise<Server> => {
    const token = await assertion(github, "repo:contoso@123456/pacs@456789:environment:dev", {
      repository_id: "456789",
    });
    const server = createServer((request, response) => {
      const isRight =
        request.headers.authorization === "Bearer of-the-job" &&
        new URL(request.url ?? "", "http://localhost").searchParams.get("audience") ===
          "api://AzureADTokenExchange";
      response.writeHead(isRight ? 200 : 401).end(JSON.stringify(isRight ? { value: token } : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  };
  const verified = async (
    env: Readonly<Record<string, string>>,
    ...argv: string[]
  ): Promise<{ run: OperationRun; tried: Readonly<Record<string, readonly string[]>> }> => {
    const run = await sandbox.on("verify", ["--format", "json", ...argv], env);
    const { clients } = JSON.parse(run.stdout) as Verification;
    return {
      run,
      tried: Object.fromEntries(
        (clients[0]?.credentials ?? [])
          .filter(({ tried }) => tried)
          .map(({ name, stages }) => [
            name,
            stages.filter(({ outcome }) => outcome !== "passed").map(({ stage }) => stage),
          ]),
      ),
    };
  };
  /** A token in a file is what a pod has, and no leak, so that none of them stays. */
  const withToken = async <T>(text: string, use: (file: string) => Promise<T>): Promise<T> => {
    const file = join(sandbox.projectFolder, "..", "..", "azure-identity-token");
    await writeFile(file, text);
    try {
      return await use(file);
    } finally {
      await rm(file);
    }
  };

  it("tries nothing elsewhere, and says how to", async () => {
    const { run, tried } = await verified({});
    assert.deepEqual([run.code, tried], [7, {}]);
    assert.match(run.stdout, /run it where the consumer runs, or pass a token/);
  });

  it("takes the token of a managed identity", async () => {
    const { run, tried } = await verified(places["managedIdentity"] ?? {});
    assert.deepEqual([run.code, tried], [0, { "runs-on-managed-identity": [] }], run.stdout + run.stderr);
  });

  it("takes the token of a service connection", async () => {
    const { run, tried } = await verified(places["azureDevOps"] ?? {});
    assert.deepEqual([run.code, tried], [0, { "runs-on-azure-devops": [] }], run.stdout + run.stderr);
  });

  it("takes the token of a job of GitHub Actions, by its subject and by its claims", async () => {
    const { run, tried } = await verified({
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(actions.address() as AddressInfo).port}/token?job=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-the-job",
    });
    assert.deepEqual(
      [run.code, tried],
      [0, { "runs-on-github-actions": [], "by-claims": [] }],
      run.stdout + run.stderr,
    );
  });

  it("takes the token that a pod has in a file", async () => {
    const subject = `system:serviceaccount:${aks.namespace}:${aks.serviceAccount}`;
    const { run, tried } = await withToken(await assertion(aks.issuer, subject), (token) =>
      verified({ AZURE_FEDERATED_TOKEN_FILE: token }),
    );
    assert.deepEqual([run.code, tried], [0, { "runs-on-aks": [] }], run.stdout + run.stderr);
  });

  for (const [name, issuer, subject] of [
    ["gitlab", gitlab, "project_path:contoso/pacs:ref_type:branch:ref:main"],
    ["terraform-plan", terraform, "organization:contoso:project:imaging:workspace:pacs:run_phase:plan"],
    ["terraform-apply", terraform, "organization:contoso:project:imaging:workspace:pacs:run_phase:apply"],
    ["spiffe", spiffe.issuer, spiffe.id],
  ] as const) {
    it(`takes the token of ${name} that is handed over`, async () => {
      const { run, tried } = await withToken(await assertion(issuer, subject), (token) =>
        verified({}, "--federated-token", token),
      );
      assert.deepEqual([run.code, tried], [0, { [`runs-on-${name}`]: [] }], run.stdout + run.stderr);
    });
  }

  it("says of a place that gives no token why, and takes no token of somebody else", async () => {
    const refused = await verified({ ...places["managedIdentity"], IDENTITY_HEADER: "another machine's" });
    assert.deepEqual([refused.run.code, refused.tried], [7, {}]);
    assert.match(refused.run.stderr, /The identity endpoint gives no token here: it answers 401\./);
    const nobody = await verified({
      IDENTITY_ENDPOINT: "http://127.0.0.1:1/token",
      IDENTITY_HEADER: "x",
    });
    assert.deepEqual([nobody.run.code, nobody.tried], [7, {}]);
    assert.match(nobody.run.stderr, /The identity endpoint gives no token here: /);
    const foreign = await withToken(await assertion(aks.issuer, "somebody:else"), (token) =>
      verified({ AZURE_FEDERATED_TOKEN_FILE: token }),
    );
    assert.deepEqual([foreign.run.code, foreign.tried], [7, {}]);
  });
});
