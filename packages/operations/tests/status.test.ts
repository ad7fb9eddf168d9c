import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findCloud } from "../cloud/cloudEndpoints";
import { HttpTransport } from "../cloud/httpTransport";
import { OperationError } from "../operationError";
import { readDeclaration } from "../project/declaration";
import { DeployedSandbox, makeCertificate, readerAccess, secretsIn } from "lab";

interface StatusJson {
  readonly needsAttention: boolean;
  readonly clients: readonly {
    readonly name: string;
    readonly clientId: string | null;
    readonly credentials: readonly {
      readonly kind: string;
      readonly name: string;
      readonly standing: string;
      readonly keyId: string | null;
      readonly startsOn: string | null;
      readonly endsAt: string | null;
      readonly lifeUsedPercent: number | null;
      readonly daysLeft: number | null;
      readonly overlap: unknown;
      readonly nextRotationOn: string | null;
      readonly lastUsedAt: string | null;
      readonly attention: string | null;
    }[];
  }[];
}

describe("ops status", function () {
  this.timeout(60_000);
  let sandbox: DeployedSandbox;
  let clients: Record<string, object>;

  before(async () => {
    const { pem } = await makeCertificate("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
    clients = {
      "with-secrets": {
        displayName: "With secrets",
        access: [readerAccess],
        secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
      },
      "with-others": {
        displayName: "With others",
        access: [readerAccess],
        certificates: [{ name: "gateway", pem }],
        federatedCredentials: [
          {
            name: "github-dev",
            issuer: "https://token.actions.githubusercontent.com",
            subject: "repo:a/b:c",
          },
        ],
      },
    };
    // The second secret starts on 2026-07-31, the first ends on 2026-09-09.
    sandbox = await DeployedSandbox.deploy(clients, "2026-08-30");
  });
  after(() => sandbox?.stop());

  const json = async (...argv: string[]): Promise<{ code: number; read: StatusJson }> => {
    const run = await sandbox.on("status", ["--format", "json", ...argv]);
    return { code: run.code, read: JSON.parse(run.stdout) as StatusJson };
  };

  it("shows each credential with its life, overlap and next rotation", async () => {
    const { code, read } = await json();
    const deployed = await sandbox.clients();
    assert.equal(code, 0);
    assert.deepEqual(
      read.clients.map(({ name, clientId }) => [name, clientId]),
      [
        ["with-others", deployed["with-others"]?.["clientId"]],
        ["with-secrets", deployed["with-secrets"]?.["clientId"]],
      ],
    );
    assert.deepEqual(read.clients[1]?.credentials, [
      {
        kind: "secret",
        name: "b",
        standing: "current",
        keyId: deployed["with-secrets"]?.["secretId"],
        startsOn: "2026-07-31",
        endsAt: "2026-11-08T00:00:00Z",
        lifeUsedPercent: 30,
        daysLeft: 70,
        overlap: { from: "2026-09-29", until: "2026-11-08" },
        nextRotationOn: "2026-09-29",
        lastUsedAt: null,
        attention: null,
      },
      {
        kind: "secret",
        name: "a",
        standing: "previous",
        keyId: deployed["with-secrets"]?.["previousSecretId"],
        startsOn: "2026-06-01",
        endsAt: "2026-09-09T00:00:00Z",
        lifeUsedPercent: 90,
        daysLeft: 10,
        overlap: { from: "2026-07-31", until: "2026-09-09" },
        nextRotationOn: null,
        lastUsedAt: null,
        attention: null,
      },
    ]);
    const [certificate, federated] = read.clients[0]?.credentials ?? [];
    assert.deepEqual(
      [
        certificate?.kind,
        certificate?.name,
        certificate?.standing,
        certificate?.startsOn,
        certificate?.daysLeft,
      ],
      ["certificate", "gateway", "active", "2026-06-01", 275],
    );
    assert.equal(certificate?.lifeUsedPercent, 24);
    assert.deepEqual(
      [federated?.kind, federated?.standing, federated?.endsAt],
      ["federated", "active", null],
    );
  });

  it("exits with 7 only when --warn is given and something ends by then", async () => {
    assert.equal((await json("--warn", "9")).code, 0);
    const { code, read } = await json("--warn", "10");
    assert.equal(code, 7);
    assert.deepEqual(
      read.clients.flatMap(({ credentials }) => credentials.map(({ attention }) => attention !== null)),
      [false, false, false, true],
    );
  });

  it("asks nothing of the cloud and prints no secret", async () => {
    const before = sandbox.tenant.requests().length;
    const run = await sandbox.on("status");
    assert.equal(run.code, 0);
    assert.equal(sandbox.tenant.requests().length, before);
    assert.deepEqual(secretsIn(run), []);
    for (const { current, previous = "" } of Object.values(await sandbox.secrets())) {
      for (const value of [current, previous].filter(Boolean)) {
        assert.ok(!run.stdout.includes(value) && !run.stderr.includes(value));
      }
    }
  });

  it("is about the stack that is selected when none is named, and writes JSON for --json, too", async () => {
    const [selected, named] = [
      await sandbox.run(["status", "--json", "-C", sandbox.projectFolder]),
      await sandbox.run(["status", "--format", "json", "-C", sandbox.projectFolder, "-s", "sandbox"]),
    ];
    assert.equal(selected.code, 0, selected.stderr);
    assert.equal(selected.stdout, named.stdout);
    await sandbox.pulumi(["stack", "unselect"], {}, "none");
    try {
      const { code, stderr } = await sandbox.run(["status", "-C", sandbox.projectFolder]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^No stack is named, and none is selected\.\nCause: .*\nFix: Name one with --stack/,
      );
    } finally {
      await sandbox.pulumi(["stack", "select", "sandbox"], {}, "none");
    }
  });

  it("writes the same text for the same input, in columns, without colour", async () => {
    const [one, other] = [await sandbox.on("status"), await sandbox.on("status")];
    assert.equal(one.stdout, other.stdout);
    assert.ok(!one.stdout.includes("\u001b"));
    const lines = one.stdout.split("\n");
    const header = lines.find((line) => line.startsWith("  CREDENTIAL")) ?? "";
    const row = lines.find((line) => line.includes("secret a")) ?? "";
    assert.equal(row.indexOf("2026-06-01"), header.indexOf("FROM"));
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
    const verbose = await sandbox.on("status", ["--verbose"]);
    assert.match(
      verbose.stdout,
      /^with-secrets, secret a: key id [0-9a-f-]{36}, overlap\s+2026-07-31 to 2026-09-09$/m,
    );
    assert.match(one.stderr, /^Reading the declaration of the stack sandbox\n$/);
  });

  it("shows a rotation that is due and what it will retire", async () => {
    await sandbox.configure("asOf", "2026-10-01");
    try {
      const { code, read } = await json("--warn", "0");
      assert.equal(code, 7);
      assert.deepEqual(
        read.clients[1]?.credentials.map(({ name, standing, keyId }) => [name, standing, keyId === null]),
        [
          ["a", "due", true],
          ["b", "previous", false],
          ["a", "retiring", false],
        ],
      );
      const redeploy = "run `pulumi up --stack sandbox`";
      assert.deepEqual(
        read.clients[1]?.credentials.map(({ attention }) => attention),
        [`not issued yet: ${redeploy}`, null, `no longer declared: ${redeploy}`],
      );
    } finally {
      await sandbox.configure("asOf", sandbox.asOf);
    }
  });

  it("shows a client that has not been deployed yet", async () => {
    await sandbox.configure("clients", {
      ...clients,
      later: { ...clients["with-secrets"], displayName: "Later" },
    });
    try {
      const { read } = await json();
      const later = read.clients.find(({ name }) => name === "later");
      assert.equal(later?.clientId, null);
      assert.deepEqual(
        later?.credentials.map(({ standing, keyId }) => [standing, keyId]),
        [
          ["due", null],
          ["due", null],
        ],
      );
    } finally {
      await sandbox.configure("clients", clients);
    }
  });

  describe("ends clearly", () => {
    it("when the stack does not exist", async () => {
      const run = await sandbox.run(["status", "--stack", "nowhere", "--cwd", sandbox.projectFolder]);
      assert.equal(run.code, 1);
      assert.equal(run.stdout, "");
      assert.match(
        run.stderr,
        /The stack "nowhere" cannot be read\. There is no such stack in this backend\./,
      );
      assert.match(run.stderr, /\nCause: no stack named 'nowhere' found\nFix: Run `pulumi stack ls`/);
    });

    it("when the stack file names environments, which only Pulumi Cloud has", async () => {
      const file = join(sandbox.projectFolder, "Pulumi.sandbox.yaml");
      const kept = await readFile(file, "utf8");
      await writeFile(file, `environment: [imaging]\n${kept}`);
      try {
        const run = await sandbox.on("status");
        assert.equal(run.code, 1);
        assert.match(run.stderr, /names ESC environments \(environment:\), which only Pulumi Cloud has\./);
        assert.match(run.stderr, /\nFix: Log in to Pulumi Cloud, or /);
      } finally {
        await writeFile(file, kept);
      }
    });

    it("when Pulumi is not logged in", async () => {
      const run = await sandbox.on("status", [], {
        PULUMI_BACKEND_URL: undefined,
        PULUMI_ACCESS_TOKEN: undefined,
      });
      assert.equal(run.code, 1);
      assert.match(run.stderr, /Pulumi is not logged in to a backend\./);
    });

    it("with no Pulumi CLI left running behind the error", async () => {
      let isReadingState = true;
      const reading = readDeclaration(
        {
          name: "clients",
          stack: "dev",
          folder: "",
          config: () => Promise.reject(new OperationError("no configuration")),
          exportedState: async () => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            isReadingState = false;
            throw new OperationError("no state");
          },
        },
        {},
        new Date(),
      );
      await assert.rejects(reading, /no configuration/);
      assert.equal(isReadingState, false);
    });

    it("when the state is another stack's, or another project's", async () => {
      const reading = (urn: string, stack = "contoso/clients/prod"): ReturnType<typeof readDeclaration> =>
        readDeclaration(
          {
            name: "clients",
            stack,
            folder: sandbox.projectFolder,
            config: () =>
              Promise.resolve({
                "clients:clients": { value: '{"a":{"displayName":"A","credentials":"none"}}' },
              }),
            exportedState: () =>
              Promise.resolve({ version: 3, deployment: { resources: [{ urn, type: "a:b:C" }] } }),
          },
          {},
          new Date(),
        );
      for (const urn of ["urn:pulumi:dev::clients::a:b:C::d", "urn:pulumi:prod::others::a:b:C::d"]) {
        await assert.rejects(reading(urn), (error) => {
          assert.ok(error instanceof OperationError);
          assert.match(error.message, /^The state of the stack contoso\/clients\/prod is that of another/);
          assert.match(error.explanation.cause ?? "", new RegExp(`^It contains ${urn}, which `));
          return true;
        });
      }
      assert.equal((await reading("urn:pulumi:prod::clients::a:b:C::d")).stack, "contoso/clients/prod");
    });

    it("when the cloud is none, whatever it is called", async () => {
      for (const environment of ["mars", "constructor"]) {
        await assert.rejects(
          findCloud({ environment }, {}, new HttpTransport({})),
          new RegExp(`There is no cloud "${environment}"`),
        );
      }
    });

    it("takes a client that only the state has for one that is not configured, whatever its name", async () => {
      const urn = "urn:pulumi:dev::clients::dicom-service-client:index:DicomServiceClient::constructor";
      const { clients: read } = await readDeclaration(
        {
          name: "clients",
          stack: "dev",
          folder: sandbox.projectFolder,
          config: () =>
            Promise.resolve({
              "clients:clients": { value: '{"a":{"displayName":"A","credentials":"none"}}' },
            }),
          exportedState: () =>
            Promise.resolve({
              version: 3,
              deployment: {
                resources: [{ urn, type: "dicom-service-client:index:DicomServiceClient" }],
              },
            }),
        },
        {},
        new Date(),
      );
      assert.deepEqual(
        read.map(({ name, config }) => [name, config?.displayName]),
        [
          ["a", "A"],
          ["constructor", undefined],
        ],
      );
      assert.ok(read.every((client) => client.name === "a" || !("config" in client)));
    });

    it("when the folder is no project", async () => {
      const run = await sandbox.run(["status", "--stack", "sandbox", "--cwd", "/"]);
      assert.equal(run.code, 1);
      assert.match(
        run.stderr,
        /is not the folder of a Pulumi project\.\nCause: There is no .*Pulumi\.yaml\./,
      );
    });

    it("when the configuration is wrong, with every problem", async () => {
      await sandbox.configure("clients", { "with-secrets": { displayName: "", nonsense: 1 } });
      try {
        const run = await sandbox.on("status");
        assert.equal(run.code, 1);
        assert.match(run.stderr, /clients\.with-secrets\.displayName: .*/);
        assert.match(run.stderr, /nonsense/);
      } finally {
        await sandbox.configure("clients", clients);
      }
    });

    it("when the command line is wrong, and shows the stack of an error only with --debug", async () => {
      const wrong = await sandbox.on("status", ["--format", "xml"]);
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /argument 'xml' is invalid\. Allowed choices are text, json/);
      const argv = ["status", "--stack", "nowhere", "--cwd", sandbox.projectFolder];
      assert.ok(!(await sandbox.run(argv)).stderr.includes("    at "));
      assert.ok((await sandbox.run([...argv, "--debug"])).stderr.includes("    at "));
    });

    it("when a client's name is not right, with the one that may be meant", async () => {
      const { code, stderr } = await sandbox.on("verify", ["--client", "with-secret"]);
      assert.equal(code, 1);
      assert.match(stderr, /has no client with-secret\.\nFix: .*\nDid you mean with-secrets\?\n/);
    });

    it("and help goes to stdout with examples and exit codes", async () => {
      const run = await sandbox.run(["status", "--help"]);
      assert.equal(run.code, 0);
      assert.match(run.stdout, /Examples:\n {2}dicom-ops status/);
      assert.match(run.stdout, /Exit codes: 0 fine/);
      assert.equal(run.stderr, "");
    });
  });
});
