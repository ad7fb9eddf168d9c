import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import picocolors from "picocolors";
import { parse } from "yaml";
import { jsonText, plainLines, plainText } from "dicom-service-client/model";
import type { AdoptionPlan } from "../adopt/adoptionPlan";
import { adoptionText } from "../adopt/adoptionText";
import { differenceCure } from "../adopt/differenceCure";
import { importFileText } from "../adopt/importFile";
import { clientYaml } from "../adopt/stackFile";
import { finding } from "../audit/finding";
import { suppressionsOf } from "../audit/suppressions";
import { Console } from "../console/console";
import { escapeHtml, escapeMarkdown, escapeSarif } from "../console/markup";
import { previewComment } from "../pipeline/previewComment";
import { preflightText } from "../preflight/preflightText";
import { runPulumi } from "../pipeline/pulumiRun";
import { childTypes } from "../project/deployedClient";
import type { OldCredential } from "../retire/oldCredential";
import { retiredText, retirementText } from "../retire/retirementText";
import { rightsCheckText } from "../rights/rightsText";
import { statusText } from "../status/statusText";
import { verificationText } from "../verify/verificationText";
import { assertInert, hostileStrings } from "lab";

/** Where lines are the writer's own, as those of an output are. */
const inOneLine = (text: string): string => text.replaceAll("\n", " ");

const noColours = picocolors.createColors(false);

/** A text as a reader of Markdown or HTML sees it. */
const decoded = (text: string): string =>
  text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));

describe("text that others chose", () => {
  for (const text of hostileStrings) {
    it(`stays text in every format: ${JSON.stringify(plainText(text))}`, () => {
      assertInert("text", `name: ${plainText(text)}`);
      assertInert("markdown", `name: ${escapeMarkdown(text)}`);
      assertInert("html", `name: ${escapeHtml(text)}`);
      assertInert("sarif", `name: ${escapeSarif(text)}`);
      assertInert("text", jsonText({ text }));
      assert.ok(!plainText(text).includes("\n"));
    });

    it(`is read as it was written: ${JSON.stringify(plainText(text))}`, () => {
      assert.equal(decoded(escapeMarkdown(text)), plainText(text));
      assert.equal(decoded(escapeHtml(text)), plainText(text));
      assert.deepEqual(JSON.parse(jsonText([text])), [text]);
    });

    it(`is what a printed command writes: ${JSON.stringify(plainText(text))}`, () => {
      const [write = "", request = "", ...others] = differenceCure({
        type: childTypes.application,
        object: "",
        property: "description",
        live: text,
        declared: text,
        inputs: {},
        key: "clients.gateway.description",
        keyIsValue: true,
        objectId: "o",
        clientId: "c",
        graph: "https://graph",
      })
        .split("\n")
        .map(plainText);
      assert.deepEqual(others, []);
      const [, written = ""] =
        /^Write (.*) as clients\.gateway\.description, or change the live object to what is declared:$/.exec(
          write,
        ) ?? [];
      assert.equal(parse(written), text);
      const [, body = ""] = / --body '(.*)'$/.exec(request) ?? [];
      assert.deepEqual(JSON.parse(body.replaceAll("'\\''", "'")), { description: text });
    });
  }

  it("leaves what people write as it is", () => {
    const name = "Bildgebung Süd – 영상 게이트웨이 (PACS) 日本";
    assert.equal(plainText(name), name);
    assert.equal(escapeSarif(name), name);
    assert.equal(plainLines("a\nb"), "a\nb");
  });

  it("is written in Markdown with one reference for each character", () => {
    assert.equal(escapeMarkdown('"a" & <b>_#1'), "&#34;a&#34; &#38; &#60;b&#62;&#95;&#35;1");
  });
});

