import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { ensurePulumiCli } from "entra-sandbox";
import { parsePulumiYaml, pulumiYaml } from "../project/pulumiYaml";

/** Plain scalars that parsers of YAML take for different things. */
const scalars = [
  ..."1_000 0755 0o755 0O17 0x1F 0XFF 0x_1f +0x1F 0b101 -0b101 0B1 -0o7 1e3 1E+5 12e03 1e-7 1e 1e400".split(
    " ",
  ),
  ...".5 .5e3 .5_0 +.5 -.5 5. 1.5 1_000.5 1.2.3 1,000 +12 -0 0.0 08 09.5 0o8 0_7 1_ _1 -_1 1__0 0x".split(
    " ",
  ),
  ..."1:20 190:20:30 yes no y N on Off true True TRUE tRue null Null NULL ~ = << 9007199254740993".split(" "),
  ..."18446744073709551615 18446744073709551616 2026-11-24 2026-1-2 2026-13-45 2026-02-30".split(" "),
  ..."2026-11-24T10:00:00Z 2026-11-24t10:00:00+02:00 2026-11-24T10:00:00".split(" "),
  "2026-11-24 10:00:00",
  "2026-11-24 1:2:3.5",
];
/** Texts that have to be written so that they stay texts. */
const texts = [
  ...scalars,
  ...".inf -.INF .nan - -- ? : # & * ! | > % @ ` [a] {a} a:b a: :a 'a' \"a\" a#b --- ...".split(" "),
  "",
  " a ",
  "a # b",
  "a: b",
  "two\nlines",
  "two\r\nlines\r\n",
  "\ttab",
  "\u202Eabc",
  "한글 \u0007 é",
];

describe("YAML as the Pulumi CLI reads it", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-yaml-"));
    await mkdir(join(folder, "backend"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: yaml\nruntime: nodejs\n");
    await pulumi("stack", "init", "test");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function pulumi(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)((await ensurePulumiCli()).path, args, {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        PULUMI_BACKEND_URL: pathToFileURL(join(folder, "backend")).href,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
    return stdout;
  }

  /** What a program gets of the key `read` of a stack's configuration. */
  async function readByPulumi(config: string): Promise<unknown> {
    const file = join(folder, "Pulumi.test.yaml");
    const salt = /^encryptionsalt: .*$/m.exec(await readFile(file, "utf8"))?.[0] ?? "";
    await writeFile(file, `${salt}\n${config}`);
    const all = JSON.parse(await pulumi("config", "--json", "--stack", "test")) as {
      readonly "yaml:read": { readonly objectValue?: unknown };
    };
    return all["yaml:read"].objectValue;
  }

  const readHere = (text: string): unknown => {
    const document = parsePulumiYaml(text);
    assert.deepEqual(document.errors, []);
    return (document.toJS() as { readonly config: { readonly read: unknown } }).config.read;
  };
  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it("takes every plain scalar for the same", async () => {
    const text = `config:\n  read:\n${scalars.map((one, index) => `    k${index}: ${one}\n`).join("")}`;
    const expected = (await readByPulumi(text)) as Readonly<Record<string, unknown>>;
    const read = asJson(readHere(text)) as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      scalars.map((one, index) => [one, read[`k${index}`]]),
      scalars.map((one, index) => [one, expected[`k${index}`]]),
    );
  });

  it("takes merge keys, anchors and lines that end as on Windows for the same", async () => {
    const text = [
      "base: &base {a: 1, b: &list [x, y]}",
      "config:",
      "  read:",
      "    merged:",
      "      <<: *base",
      "      b: own",
      "    several: {<<: [*base, {a: 2, c: 3}], c: 4}",
      "    list: *list",
      "    text: |",
      "      two",
      "      lines",
      "",
    ];
    for (const ending of ["\n", "\r\n"]) {
      assert.deepEqual(readHere(text.join(ending)), await readByPulumi(text.join(ending)));
    }
  });

  it("writes text so that it stays text, as a value and as a key", async () => {
    const values = Object.fromEntries(texts.map((one, index) => [`k${index}`, one]));
    const keys = Object.fromEntries(
      texts.filter((one) => one !== "" && one !== "<<").map((one) => [one, "value"]),
    );
    const text = pulumiYaml({ config: { read: { values, keys, number: 5, yes: true } } });
    const expected = { values, keys, number: 5, yes: true };
    assert.deepEqual(readHere(text), expected);
    assert.deepEqual(await readByPulumi(text), expected);
  });

  it("leaves the spelling of numbers as it is when it writes a document again", () => {
    const text = "a: 1_000\nb: 0x1F\nc: 1.50\n";
    assert.equal(parsePulumiYaml(text).toString(), text);
  });
});
