import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { split } from "shlex";
import { parse } from "yaml";
import { clientFields } from "../../components/clientSchema";
import { formatCalendarDay, parseCalendarDay } from "../../components/calendarDate";
import type { SecretSchedule } from "../../components/clientArgs";
import { planSecrets } from "../../components/secretSchedule";
import { runOperation } from "dicom-ops";
import { commandLine, executableOnPath } from "entra-sandbox";
import { readStackConfig } from "../../components/stack/config";
import { makeCertificate, project } from "lab";
import { type CodeBlock, codeBlocks, codeSpans, guide, guides, projectFolder, prose } from "./guideFiles";

const neverAborted = new AbortController().signal;
const allGuides = guides();
const allBlocks = allGuides.flatMap(codeBlocks);

describe("the guides", () => {
  it("are all looked at", () => {
    const paths = allGuides.map(({ path }) => path);
    for (const path of [
      "README.md",
      "README.ko.md",
      "docs/start/getting-started.md",
      "docs/use/rotation.ko.md",
    ])
      assert.ok(paths.includes(path), path);
  });

  it("have Korean pages with the headings, tables, links and commands of their English twins", () => {
    const korean = allGuides.map(({ path }) => path).filter((path) => path.endsWith(".ko.md"));
    assert.ok(korean.length >= 9, korean.join(" "));
    const outline = (path: string): readonly string[] =>
      (prose(guide(path)).match(/^#+ |^\|(?= *-)/gm) ?? []).map((mark) => mark.trim());
    const commands = (path: string): readonly string[] =>
      codeBlocks(guide(path))
        .filter(({ language }) => language !== "mermaid")
        .map(({ text }) => text.replaceAll(/\s+#.*$/gm, ""));
    // A page of which there is a Korean version counts as the same.
    const links = (path: string): readonly string[] =>
      [...new Set(prose(guide(path)).match(/(?<=\]\()[^)#]+/g))]
        .map((link) => link.replace(/\.ko\.md$/, ".md"))
        .sort();
    for (const path of korean) {
      const english = path.replace(/\.ko\.md$/, ".md");
      assert.deepEqual(links(path), links(english), path);
      assert.deepEqual(outline(path), outline(english), path);
      assert.deepEqual(commands(path), commands(english), path);
      assert.match(guide(path).text, new RegExp(`^\\[English\\]\\(${basename(english)}\\)$`, "m"), path);
      assert.match(guide(english).text, new RegExp(`^\\[한국어\\]\\(${basename(path)}\\)$`, "m"), english);
    }
  });

  it("are all named by the index, in either language", () => {
    for (const index of ["docs/README.md", "docs/README.ko.md"]) {
      const { text } = guide(index);
      const unnamed = allGuides
        .map(({ path }) => path.replace(/^docs\//, ""))
        .filter((path, at) => allGuides[at]?.path.startsWith("docs/") && !/^README|\.ko\.md$/.test(path))
        .filter((path) => !text.includes(`(${path})`))
        .filter(
          (path) => index === "docs/README.md" || !text.includes(`(${path.replace(/\.md$/, ".ko.md")})`),
        );
      assert.deepEqual(unnamed, [], index);
    }
  });

  it("stay within two screens, references and records aside", () => {
    const long = allGuides
      .filter(({ path }) => /^docs\/(?!reference\/)/.test(path))
      .filter(({ text }) => text.split("\n").length > 111)
      .map(({ path }) => path);
    assert.deepEqual(long, []);
    assert.ok(guide("README.md").text.split("\n").length <= 121);
  });

  it("have no link that leads nowhere", () => {
    const broken = allGuides.flatMap((one) =>
      linksOf(prose(one)).flatMap((target) => {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? one.path : join(dirname(one.path), path).replaceAll("\\", "/");
        if (!existsSync(join(projectFolder, file))) return [`${one.path}: there is no ${target}`];
        return anchor === undefined || anchorsOf(file).includes(decodeURIComponent(anchor))
          ? []
          : [`${one.path}: there is no heading ${target}`];
      }),
    );
    assert.deepEqual(broken, []);
  });
});

describe("the commands in the guides", () => {
  const written = [
    ...allBlocks.flatMap(({ text, place }) =>
      text
        .replace(/\\\n\s*/g, " ")
        .split("\n")
        .map((line) => ({ line: line.trim(), place })),
    ),
    ...allGuides.flatMap((one) => codeSpans(prose(one)).map((line) => ({ line, place: one.path }))),
  ];
  const lines = written.flatMap(({ line, place }) => {
    const [, tool, rest = ""] = /^(?:npx )?(?:dicom-|entra-)(ops|sandbox) (.*)$/.exec(line) ?? [];
    return tool === undefined ? [] : [{ tool, words: wordsOf(rest), place }];
  });

  it("run npm scripts that exist", () => {
    const text = readFileSync(join(projectFolder, "package.json"), "utf8");
    const { scripts } = JSON.parse(text) as { readonly scripts: Readonly<Record<string, string>> };
    const ours = written.flatMap(({ line, place }) => {
      const [, script] = /^npm run (?:-s )?([\w:-]+)/.exec(line) ?? [];
      return script === undefined || place.startsWith("CHANGELOG") ? [] : [{ script, place }];
    });
    assert.ok(ours.length > 5);
    assert.deepEqual(
      ours.filter(({ script }) => !Object.hasOwn(scripts, script)),
      [],
    );
  });

  it("of the operations exist, with their options", async () => {
    const ours = lines.flatMap(({ tool, words, place }) =>
      tool === "ops" ? [{ words, place }] : words[0] === "ops" ? [{ words: words.slice(1), place }] : [],
    );
    assert.ok(ours.length > 20);
    const helps = new Map<string, string>();
    for (const { words, place } of ours) {
      const [first = "", second = ""] = words;
      const command = /^pipelines? \w/.test(`${first} ${second}`) ? `${first} ${second}` : first;
      if (command === "<command>") continue;
      const help = helps.get(command) ?? (await helpOfOperation(command));
      helps.set(command, help);
      assert.match(
        help,
        new RegExp(`^Usage: dicom-ops ${command} `),
        `${place}: there is no operation ${command}`,
      );
      assertOptions(words, help, place);
    }
  });

  it("of the sandbox exist, with their options", () => {
    const ours = lines.filter(({ tool, words }) => tool === "sandbox" && words[0] !== "ops");
    assert.ok(ours.length > 5);
    const nameOf = (words: readonly string[]): string =>
      words
        .slice(0, words[0] === "portal" ? 2 : 1)
        .filter((word) => !word.startsWith("-"))
        .join(" ");
    const names = [...new Set(["", ...ours.map(({ words }) => nameOf(words))])];
    const helps = new Map(names.map((name) => [name, helpOfSandbox(name)] as const));
    for (const { words, place } of ours) {
      const name = nameOf(words);
      const help = helps.get(name) ?? "";
      assert.match(
        help,
        new RegExp(`^Usage: entra-sandbox ${name}`),
        `${place}: there is no command ${name}`,
      );
      assertOptions(words, `${help}${helps.get("") ?? ""}`, place);
    }
  });
});

describe("the snippets in the guides", () => {
  const now = new Date("2027-01-15T09:00:00Z");

  it("that are a stack's configuration are accepted", async () => {
    const { pem } = await makeCertificate("2026-11-01", "2028-01-01");
    const stacks = allBlocks.flatMap(({ language, text, place }) => {
      if (language !== "yaml") return [];
      const raw = stackConfigOf(parse(text.replaceAll(/(file: \S+\.pem)$/gm, `pem: ${JSON.stringify(pem)}`)));
      return raw ? [{ raw, place }] : [];
    });
    assert.ok(stacks.length >= 10, `only ${stacks.length} were recognised`);
    for (const { raw, place } of stacks) {
      assert.doesNotThrow(() => readStackConfig(raw, now), place);
    }
  });

  it("in Python are Python", () =>
    assertParsed("python", "python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"]));

  it("for a shell are understood by it", () => assertParsed("bash", "bash", ["-n"]));

  it("in JSON are JSON", () => {
    for (const { text, place } of ofLanguage("json")) assert.doesNotThrow(() => JSON.parse(text), place);
  });
});

describe("the rotation in the guides", () => {
  const schedule: SecretSchedule = { from: "2026-11-23", lifetimeDays: 180, overlapDays: 30 };
  const from = parseCalendarDay(schedule.from) ?? 0;
  const generations = [0, 1, 2].map((generation) => planSecrets(schedule, from + generation * 150).current);
  const days = generations.map(({ startsOn, endsOn }) => ({
    starts: formatCalendarDay(startsOn),
    ends: formatCalendarDay(endsOn),
  }));

  for (const path of ["docs/use/rotation.md", "docs/use/rotation.ko.md"]) {
    it(`is that of the schedule in ${path}`, () => {
      const { text } = guide(path);
      const written = codeBlocks({ path, text })[0]?.text;
      assert.deepEqual(parse(written ?? ""), { secret: schedule });
      const rows = text
        .split("\n")
        .filter((line) => /^\|.*\d{4}-\d{2}-\d{2}/.test(line))
        .map((line) => [/\| ([ab]) +\|/.exec(line)?.[1], ...(line.match(/\d{4}-\d{2}-\d{2}/g) ?? [])]);
      assert.deepEqual(
        rows,
        generations.map(({ slot }, index) => [
          slot,
          days[index]?.starts,
          days[index]?.ends,
          ...(index === 0 ? [] : [days[index]?.starts, days[index - 1]?.ends]),
        ]),
      );
      const picture = codeBlocks({ path, text }).find(({ language }) => language === "mermaid")?.text ?? "";
      const bars = [...picture.matchAll(/section \S+ ([ab])|:(\S+), (\S+)$/gm)];
      let slot: string | undefined;
      const drawn = bars.flatMap(([, section, starts, ends]) => {
        slot = section ?? slot;
        return section === undefined ? [[slot, starts, ends]] : [];
      });
      assert.deepEqual(
        drawn.sort(([, one = ""], [, other = ""]) => one.localeCompare(other)),
        generations.map(({ slot: own }, index) => [own, days[index]?.starts, days[index]?.ends]),
      );
    });
  }
});

/** Relative targets of links and pictures. */
function linksOf(text: string): readonly string[] {
  const bare = text.replace(/(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)/g, "");
  return [...bare.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a file's headings, as GitHub makes them. */
function anchorsOf(file: string): readonly string[] {
  const seen = new Map<string, number>();
  return (prose(guide(file)).match(/^#+ .*$/gm) ?? []).map((heading) => {
    const slug = heading
      .replace(/^#+ /, "")
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The words of a command line, up to a comment, a pipe, a redirection or another command's own after `--`. */
function wordsOf(line: string): readonly string[] {
  const words = split(line.replace(/\s#.*$/, ""));
  const end = words.findIndex((word) => /^[|>&;]|^--$/.test(word));
  return end < 0 ? words : words.slice(0, end);
}

async function helpOfOperation(command: string): Promise<string> {
  let help = "";
  const sink = {
    write(text: string, done: () => void): void {
      help += text;
      done();
    },
  };
  await runOperation([...command.split(" "), "--help"], {
    stdout: sink,
    stderr: sink,
    env: {},
    cwd: projectFolder,
  });
  return help;
}

/** The help of a command of the sandbox; empty when there is none. */
function helpOfSandbox(name: string): string {
  let command: Command | undefined = commandLine({
    project,
    userEnvironment: {},
    interruption: { own: neverAborted, engine: neverAborted },
    note: () => undefined,
    progress: () => undefined,
    finish: () => Promise.resolve(),
  });
  for (const word of split(name)) command = command?.commands.find((one) => one.name() === word);
  return command?.helpInformation() ?? "";
}

function assertOptions(words: readonly string[], help: string, place: string): void {
  const known: readonly string[] = help.match(/--[a-z][a-z-]*/g) ?? [];
  for (const word of words.filter((one) => one.startsWith("--"))) {
    const [option = ""] = word.split("=");
    assert.ok(known.includes(option), `${place}: there is no option ${option} of ${words[0] ?? ""}`);
  }
}

/** What a YAML block says of a stack's configuration; undefined when it is about something else. */
function stackConfigOf(document: unknown): Parameters<typeof readStackConfig>[0] | undefined {
  if (document === null || typeof document !== "object" || Array.isArray(document)) return undefined;
  const mapping = document as Record<string, unknown>;
  const keys = Object.keys(mapping);
  if (keys.length > 0 && keys.every((key) => key in clientFields)) {
    const secret = keys.some((key) => ["secret", "certificates", "federatedCredentials"].includes(key))
      ? {}
      : { secret: { from: "2026-11-23" } };
    return { clients: { sample: { displayName: "Sample", ...secret, ...mapping } } };
  }
  const { config } = mapping;
  if (keys.length !== 1 || config === null || typeof config !== "object") return undefined;
  const plain = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/^dicom-service-client:/, ""),
      value as unknown,
    ]),
  );
  // The README leaves a part of the resource id out.
  const text = JSON.stringify(plain).replaceAll(
    "/subscriptions/…/",
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/imaging/providers/Microsoft.HealthcareApis/",
  );
  return "clients" in plain ? (JSON.parse(text) as Parameters<typeof readStackConfig>[0]) : undefined;
}

function ofLanguage(language: string): readonly CodeBlock[] {
  return allBlocks.filter((block) => block.language === language);
}

/** Lets a program read every block of a language, where the program is at hand. */
async function assertParsed(language: string, program: string, args: readonly string[]): Promise<void> {
  const blocks = ofLanguage(language);
  assert.ok(blocks.length > 0, language);
  const path = await executableOnPath(program, process.env);
  if (path === undefined) return;
  for (const { text, place } of blocks) {
    const { status, stderr }: SpawnSyncReturns<string> = spawnSync(path, args, {
      input: text,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${place}: ${stderr}`);
  }
}
