import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { builtInRoleIds, firstPartyAppIds } from "entra-sandbox";
import { completeDicomApi } from "dicom-service-client/model";
import type { CloudClient } from "../cloud/cloudClient";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { dicomReach } from "../verify/dicomReach";
import type { StageResult, Verification } from "../verify/verification";
import {
  Administrator,
  DeployedSandbox,
  makeCertificate,
  type OperationRun,
  readerAccess,
  secretsIn,
  seedResourceIds,
} from "lab";

const issuer = "https://token.actions.githubusercontent.com";
const subject = "repo:hospital/gateway:environment:test";

describe("ops verify", function () {
  this.timeout(60_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;
  let clients: Record<string, Record<string, unknown>>;
  let keyFile: string;

  before(async () => {
    const { pem, privateKeyPem } = await makeCertificate("2026-01-01T00:00:00Z", "2050-01-01T00:00:00Z");
    clients = {
      rotating: {
        displayName: "Rotating",
        access: [{ ...readerAccess, role: "owner" }],
        secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
      },
      reader: {
        displayName: "Reader",
        access: [{ workspace: seedResourceIds.workspace, role: "reader" }],
        secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
        certificates: [{ name: "gateway", pem, expiresOn: "2049-01-01" }],
        federatedCredentials: [{ name: "github", issuer, subject }],
      },
    };
    sandbox = await DeployedSandbox.deploy(clients, "2026-08-30");
    administrator = new Administrator(sandbox.tenant);
    keyFile = join(sandbox.projectFolder, "..", "..", "key.pem");
    await writeFile(keyFile, privateKeyPem);
  });
  after(() => sandbox?.stop());

  const json = async (...argv: string[]): Promise<{ run: OperationRun; read: Verification }> => {
    const run = await sandbox.on("verify", ["--format", "json", ...argv]);
    return { run, read: JSON.parse(run.stdout) as Verification };
  };
  /** Stage and problem of what failed, of one credential. */
  const failures = (read: Verification, client: string, credential = 0): unknown[] =>
    (read.clients.find(({ name }) => name === client)?.credentials[credential]?.stages ?? [])
      .filter(({ outcome }) => outcome === "failed")
      .map(({ stage, problem }) => [stage, problem]);
  const principal = async (client: string): Promise<string> =>
    (await sandbox.clients())[client]?.["servicePrincipalId"] ?? "";
  const objectId = async (client: string): Promise<string> =>
    (await sandbox.clients())[client]?.["objectId"] ?? "";

  it("passes every stage with the current and the previous secret, and shows no value", async () => {
    const { run, read } = await json();
    assert.equal(run.code, 0, run.stdout + run.stderr);
    const deployed = await sandbox.clients();
    const rotating = read.clients.find(({ name }) => name === "rotating");
    assert.deepEqual(
      rotating?.credentials.map(({ kind, name, keyId, stages }) => [
        kind,
        name,
        keyId,
        stages.map(({ stage, outcome }) => `${stage} ${outcome}`),
      ]),
      ["secretId", "previousSecretId"].map((output, index) => [
        "secret",
        ["current", "previous"][index],
        deployed["rotating"]?.[output],
        [
          ...["credential", "token", "claims", "service", "role", "search", "change-feed", "store"],
          ...["delete", "query-tags", "export"],
        ].map((stage) => `${stage} passed`),
      ]),
    );
    const text = await sandbox.on("verify");
    for (const output of [run, text]) {
      assert.deepEqual(secretsIn(output), []);
      assert.ok(!/eyJ[A-Za-z0-9_-]{20}/.test(output.stdout + output.stderr), "a token is shown");
      for (const { current, previous = "none" } of Object.values(await sandbox.secrets())) {
        assert.ok(!`${output.stdout}${output.stderr}`.includes(current));
        assert.ok(!`${output.stdout}${output.stderr}`.includes(previous));
      }
    }
    assert.match(
      text.stdout,
      /\nNot tried: certificate gateway of reader, federated github of reader\.\nEvery client works, with the credentials that were tried\.\n$/,
    );
    assert.match(
      (await sandbox.on("verify", ["--client", "rotating"])).stdout,
      /\nNot chosen by --client: reader\.\nEvery chosen client works\.\n$/,
    );
    assert.equal((await json()).run.stdout, run.stdout, "the same input gives the same output");
    assert.equal((await sandbox.on("verify")).stdout, text.stdout, "the same input gives the same output");
  });

  it("gives each secret to the token endpoint, and the token to the DICOM service", async () => {
    const before = sandbox.tenant.requests().length;
    await json("--client", "rotating");
    const made = sandbox.tenant.requests().slice(before);
    const searches = made.filter(({ operation }) => operation === "dicomweb.studies.search");
    assert.deepEqual(
      searches.map(({ status, method }) => [method, status]),
      [
        ["GET", 200],
        ["GET", 200],
      ],
    );
    const tokens = made.filter(({ operation }) => operation === "login.token");
    // two of the client's; the operator's for Microsoft Graph and for Azure Resource Manager
    assert.equal(tokens.length, 4);
  });

  it("tries a certificate and a federated token that are handed over", async () => {
    const { json: issued } = await sandbox.tenant.control("POST", "assertion", { issuer, subject });
    const tokenFile = join(sandbox.projectFolder, "..", "..", "token.jwt");
    await writeFile(tokenFile, (issued as { assertion: string }).assertion);
    // The time that MSAL signs with is the machine's.
    await sandbox.tenant.control("PUT", "clock", { now: new Date().toISOString() });
    const { read } = await json("--client", "reader", "--certificate-key", keyFile);
    await sandbox.tenant.control("PUT", "clock", { now: `${sandbox.asOf}T09:00:00Z` });
    const certificate = read.clients[0]?.credentials.find(({ kind }) => kind === "certificate");
    assert.equal(certificate?.name, "gateway");
    assert.ok(
      certificate.stages.every(({ outcome }) => outcome === "passed"),
      JSON.stringify(certificate),
    );

    const other = await json("--client", "reader", "--federated-token", tokenFile);
    const federated = other.read.clients[0]?.credentials.find(({ kind }) => kind === "federated");
    assert.equal(federated?.name, "github");
    assert.deepEqual(
      federated.stages.map(({ stage, outcome }) => [stage, outcome]),
      [
        ...["credential", "token", "claims", "service", "role", "search", "change-feed", "store"],
        ...["delete", "query-tags", "export"],
      ].map((stage) => [stage, "passed"]),
    );
    assert.ok(!other.run.stdout.includes((issued as { assertion: string }).assertion));
    assert.deepEqual(
      other.read.clients[0]?.credentials.map(({ kind, tried }) => [kind, tried]),
      [
        ["secret", true],
        ["secret", true],
        ["certificate", false],
        ["federated", true],
      ],
    );
    // What belongs to one client says nothing about the others.
    const everybody = await json("--federated-token", tokenFile);
    assert.equal(everybody.run.code, 0, everybody.run.stdout);
    assert.ok(everybody.read.works);
  });

  describe("uses or refuses what is handed over", () => {
    const written = async (name: string, text: string): Promise<string> => {
      const file = join(sandbox.projectFolder, "..", "..", name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    };
    const jwt = (claims: object): string =>
      ["{}", JSON.stringify(claims), "x"].map((part) => Buffer.from(part).toString("base64url")).join(".");
    const refused = async (...argv: string[]): Promise<string> => {
      const before = sandbox.tenant.requests().length;
      const { code, stdout, stderr } = await sandbox.on("verify", argv);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.equal(sandbox.tenant.requests().length, before, "nothing is tried");
      return stderr;
    };

    it("refuses a key that Entra does not use, and says how to make one", async () => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
      const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      const said = await refused("--certificate-key", await written("ec/key.pem", key));
      assert.match(
        said,
        /The file .*key\.pem has a key of the type ec \(prime256v1\); Entra refuses every sign-in with such a key/,
      );
      assert.match(
        said,
        /Fix: .*run `pulumi up --stack sandbox`\. This makes one:\n *openssl req -x509 -newkey rsa:2048 /,
      );
    });

    it("refuses a key that belongs to no declared certificate, and names those that there are", async () => {
      const { privateKeyPem } = await makeCertificate("2026-01-01T00:00:00Z", "2050-01-01T00:00:00Z");
      const said = await refused("--certificate-key", await written("other/key.pem", privateKeyPem));
      assert.match(
        said,
        /The key in .*key\.pem does not belong to any certificate of the clients being verified\./,
      );
      assert.match(said, /gateway of reader \(SHA-256 [0-9A-F:]{95}\)/);
    });

    it("refuses a key and a token of a client that is not among the chosen", async () => {
      const token = await written("reader.jwt", jwt({ iss: issuer, sub: subject, aud: "x" }));
      const said = await refused(
        ...["--client", "rotating", "--certificate-key", keyFile, "--federated-token", token],
      );
      assert.match(said, /The key in .*does not belong to any certificate/);
      assert.match(said, /The token in .*does not match any federated credential/);
      assert.match(said, /It belongs to gateway of reader: add that client with --client\./);
      assert.match(said, /It belongs to github of reader: add that client with --client\./);
    });

    it("refuses a token of another subject, and says whose it is", async () => {
      const other = jwt({ iss: issuer, sub: "repo:hospital/other:ref:refs/heads/main", aud: "api://x" });
      const said = await refused("--federated-token", await written("other.jwt", other));
      assert.match(
        said,
        /its subject "repo:hospital\/other:ref:refs\/heads\/main", its audience "api:\/\/x"/,
      );
      assert.match(said, /github of reader: issuer "https:\/\/token\.actions\.githubusercontent\.com"/);
    });

    for (const [what, text, explanation] of [
      ["an empty file", "\n", /It is empty\./],
      ["JSON around a token", '{"value": "eyJ.eyJ.x"}', /It is JSON: take the token out of it/],
      ["a header", "Bearer eyJ.eyJ.x", /not part of the token/],
      ["a token in quotes", `"${jwt({ iss: issuer, sub: "s" })}"`, /such as quotes, blanks or line breaks/],
      ["a token in two lines", jwt({ iss: issuer, sub: "s" }).replace(".", ".\n"), /or line breaks/],
      ["a word", "not-a-token", /It has 1 part separated by dots, instead of three\./],
      [
        "claims without a subject",
        jwt({ iss: issuer }),
        /not JSON with an issuer \(iss\) and a subject \(sub\)/,
      ],
      ["an encrypted token", "a.b.c.d.e", /encrypted token/],
    ] as const) {
      it(`explains that ${what} is no token`, async () => {
        const said = await refused("--federated-token", await written("none.jwt", text));
        assert.match(said, /The file .*none\.jwt does not contain a token\./);
        assert.match(said, explanation);
        assert.ok(!said.includes(text.trim() || "\0"), "the text is not shown");
      });
    }
  });

  it("does not call a client working of which nothing could be tried", async () => {
    await sandbox.configure("clients", {
      ...clients,
      reader: { ...(clients["reader"] ?? {}), secret: undefined },
    });
    const kept: string[] = [];
    await sandbox.editState((state) => {
      kept.push(state);
      const { deployment, ...rest } = JSON.parse(state) as {
        deployment: { resources: { urn: string }[] };
      };
      const resources = deployment.resources.filter(({ urn }) => !urn.includes("::reader-secret-"));
      return JSON.stringify({ ...rest, deployment: { ...deployment, resources } });
    });
    try {
      const { run, read } = await json("--client", "reader");
      assert.deepEqual([run.code, read.works], [7, false]);
      assert.deepEqual(
        read.clients.map(({ verdict, credentials }) => [
          verdict,
          credentials.map(({ kind, name, tried }) => [kind, name, tried]),
        ]),
        [
          [
            "untried",
            [
              ["certificate", "gateway", false],
              ["federated", "github", false],
            ],
          ],
        ],
      );
      const text = await sandbox.on("verify");
      assert.equal(text.code, 7);
      assert.match(text.stdout, /\nWhether reader works is not known\.\n$/);
      await sandbox.tenant.control("PUT", "clock", { now: new Date().toISOString() });
      const tried = await json("--client", "reader", "--certificate-key", keyFile);
      assert.deepEqual([tried.run.code, tried.read.works], [0, true], tried.run.stdout);
    } finally {
      await sandbox.tenant.control("PUT", "clock", { now: `${sandbox.asOf}T09:00:00Z` });
      await sandbox.editState(() => kept[0] ?? "");
      await sandbox.configure("clients", clients);
    }
  });

  it("names what a client was declared with that has not been deployed", async () => {
    const { displayName, secret, ...others } = clients["reader"] ?? {};
    assert.deepEqual([displayName, typeof secret], ["Reader", "object"]);
    await sandbox.configure("clients", { ...clients, later: { ...others, displayName: "Later" } });
    try {
      const { run, read } = await json("--client", "later", "--certificate-key", keyFile);
      assert.equal(run.code, 1);
      assert.deepEqual(
        read.clients[0]?.credentials.map(({ kind, name, tried, stages }) => [
          ...[kind, name, tried],
          ...stages.map(({ problem }) => problem),
        ]),
        [
          ["certificate", "gateway", false, "not-deployed"],
          ["federated", "github", false, "not-deployed"],
        ],
      );
      assert.equal(read.clients[0]?.credentials[0]?.stages[0]?.cure, "Run `pulumi up --stack sandbox`.");
      assert.deepEqual(read.notChosen, ["reader", "rotating"]);
    } finally {
      await sandbox.configure("clients", clients);
    }
  });

  it("does not take another live secret for the declared one", async () => {
    const keyId = (await sandbox.clients())["rotating"]?.["secretId"] ?? "";
    const other = "0a0a0a0a-1111-4222-8333-444444444444";
    await sandbox.editState((state) => state.replaceAll(keyId, other));
    try {
      const { run, read } = await json("--client", "rotating");
      assert.equal(run.code, 1);
      assert.deepEqual(failures(read, "rotating"), [["credential", "not-declared"]]);
    } finally {
      await sandbox.editState((state) => state.replaceAll(other, keyId));
    }
  });

  it("does not take a federated credential for the declared one that trusts another audience", async () => {
    const id = await objectId("reader");
    const listed = await administrator.graph("GET", `applications/${id}/federatedIdentityCredentials`);
    const [credential] = listed["value"] as { id: string; audiences: string[] }[];
    const path = `applications/${id}/federatedIdentityCredentials/${credential?.id ?? ""}`;
    await administrator.graph("PATCH", path, { audiences: ["api://elsewhere"] });
    try {
      const { json: issued } = await sandbox.tenant.control("POST", "assertion", {
        issuer,
        subject,
        audience: "api://elsewhere",
      });
      const tokenFile = join(sandbox.projectFolder, "..", "..", "token.jwt");
      await writeFile(tokenFile, (issued as { assertion: string }).assertion);
      const { read } = await json("--client", "reader", "--federated-token", tokenFile);
      assert.deepEqual(failures(read, "reader", 3), [["credential", "not-declared"]]);
    } finally {
      await administrator.graph("PATCH", path, { audiences: credential?.audiences });
    }
  });

  const stageOf = (read: Verification, client: string, wanted: string): StageResult | undefined =>
    read.clients
      .find(({ name }) => name === client)
      ?.credentials[0]?.stages.find(({ stage }) => stage === wanted);

  it("stores an invented instance with --write and deletes it again, and proves that a reader may not", async () => {
    const before = sandbox.tenant.requests().length;
    const { run, read } = await json("--write");
    assert.equal(run.code, 0, run.stdout);
    const study = /study (2\.25\.\d+)/.exec(stageOf(read, "rotating", "store")?.detail ?? "")?.[1] ?? "";
    assert.ok(study.length > 10);
    assert.match(stageOf(read, "rotating", "delete")?.detail ?? "", new RegExp(`${study} .*deleted again`));
    const statuses = (operation: string): readonly (number | undefined)[] =>
      sandbox.tenant
        .requests()
        .slice(before)
        .filter((request) => request.operation === operation)
        .map(({ status }) => status);
    // of two secrets each: the reader's refused, the owner's taken
    assert.deepEqual(statuses("dicomweb.studies.store"), [403, 403, 200, 200]);
    assert.deepEqual(statuses("dicomweb.studies.delete"), [403, 403, 404, 204, 404, 204]);
    for (const stage of ["store", "delete", "query-tags", "export"]) {
      assert.match(
        stageOf(read, "reader", stage)?.detail ?? "",
        /refuses the client \(403\), which is not allowed/,
      );
    }
  });

  it("changes nothing without --write", async () => {
    const before = sandbox.tenant.requests().length;
    await json("--client", "rotating");
    assert.deepEqual(
      [
        ...new Set(
          sandbox.tenant
            .requests()
            .slice(before)
            .filter(({ method, operation }) => method !== "GET" && operation?.startsWith("dicomweb."))
            .map(({ operation, status }) => `${operation ?? ""} ${String(status)}`),
        ),
      ],
      [
        "dicomweb.studies.store 204",
        "dicomweb.studies.delete 404",
        "dicomweb.extendedQueryTags.add 400",
        "dicomweb.export 400",
      ],
    );
  });

  it("finds what a client may do beyond what is declared, and by which role", async () => {
    const principalId = await principal("reader");
    const id = await administrator.assignRole(
      seedResourceIds.resourceGroup,
      builtInRoleIds.dicomDataOwner,
      principalId,
    );
    try {
      const { run, read } = await json("--client", "reader");
      assert.equal(run.code, 1);
      assert.deepEqual(
        failures(read, "reader"),
        ["store", "delete", "query-tags", "export"].map((stage) => [stage, "more-than-declared"]),
      );
      assert.match(
        stageOf(read, "reader", "store")?.detail ?? "",
        /it has DICOM Data Owner and DICOM Data Reader|it has DICOM Data Owner/,
      );
    } finally {
      await administrator.removeRole(id);
    }
  });

  describe("of a service that Azure Resource Manager describes", () => {
    const service = `${seedResourceIds.workspace}/dicomservices/other`;
    const put = (properties: object): Promise<unknown> =>
      administrator.azure("PUT", service, { location: "eastus2", properties });
    /** Verifies the client with access to the other service, and the role for it, in place of what it has. */
    const withAccess = async (access: object, role: string): Promise<Verification> => {
      const id = await administrator.assignRole(service, role, await principal("rotating"));
      await sandbox.configure("clients", {
        ...clients,
        rotating: { ...clients["rotating"], access: [{ dicomService: service, ...access }] },
      });
      try {
        return (await json("--client", "rotating")).read;
      } finally {
        await sandbox.configure("clients", clients);
        await administrator.removeRole(id);
      }
    };

    it("works in the data partition that is declared, or in the default one", async () => {
      await put({ enableDataPartitions: true });
      const owner = builtInRoleIds.dicomDataOwner;
      const before = sandbox.tenant.requests().length;
      const read = await withAccess({ role: "owner" }, owner);
      assert.deepEqual(failures(read, "rotating"), []);
      assert.match(stageOf(read, "rotating", "service")?.detail ?? "", /works in Microsoft\.Default/);
      const made = sandbox.tenant.requests().slice(before);
      assert.ok(made.some(({ url }) => url.endsWith("/v2/partitions/Microsoft.Default/studies")));
      assert.ok(made.some(({ url }) => url.endsWith("-other/v2/changefeed/latest")));

      const missing = await withAccess({ role: "owner", partition: "clinic" }, owner);
      assert.deepEqual(failures(missing, "rotating"), [["search", "no-such-partition"]]);
      assert.match(stageOf(missing, "rotating", "search")?.detail ?? "", /no data partition clinic/);
    });

    it("says so when partitions are declared for a service without them", async () => {
      await sandbox.configure("clients", {
        ...clients,
        rotating: {
          ...clients["rotating"],
          access: [{ ...readerAccess, role: "owner", partition: "clinic" }],
        },
      });
      try {
        const { read } = await json("--client", "rotating");
        assert.deepEqual(failures(read, "rotating"), [["service", "no-partitions"]]);
      } finally {
        await sandbox.configure("clients", clients);
      }
    });

    it("says of a service without public access that it has none", async () => {
      await put({ publicNetworkAccess: "Disabled" });
      const reading = withAccess({ role: "owner" }, builtInRoleIds.dicomDataOwner);
      await Promise.allSettled([reading]);
      await put({ publicNetworkAccess: "Enabled" });
      const read = await reading;
      assert.deepEqual(failures(read, "rotating"), [["search", "no-public-access"]]);
      assert.match(stageOf(read, "rotating", "service")?.detail ?? "", /private networks only/);
    });

    it("does not say that a client works with which no service was called", async () => {
      const { access: _left, ...others } = clients["rotating"] ?? {};
      await sandbox.configure("clients", { ...clients, rotating: others });
      try {
        const { run, read } = await json("--client", "rotating");
        assert.deepEqual([run.code, read.works, read.clients[0]?.verdict], [7, false, "untried"]);
        assert.match(
          stageOf(read, "rotating", "search")?.detail ?? "",
          /the configuration does not give the client access to any DICOM service/,
        );
        const text = await sandbox.on("verify", ["--client", "rotating"]);
        assert.match(text.stdout, /Whether rotating works is not known\.\n$/);
      } finally {
        await sandbox.configure("clients", clients);
      }
    });

    it("knows a workspace that holds no service from a client without access", async () => {
      const reach = async (access: readonly object[]): Promise<readonly string[]> => {
        const client = { name: "c", config: { displayName: "c", access } } as DeclaredClient;
        const cloud = { readAll: () => Promise.resolve([]) } as unknown as CloudClient;
        return (await dicomReach(client, { api: completeDicomApi({}) } as StackDeclaration, cloud)).empty;
      };
      assert.deepEqual(await reach([{ workspace: seedResourceIds.workspace }]), [seedResourceIds.workspace]);
      assert.deepEqual(await reach([]), []);
    });

    it("says of a service that is not there that it is not", async () => {
      await sandbox.configure("clients", {
        ...clients,
        rotating: {
          ...clients["rotating"],
          access: [{ dicomService: `${seedResourceIds.workspace}/dicomservices/none`, role: "owner" }],
        },
      });
      try {
        const { read } = await json("--client", "rotating");
        assert.deepEqual(failures(read, "rotating")[0], ["service", "no-such-service"]);
      } finally {
        await sandbox.configure("clients", clients);
      }
    });
  });

  for (const effect of [
    { kind: "refuse", status: 503, when: "after" },
    { kind: "cut", when: "after" },
  ]) {
    it(`counts an instance as stored whose first answer was lost: ${effect.kind}`, async () => {
      const before = sandbox.tenant.requests().length;
      await sandbox.tenant.control("POST", "faults", {
        operation: "dicomweb.studies.store",
        effect,
        times: 1,
      });
      try {
        const { run, read } = await json("--client", "rotating", "--write");
        assert.equal(run.code, 0, run.stdout);
        assert.deepEqual(failures(read, "rotating"), []);
      } finally {
        await sandbox.tenant.control("DELETE", "faults");
      }
      const stored = sandbox.tenant
        .requests()
        .slice(before)
        .filter(({ operation }) => operation === "dicomweb.studies.store");
      // of the current secret again, as it was stored already; then of the previous one
      assert.deepEqual(
        stored.slice(1).map(({ status }) => status),
        [409, 200],
      );
    });
  }

  it("finds the DICOM services of a workspace", async () => {
    const { read } = await json("--client", "reader");
    const search = read.clients[0]?.credentials[0]?.stages.find(({ stage }) => stage === "search");
    assert.equal(search?.service, `${sandbox.tenant.url}/dicom/sandboxworkspace-imaging`);
  });

  it("verifies the rest when the services of a workspace cannot be listed", async () => {
    await sandbox.tenant.control("POST", "faults", {
      operation: "arm.dicomServices.list",
      effect: { kind: "refuse", status: 403, code: "AuthorizationFailed", message: "No." },
      times: 1,
    });
    try {
      const { run, read } = await json();
      assert.equal(run.code, 1);
      assert.deepEqual(failures(read, "reader"), [["search", "unreadable"]]);
      assert.deepEqual(failures(read, "rotating"), []);
      const stage = read.clients
        .find(({ name }) => name === "reader")
        ?.credentials[0]?.stages.find(({ problem }) => problem === "unreadable");
      assert.ok(stage?.detail.includes(seedResourceIds.workspace), stage?.detail);
      assert.equal(
        stage?.cure,
        "You need an Azure role with the action Microsoft.HealthcareApis/workspaces/dicomservices/read.",
      );
    } finally {
      await sandbox.tenant.control("DELETE", "faults");
    }
  });

  describe("tells apart", () => {
    it("a secret that was removed", async () => {
      const id = await objectId("rotating");
      const keyId = (await sandbox.clients())["rotating"]?.["previousSecretId"];
      await administrator.graph("POST", `applications/${id}/removePassword`, { keyId });
      const { run, read } = await json("--client", "rotating");
      assert.equal(run.code, 1);
      assert.deepEqual(failures(read, "rotating", 0), []);
      assert.deepEqual(failures(read, "rotating", 1), [["token", "wrong-secret"]]);
    });

    it("a secret that has ended", async () => {
      await sandbox.tenant.control("PUT", "clock", { now: "2026-12-01T00:00:00Z" });
      try {
        const { read } = await json("--client", "reader");
        assert.deepEqual(failures(read, "reader", 0), [["token", "expired-secret"]]);
      } finally {
        await sandbox.tenant.control("PUT", "clock", { now: `${sandbox.asOf}T09:00:00Z` });
      }
    });

    it("a missing resource API", async () => {
      await sandbox.tenant.control("PUT", `firstParty/${firstPartyAppIds.dicom}`, { present: false });
      try {
        const { read } = await json("--client", "reader");
        assert.deepEqual(failures(read, "reader"), [["token", "missing-resource-api"]]);
      } finally {
        await sandbox.tenant.control("PUT", `firstParty/${firstPartyAppIds.dicom}`, {});
      }
    });

    it("no role", async () => {
      const principalId = await principal("rotating");
      const roles = await administrator.rolesOf(seedResourceIds.dicomService, principalId);
      for (const { id } of roles) await administrator.removeRole(id);
      const { read } = await json("--client", "rotating", "--wait");
      assert.deepEqual(failures(read, "rotating"), [
        ["role", "no-role"],
        ["search", "no-role"],
      ]);
      await administrator.assignRole(
        seedResourceIds.dicomService,
        builtInRoleIds.dicomDataOwner,
        principalId,
      );
    });

    it("a role that is not effective yet, and waits for it", async () => {
      const principalId = await principal("rotating");
      const [role] = await administrator.rolesOf(seedResourceIds.dicomService, principalId);
      await sandbox.tenant.control("PUT", "settings", { dicomRoleCacheSeconds: 300 });
      try {
        await administrator.removeRole(role?.id ?? "");
        await json("--client", "rotating");
        await administrator.assignRole(
          seedResourceIds.dicomService,
          builtInRoleIds.dicomDataOwner,
          principalId,
        );
        const { read } = await json("--client", "rotating");
        assert.deepEqual(failures(read, "rotating"), [["search", "role-not-effective"]]);

        let slept = 0;
        const run = await sandbox.on(
          "verify",
          ["--client", "rotating", "--wait", "--format", "json"],
          {},
          {
            sleep: async (milliseconds) => {
              slept += milliseconds;
              const now = new Date(Date.parse(`${sandbox.asOf}T09:00:00Z`) + slept + 60_000);
              await sandbox.tenant.control("PUT", "clock", { now: now.toISOString() });
            },
          },
        );
        assert.deepEqual(failures(JSON.parse(run.stdout) as Verification, "rotating"), []);
        assert.ok(slept > 0 && slept <= 300_000);
        assert.match(run.stderr, /Waiting for the role on .* to take effect: 0 of up to 300 s/);
      } finally {
        await sandbox.tenant.control("PUT", "settings", { dicomRoleCacheSeconds: 0 });
        await sandbox.tenant.control("PUT", "clock", { now: `${sandbox.asOf}T09:00:00Z` });
      }
    });

    it("an operator who may not read roles, which is no failure of the client", async () => {
      const other = await administrator.registerApplication("Operator without rights");
      const secret = (await administrator.graph("POST", `applications/${other.id}/addPassword`, {}))[
        "secretText"
      ];
      const run = await sandbox.on("verify", ["--client", "rotating", "--format", "json"], {
        ARM_CLIENT_ID: other.appId,
        ARM_CLIENT_SECRET: String(secret),
      });
      const read = JSON.parse(run.stdout) as Verification;
      const role = read.clients[0]?.credentials[0]?.stages.find(({ stage }) => stage === "role");
      assert.equal(role?.outcome, "skipped");
      assert.match(
        role.detail,
        /you need an Azure role with the action Microsoft\.Authorization\/roleAssignments\/read/,
      );
      assert.deepEqual(failures(read, "rotating"), []);
    });

    const withService = async (url: string, env: Record<string, string> = {}): Promise<unknown[]> => {
      await sandbox.configure("api", { loginUrl: sandbox.tenant.url, dicomServiceUrl: url });
      try {
        const run = await sandbox.on("verify", ["--client", "rotating", "--format", "json"], env);
        return failures(JSON.parse(run.stdout) as Verification, "rotating");
      } finally {
        await sandbox.configure("api", {
          loginUrl: sandbox.tenant.url,
          dicomServiceUrl: `${sandbox.tenant.url}/dicom/{workspace}-{service}`,
        });
      }
    };

    it("a host that does not exist", async () => {
      assert.deepEqual(await withService("https://{workspace}-{service}.invalid"), [
        ["search", "host-not-found"],
      ]);
    });

    it("a service that does not exist", async () => {
      assert.deepEqual(await withService(`${sandbox.tenant.url}/dicom/other-{workspace}-{service}`), [
        ["search", "no-such-service"],
      ]);
    });

    it("a host whose certificate is not trusted", async () => {
      const { pem, privateKeyPem } = await makeCertificate("2026-01-01T00:00:00Z", "2050-01-01T00:00:00Z");
      const server = createTlsServer({ cert: pem, key: privateKeyPem }, (_request, answer) => answer.end());
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      try {
        assert.deepEqual(await withService(`https://127.0.0.1:${port}/{workspace}-{service}`), [
          ["search", "tls"],
        ]);
      } finally {
        server.close();
      }
    });

    it("a service where nobody listens", async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      assert.deepEqual(await withService(`https://127.0.0.1:${port}/{workspace}-{service}`), [
        ["search", "unreachable"],
      ]);
    });

    it("a token for another audience than the service's", async () => {
      const published = `"https://dicom.healthcareapis.azure.com"`;
      const other = `"https://azurehealthcareapis.com"`;
      await sandbox.editState((state) => state.replaceAll(`"audience":${published}`, `"audience":${other}`));
      try {
        const { read } = await json("--client", "rotating");
        assert.deepEqual(failures(read, "rotating"), [["search", "wrong-audience"]]);
      } finally {
        await sandbox.editState((state) =>
          state.replaceAll(`"audience":${other}`, `"audience":${published}`),
        );
      }
    });

    it("a proxy in between that lets nothing through", async () => {
      const proxy = createServer().on("connect", (_request, socket) => {
        socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      const { port } = proxy.address() as AddressInfo;
      try {
        assert.deepEqual(
          await withService("https://{workspace}-{service}.invalid", {
            HTTPS_PROXY: `http://127.0.0.1:${port}`,
            NO_PROXY: "127.0.0.1",
          }),
          [["search", "proxy"]],
        );
      } finally {
        proxy.close();
      }
    });

    it("a sign-in service that is busy for a moment, one that stays busy, and one that refuses to say its addresses", async () => {
      const verdict = async (effect: object, times: number): Promise<readonly StageResult[]> => {
        // The first request is the operator's.
        const fault = { operation: "login.openIdConfiguration", skip: 1, times, effect };
        await sandbox.tenant.control("POST", "faults", fault);
        try {
          const { read } = await json("--client", "reader");
          const stages = read.clients[0]?.credentials[0]?.stages ?? [];
          return stages.filter(({ outcome }) => outcome === "failed");
        } finally {
          await sandbox.tenant.control("DELETE", "faults");
        }
      };
      assert.deepEqual(await verdict({ kind: "refuse", status: 429, retryAfter: 1 }, 1), []);
      const [busy] = await verdict({ kind: "refuse", status: 503, when: "before" }, 1000);
      assert.deepEqual([busy?.stage, busy?.problem], ["token", "busy"]);
      const [unknown] = await verdict(
        { kind: "refuse", status: 404, code: "not_found", message: "Not here.", details: [] },
        1000,
      );
      assert.match(unknown?.detail ?? "", /Not here/);
    });

    it("an application that was deleted", async () => {
      const id = await objectId("reader");
      await administrator.graph("DELETE", `applications/${id}`);
      const { read } = await json("--client", "reader");
      assert.deepEqual(failures(read, "reader")[0], ["token", "unknown-application"]);
    });
  });

  it("advises to try again, and nothing else, when the cloud does not describe itself for now", async () => {
    const effect = { kind: "refuse", status: 503, when: "before" };
    await sandbox.tenant.control("POST", "faults", { operation: "metadata.endpoints", times: 1000, effect });
    try {
      const { code, stderr } = await sandbox.on("verify");
      assert.equal(code, 1);
      assert.match(stderr, /it answered 503\.\nFix: Try again later\.\n$/);
    } finally {
      await sandbox.tenant.control("DELETE", "faults");
    }
  });

  it("ends clearly when the operator cannot sign in, or names a client that is not declared", async () => {
    const run = await sandbox.on("verify", [], { ARM_METADATA_HOSTNAME: "nowhere.invalid" });
    assert.equal(run.code, 1);
    assert.match(run.stderr, /There is no host nowhere\.invalid\./);
    const other = await sandbox.on("verify", ["--client", "nobody"]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /has no client nobody\.\nFix: Name one of reader, rotating\./);
  });
});
