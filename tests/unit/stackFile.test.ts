import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stackFileProblems } from "../../components/stack/stackFile";

const known = ["clients", "asOf", "api"];
const both = "config:\n  clients: {}\n  imaging:clients: {}\n";

describe("the stack file behind the configuration", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }
  const problems = async (stack = "dev"): Promise<(string | undefined)[]> =>
    (await stackFileProblems({ folder, project: "imaging", stack }, known)).map(
      ({ message }) => / stands (?:in|beside config in) (\S+?),? /.exec(` ${message}`)?.[1],
    );

  for (const [what, files, found] of [
    [
      "lies beside the project's",
      { "Pulumi.yaml": "name: imaging\n", "Pulumi.dev.yaml": both },
      "Pulumi.dev.yaml",
    ],
    [
      "lies in its stackConfigDir",
      { "Pulumi.yaml": "name: imaging\nstackConfigDir: conf/stacks\n", "conf/stacks/Pulumi.dev.yaml": both },
      "conf/stacks/Pulumi.dev.yaml",
    ],
    [
      "lies in the folder that an older project names as config",
      { "Pulumi.yaml": "name: imaging\nconfig: conf\n", "conf/Pulumi.dev.yaml": both },
      "conf/Pulumi.dev.yaml",
    ],
    [
      "ends as the project's file",
      { "Pulumi.yml": "name: imaging\n", "Pulumi.dev.yml": both },
      "Pulumi.dev.yml",
    ],
    [
      "is JSON, as the project's file",
      {
        "Pulumi.json": '{"name": "imaging", "stackConfigDir": "conf"}',
        "conf/Pulumi.dev.json": '{"config":{"clients":{},"imaging:clients":{}}}',
      },
      "conf/Pulumi.dev.json",
    ],
    [
      "has a mark of its byte order and Windows' line ends",
      { "Pulumi.yaml": "name: imaging\r\n", "Pulumi.dev.yaml": `\ufeff${both.replaceAll("\n", "\r\n")}` },
      "Pulumi.dev.yaml",
    ],
    [
      "gets a key from a merge",
      {
        "Pulumi.yaml": "name: imaging\n",
        "Pulumi.dev.yaml": "base: &base\n  'clients' : {}\nconfig:\n  <<: *base\n  imaging:clients: {}\n",
      },
      "Pulumi.dev.yaml",
    ],
    [
      "is written on one line",
      {
        "Pulumi.yaml": "name: imaging\n",
        "Pulumi.dev.yaml": 'config: {"clients": {}, "imaging:clients": {}}',
      },
      "Pulumi.dev.yaml",
    ],
    [
      "uses the older form of keys",
      {
        "Pulumi.yaml": "name: imaging\n",
        "Pulumi.dev.yaml": "config:\n  imaging:config:clients: {}\n  imaging:clients: {}\n",
      },
      "Pulumi.dev.yaml",
    ],
    [
      "is the project's own",
      {
        "Pulumi.yaml":
          "name: imaging\nconfig:\n  asOf: today\n  imaging:asOf: {type: string, default: today}\n",
      },
      "Pulumi.yaml",
    ],
    [
      "has a key beside config",
      { "Pulumi.yaml": "name: imaging\n", "Pulumi.dev.yaml": "config:\n  clients: {}\nasOf: 2026-11-24\n" },
      "Pulumi.dev.yaml",
    ],
    [
      "has a key with the project's name beside config",
      {
        "Pulumi.yaml": "name: imaging\n",
        "Pulumi.dev.yaml": "config:\r\n  clients: {}\r\n'imaging:api':\r\n  loginUrl: x\r\n",
      },
      "Pulumi.dev.yaml",
    ],
    [
      "has a provider's key beside config, in JSON",
      {
        "Pulumi.json": '{"name": "imaging"}',
        "Pulumi.dev.json": '{"config": {}, "azure-native:subscriptionId": "s"}',
      },
      "Pulumi.dev.json",
    ],
  ] as const) {
    it(`is found when it ${what}`, async () => {
      write(files);
      assert.deepEqual(await problems(), [found]);
    });
  }

  it("is that of the stack's own name, also in an organization", async () => {
    write({ "Pulumi.yaml": "name: imaging\n", "Pulumi.prod.yaml": both });
    assert.deepEqual(await problems("contoso/imaging/prod"), ["Pulumi.prod.yaml"]);
    assert.deepEqual(await problems("dev"), []);
  });

  it("may nest a key of the same name, or mention it in a comment", async () => {
    const nested =
      "config:\n  # clients: no longer\n  imaging:clients:\n    a: {clients: b, api: fhir}\n  imaging:api: {}\n";
    write({ "Pulumi.yaml": "name: imaging\n", "Pulumi.dev.yaml": nested });
    assert.deepEqual(await problems(), []);
  });

  // The Pulumi CLI 3.259.0 reads both, and keeps one of the two keys.
  for (const [what, text] of [
    ["the rest of a flow mapping at the margin", 'config: {"imaging:clients": {},\n"clients": {}}'],
    [
      "a quoted text that goes on at the margin",
      'config:\n  other:a: "x\ny"\n  imaging:clients: {}\n  clients: {}\n',
    ],
  ] as const) {
    it(`is refused where YAML 1.2 does not allow it and Pulumi may drop keys: ${what}`, async () => {
      write({ "Pulumi.yaml": "name: imaging\n", "Pulumi.dev.yaml": text });
      const found = await stackFileProblems({ folder, project: "imaging", stack: "dev" }, known);
      assert.equal(found.length, 1);
      assert.match(
        found[0]?.message ?? "",
        /^Pulumi\.dev\.yaml cannot be searched for keys .*at line \d, column \d/,
      );
    });
  }

  it("may have what Pulumi reads beside config, and what anchors stand at", async () => {
    const text = [
      "encryptionsalt: v1:x",
      "secretsprovider: passphrase",
      "clientsBase: &base { a: 1 }",
      "config:",
      "  imaging:clients: *base",
      "  text: |",
      "    asOf: no key",
      "",
    ];
    write({ "Pulumi.yaml": "name: imaging\ndescription: api\n", "Pulumi.dev.yaml": text.join("\n") });
    assert.deepEqual(await problems(), []);
  });

  it("may be missing, and so may the project's", async () => {
    assert.deepEqual(await problems(), []);
  });
});
