import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { builtInRoleIds } from "entra-sandbox";
import { seed, seedResourceIds } from "lab";
import type { ConsumerCredential } from "../handover/consumerSettings";
import { targetNames, targets } from "../handover/targets";
import { HandoverWorkbench } from "./handoverWorkbench";

const workloadSubject = "system:serviceaccount:imaging:gateway";
const workloadIssuer = "https://oidc.example.net/cluster";

describe("What ops handover hands over", function () {
  this.timeout(120_000);
  let bench: HandoverWorkbench;

  before(async () => {
    bench = await HandoverWorkbench.open();
    await bench.portal.graph("POST", `applications/${bench.objectId}/federatedIdentityCredentials`, {
      name: "cluster",
      issuer: workloadIssuer,
      subject: workloadSubject,
      audiences: ["api://AzureADTokenExchange"],
    });
    // The consumer's packages.
    const modules = join(bench.folder, "node_modules");
    await mkdir(join(modules, "@azure"), { recursive: true });
    for (const [name, manifest] of [
      ["@azure/identity", require.resolve("@azure/identity/package.json")],
      ["dicomweb-client", require.resolve("dicomweb-client/package.json")],
      ["xhr2", require.resolve("xhr2/package.json")],
    ] as const) {
      await symlink(dirname(manifest), join(modules, name));
    }
  });
  after(() => bench?.close());

  const credentials = (): readonly ConsumerCredential[] => [
    bench.settings.credential,
    { kind: "output", command: "pulumi stack output clientSecrets --show-secrets" },
    { kind: "federated", subjects: [workloadSubject] },
    { kind: "certificate", names: ["gateway"] },
    { kind: "identity" },
  ];
  /** A token of the cluster's, in a file as pods have it. */
  const workloadToken = async (): Promise<string> => {
    const { json } = await bench.tenant.control("POST", "assertion", {
      issuer: workloadIssuer,
      subject: workloadSubject,
      audience: "api://AzureADTokenExchange",
    });
    return bench.write("token.jwt", (json as { readonly assertion: string }).assertion);
  };
  const search = async (env: NodeJS.ProcessEnv): Promise<string> =>
    bench.run(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { EnvironmentCredential, WorkloadIdentityCredential } from "@azure/identity";
         const options = { authorityHost: process.env.AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true };
         const credential = process.env.AZURE_FEDERATED_TOKEN_FILE
           ? new WorkloadIdentityCredential(options)
           : new EnvironmentCredential(options);
         const { token } = await credential.getToken(process.env.DICOM_SCOPE);
         const answer = await fetch(process.env.DICOMWEB_URL + "/studies?limit=1", {
           headers: { authorization: "Bearer " + token, accept: "application/dicom+json" },
         });
         console.log(answer.status);`,
      ],
      env,
    );

  it("holds no value of a secret, whatever it is for and however the client signs in", () => {
    for (const target of targetNames) {
      for (const credential of credentials()) {
        let text = "";
        try {
          text = targets[target].write(bench.with(credential));
        } catch (error) {
          assert.match(error instanceof Error ? error.name : "", /OperationError/);
        }
        assert.ok(!text.includes(bench.secret), target);
      }
    }
  });

  it("env: lets Azure's library for Node.js sign in, with the secret that the named command prints", async () => {
    const text = targets.env.write(bench.settings);
    const env = Object.fromEntries(
      [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    const command = /^# {3}(az .*)$/m.exec(text)?.[1] ?? assert.fail(text);
    const secret = (await bench.run("sh", ["-c", command])).trim();
    assert.equal(secret, bench.secret);
    assert.equal(await search({ ...env, AZURE_CLIENT_SECRET: secret }), "200\n");
  });

  it("curl: searches and retrieves", async () => {
    const script = await bench.write("gateway.sh", targets.curl.write(bench.settings));
    assert.match(await bench.run("sh", [script]), /^study [0-9.]+\n$/);
    assert.match(await bench.run("sh", ["-c", "head -c 200 study.multipart"]), /application\/dicom/);
  });

  it("node: searches and retrieves with dicomweb-client, by a secret from the vault, one at hand, or a federated token", async () => {
    for (const [credential, env] of [
      [bench.settings.credential, { AZURE_AUTHORITY_HOST: bench.tenant.url }],
      [{ kind: "output", command: "pulumi" }, { AZURE_CLIENT_SECRET: bench.secret }],
      [{ kind: "federated", subjects: [] }, { AZURE_FEDERATED_TOKEN_FILE: await workloadToken() }],
    ] as const) {
      const module = await bench.write(`${credential.kind}.mjs`, targets.node.write(bench.with(credential)));
      assert.match(await bench.run(process.execPath, [module], env), /^study [0-9.]+: [1-9]\d* instances\n$/);
    }
  });

  it("env, curl, node: let a managed identity sign in as itself, where it is", async () => {
    const id = `${seedResourceIds.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway`;
    const { properties } = (await bench.portal.azure("PUT", id, { location: seed.location })) as {
      readonly properties: { readonly principalId: string; readonly clientId: string };
    };
    const reader = builtInRoleIds.dicomDataReader;
    await bench.portal.assignRole(seedResourceIds.dicomService, reader, properties.principalId);
    const settings = { ...bench.with({ kind: "identity" }), clientId: properties.clientId };
    const { json } = await bench.tenant.control("GET", "places");
    const { managedIdentity } = json as Readonly<Record<string, Readonly<Record<string, string>>>>;
    assert.deepEqual(
      [...targets.env.write(settings).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name),
      ["AZURE_CLIENT_ID", "DICOM_SCOPE", "DICOMWEB_URL"],
    );
    const script = await bench.write("identity.sh", targets.curl.write(settings));
    assert.match(await bench.run("sh", [script], managedIdentity), /^study [0-9.]+\n$/);
    const module = await bench.write("identity.mjs", targets.node.write(settings));
    assert.match(
      await bench.run(process.execPath, [module], managedIdentity),
      /^study [0-9.]+: [1-9]\d* instances\n$/,
    );
  });

  it("kubernetes: gives the pod of the trusted service account what its library needs", async () => {
    const text = targets.kubernetes.write(bench.with({ kind: "federated", subjects: [workloadSubject] }));
    const [account, map] = parseAllDocuments(text).map((one) => one.toJS() as Record<string, never>);
    const { metadata } = account as unknown as {
      metadata: { namespace: string; name: string; annotations: Record<string, string> };
    };
    assert.deepEqual([metadata.namespace, metadata.name], ["imaging", "gateway"]);
    const { data } = map as unknown as { data: Record<string, string> };
    const env = {
      ...data,
      // As the webhook of Azure workload identity sets them.
      AZURE_CLIENT_ID: metadata.annotations["azure.workload.identity/client-id"],
      AZURE_TENANT_ID: metadata.annotations["azure.workload.identity/tenant-id"],
      AZURE_FEDERATED_TOKEN_FILE: await workloadToken(),
    };
    assert.equal(await search(env), "200\n");
    assert.throws(() => targets.kubernetes.write(bench.settings), /trusts no service account/);
  });

  it("external-secrets: names the vault and the secret from which the consumer can sign in", async () => {
    const documents = parseAllDocuments(targets["external-secrets"].write(bench.settings)).map(
      (one) => one.toJS() as never,
    );
    const [store, external, map] = documents as unknown as [
      { metadata: { name: string }; spec: { provider: { azurekv: { vaultUrl: string } } } },
      {
        spec: { secretStoreRef: { name: string }; data: [{ secretKey: string; remoteRef: { key: string } }] };
      },
      { data: Record<string, string> },
    ];
    assert.equal(external.spec.secretStoreRef.name, store.metadata.name);
    const [{ secretKey, remoteRef }] = external.spec.data;
    const id = `${store.spec.provider.azurekv.vaultUrl}/secrets/${remoteRef.key}`;
    const value = await bench.run("az", [
      "keyvault",
      "secret",
      "show",
      "--id",
      id,
      "--query",
      "value",
      "--output",
      "tsv",
    ]);
    assert.equal(await search({ ...map.data, [secretKey]: value.trim() }), "200\n");
  });

  it("orthanc: gives it a server that it can search with", async () => {
    let put = { path: "", body: "" };
    const orthanc = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        put = { path: `${request.method ?? ""} ${request.url ?? ""}`, body };
        response.end("{}");
      });
    }).listen(0, "127.0.0.1");
    try {
      await once(orthanc, "listening");
      const url = `http://127.0.0.1:${(orthanc.address() as AddressInfo).port}`;
      const script = await bench.write("orthanc.sh", targets.orthanc.write(bench.settings));
      await bench.run("sh", [script], { ORTHANC_URL: url });
    } finally {
      orthanc.close();
    }
    assert.equal(put.path, "PUT /dicom-web/servers/gateway");
    const server = JSON.parse(put.body) as { Url: string; HttpHeaders: { Authorization: string } };
    const status = await bench.run(
      process.execPath,
      [
        "--eval",
        `fetch(process.env.SERVER_URL + "studies?limit=1", { headers: { authorization: process.env.AUTHORIZATION } })
         .then((answer) => console.log(answer.status));`,
      ],
      { SERVER_URL: server.Url, AUTHORIZATION: server.HttpHeaders.Authorization },
    );
    assert.equal(status, "200\n");
  });

  it("refuses to write a script for a client that has no secret", () => {
    assert.throws(
      () => targets.curl.write(bench.with({ kind: "certificate", names: ["gateway"] })),
      /has no secret, and a shell script cannot sign in otherwise/,
    );
  });

  it("dotnet: names everything that the program needs", () => {
    const { clientId, tenantId, scope, dicomwebUrl } = bench.settings;
    for (const credential of credentials()) {
      const text = targets.dotnet.write(bench.with(credential));
      // Where a managed identity is, its tenant is known.
      const ofTenant = credential.kind === "identity" ? [] : [tenantId];
      for (const part of [clientId, ...ofTenant, scope, dicomwebUrl])
        assert.ok(text.includes(JSON.stringify(part).slice(1, -1)), part);
    }
  });
});