/** What is written of one text that others chose; the reports of an audit have tests of their own. */
const writers: Readonly<Record<string, readonly [format: "text" | "html", write: (text: string) => string]>> =
  {
    "rights --check": [
      "text",
      (text) =>
        rightsCheckText(
          {
            principalId: "p",
            missing: [text],
            excess: [text],
            unknown: [text],
            notes: [text],
            notLookedAt: [],
          },
          noColours,
        ),
    ],
    preflight: [
      "text",
      (text) =>
        preflightText(
          {
            ...{ version: 1, stack: "dev", identity: "i", verdict: "incomplete", changing: ["gateway"] },
            obstacles: [
              { kind: "exists-already", client: "gateway", path: "clients", detail: text, cure: [text] },
            ],
            unread: [{ what: text, cure: text }],
            notes: [text],
          },
          noColours,
        ),
    ],
    verify: [
      "text",
      (text) =>
        verificationText(
          {
            version: 1,
            stack: "dev",
            works: false,
            notChosen: [],
            clients: [
              {
                name: "gateway",
                clientId: null,
                verdict: "fails",
                credentials: [
                  {
                    kind: "secret",
                    name: text,
                    keyId: null,
                    tried: true,
                    stages: [
                      { stage: "token", outcome: "failed", problem: "unexpected", detail: text, cure: text },
                    ],
                  },
                ],
              },
            ],
          },
          noColours,
        ),
    ],
    status: [
      "text",
      (text) =>
        statusText(
          {
            version: 1,
            stack: "dev",
            asOf: "2026-08-20",
            warnDays: null,
            use: null,
            needsAttention: false,
            clients: [
              {
                name: "gateway",
                clientId: null,
                credentials: [
                  {
                    kind: "secret",
                    name: text,
                    standing: "current",
                    keyId: null,
                    startsOn: null,
                    endsAt: null,
                    lifeUsedPercent: null,
                    daysLeft: null,
                    overlap: null,
                    nextRotationOn: null,
                    lastUsedAt: null,
                    attention: null,
                  },
                ],
              },
            ],
          },
          noColours,
          true,
        ),
    ],
    retire: [
      "text",
      (text) =>
        retirementText(
          {
            ...{ version: 1, stack: "dev", readAt: null, unusedDays: 30, reportDelayDays: 2 },
            credentials: [oldCredential(text)],
            unread: [{ client: "gateway", why: text, missingRight: null }],
            gaps: [],
          },
          "",
          noColours,
        ) +
        retiredText(
          (["removed", "kept", "failed"] as const).map((outcome) => ({
            ...{ credential: oldCredential(text), outcome, why: text },
          })),
          { stack: "dev", record: "r.jsonl" },
          noColours,
        ),
    ],
    adopt: ["text", (text) => adoptionText(planWith(text), noColours)],
    "an import file": [
      "text",
      (text) =>
        importFileText({ resources: [{ type: "t", name: text, id: text }], nameTable: { [text]: "" } }),
    ],
    "a configuration block": ["text", (text) => clientYaml("gateway", { displayName: text, notes: text })],
    suppressions: [
      "text",
      (text) =>
        suppressionsOf(
          [
            finding({
              rule: "directory-role",
              client: "gateway",
              side: "live",
              object: text,
              detail: text,
              next: text,
            }),
          ],
          { reason: text, owner: text, expires: "2027-01-01" },
        ),
    ],
    "a comment on a pull request": [
      "html",
      (text) => previewComment("dev", { code: 1, output: inOneLine(text) }, undefined),
    ],
  };

function oldCredential(name: string): OldCredential {
  return {
    ...{ client: "gateway", clientId: "c", kind: "secret", place: "application", objectId: "o", keyId: "k" },
    ...{ name, standing: "undeclared", startsAt: null, endsAt: null, lastUsedAt: null, use: "unused" },
    ...{ why: "nobody uses it", successor: null, action: "remove", startsOn: null },
  };
}

function planWith(text: string): AdoptionPlan {
  return {
    version: 1,
    stack: "dev",
    verdict: "differences",
    client: "gateway",
    registration: {
      displayName: text,
      clientId: "c",
      objectId: "o",
      createdAt: null,
      servicePrincipalId: null,
    },
    config: {
      file: "Pulumi.dev.yaml",
      isThere: false,
      block: clientYaml("gateway", { displayName: text }),
    },
    importFile: { resources: [{ type: "t", name: text, id: text }] },
    adopted: [{ type: "t", name: "n", id: "i", inState: false }],
    creates: [],
    rewrites: [],
    differences: [
      {
        resource: "gateway-application",
        operation: "update",
        property: "notes",
        key: null,
        file: "Pulumi.dev.yaml",
        line: 1,
        live: text,
        declared: text,
        cure: plainText(text),
      },
    ],
    notLookedAt: [],
    otherStacks: { looked: [], unread: [] },
    secrets: [{ keyId: "k", name: text, hint: text, startsAt: null, endsAt: null, remove: "r" }],
    unmanaged: [{ what: text, id: "i", why: "w", remove: text }],
    next: [],
    backup: null,
    undo: [],
  };
}

describe("text that others chose, as it is written", () => {
  for (const [name, [format, write]] of Object.entries(writers)) {
    it(`stays text in what ${name} writes`, () => {
      for (const text of hostileStrings) assertInert(format, write(text));
    });
  }

  it("is the same to whoever reads YAML", () => {
    for (const text of hostileStrings.filter((one) => !/\p{Cs}/u.test(one))) {
      assert.deepEqual(parse(clientYaml("gateway", { displayName: text })), {
        gateway: { displayName: text },
      });
    }
  });

  it("stays text in notes and errors", async () => {
    let written = "";
    const sink = { write: (text: string, done: () => void): void => ((written += text), done()) };
    const console = new Console({ stdout: sink, stderr: sink, env: {}, cwd: tmpdir() });
    for (const text of hostileStrings.map(inOneLine)) {
      console.note(text);
      await console.say(text);
      await console.writeError(text);
    }
    assertInert("text", written);
  });

  it("stays text in what a pipeline shows of Pulumi", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-that-speaks-"));
    try {
      const program = `#!/usr/bin/env node
for (const line of ["a ##vso[task.complete]", "::error::b", "\\u202e", "end"]) process.stdout.write(line + "\\n");
process.stdout.write("##[er");
setTimeout(() => process.stdout.write("ror]c"), 50);
`;
      await writeFile(join(folder, "pulumi"), program);
      await chmod(join(folder, "pulumi"), 0o755);
      let followed = "";
      const { output } = await runPulumi([], {
        folder,
        env: { PATH: [folder, process.env["PATH"]].join(delimiter) },
        follow: (text) => (followed += text),
      });
      assertInert("text", followed);
      assert.match(followed, /end\n#\\u0023\[error\]c\n$/);
      assert.match(output, /##vso\[task.complete\]\n::error::b/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
