import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AxeResults, source as axe } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { jsonText, plainText } from "dicom-service-client/model";
import { auditHtml } from "../audit/auditHtml";
import { auditMarkdown, markdownLimit } from "../audit/auditMarkdown";
import { type AuditReport, auditReportSchema } from "../audit/auditReport";
import { auditSarif } from "../audit/auditSarif";
import { auditText } from "../audit/auditText";
import { finding } from "../audit/finding";
import { ruleIds } from "../audit/rules";
import { stackFileLines, type StackFileLines } from "../audit/stackFileLines";
import picocolors from "picocolors";
import { assertInert, hostileStrings, startBrowser } from "lab";
import { differenceFromKept } from "./keptPicture";
import { assertValidSarif } from "./sarifRules";

/** A name by which somebody tries to get out of where it is shown, in every way at once. */
const hostile = hostileStrings.join(" ");

const secret = (object: string, detail: string = hostile): AuditReport["findings"][number] =>
  finding({
    rule: "secret-undeclared",
    client: "gateway",
    side: "live",
    object,
    detail,
    startsAt: "2026-08-01T00:00:00Z",
    endsAt: "2028-08-01T00:00:00Z",
    next: "az ad app credential delete",
  });

function report(findings: readonly AuditReport["findings"][number][], complete = true): AuditReport {
  return auditReportSchema.parse({
    version: 1,
    stack: "prod",
    asOf: "2026-08-20",
    verdict: !complete ? "incomplete" : findings.length > 0 ? "findings" : "clean",
    limits: { warnDays: 14, maximumLifeDays: 730 },
    counts: { critical: findings.length, high: 0, medium: 0, low: 0, suppressed: 0 },
    suppressedCounts: { critical: 0, high: 0, medium: 0, low: 0 },
    clients: [{ name: "gateway", clientId: "c", objectId: "o", servicePrincipalId: "s" }],
    credentials: [
      {
        client: "gateway",
        kind: "secret",
        place: "application",
        name: "slot a",
        object: "key-a",
        standing: "declared",
        startsAt: "2026-06-01T00:00:00Z",
        endsAt: "2026-09-09T00:00:00Z",
        nextRotationAt: "2026-08-25T00:00:00Z",
        lastUsedAt: "2026-08-19T00:00:00Z",
      },
      {
        client: "gateway",
        kind: "secret",
        place: "service principal",
        name: hostile,
        object: "key-x",
        standing: "undeclared",
        startsAt: "2026-08-01T00:00:00Z",
        endsAt: "2028-08-01T00:00:00Z",
        nextRotationAt: null,
        lastUsedAt: null,
      },
    ],
    use: { read: true, why: null, missingRight: null },
    findings,
    suppressed: [],
    coverage: {
      complete,
      calls: [
        {
          call: "graph.consents",
          asked: 1,
          read: complete ? 1 : 0,
          denied: complete ? 0 : 1,
          throttled: 0,
          failed: 0,
        },
      ],
      gaps: complete
        ? []
        : [
            {
              call: "graph.consents",
              client: "gateway",
              outcome: "denied",
              unknown: "to see consents",
              missingRight: "the permission X",
              said: "403",
            },
          ],
    },
    notCompared: [{ of: "application", name: "tokenLifetimePolicies", reason: "takes another right" }],
  });
}

// What runs in the page, which has types of its own.

/** Whether a script that the page did not bring runs in it. */
const runsForeignScript = `(() => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'ran'";
  document.body.append(script);
  return document.title === "ran";
})()`;

/** Lets what is copied become the page's title. */
const clipboardIntoTitle = `Object.defineProperty(navigator, "clipboard", {
  value: { writeText: async (text) => { document.title = text; } },
})`;

/** Elements that are wider than their room, or out of sight to the left or right. */
const whatOverflows = `[...document.querySelectorAll("body *:not(.skip, .skip *, svg *, thead, thead *)")]
  .filter((element) => getComputedStyle(element).display !== "inline")
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    const room = document.documentElement.clientWidth + 1;
    return right > room || left < -1 || element.scrollWidth > element.clientWidth + 1;
  })
  .map(({ tagName, textContent }) => tagName + " " + textContent.slice(0, 60))`;

/** On how many lines each id stands. */
const linesOfIds = `[...document.querySelectorAll("#findings code, #credentials td code")]
  .filter(({ textContent }) => /^[0-9a-f-]{36}$/.test(textContent))
  .map((element) => new Set([...element.getClientRects()].map(({ top }) => top)).size)`;

/** Words of the heads of tables that are broken in the middle. */
const brokenHeads = `[...document.querySelectorAll("thead th")].filter((head) => {
  const words = document.createRange();
  words.selectNodeContents(head);
  return new Set([...words.getClientRects()].map(({ top }) => top)).size > head.textContent.split(" ").length;
}).map(({ textContent }) => textContent)`;

/** In how many lines the words of the column "Standing" are shown, each number once. */
const linesOfStandings = `[...new Set([...document.querySelectorAll("#credentials td:nth-child(4)")].map((cell) => {
  const words = document.createRange();
  words.selectNodeContents(cell);
  return new Set([...words.getClientRects()].map(({ top }) => top)).size;
}))]`;

/** An audit of many clients, each with two secrets, and findings whose ids, names and commands are as long as they get. */
function estate(clients: number): AuditReport {
  const usual = report([]);
  const [slot] = usual.credentials;
  assert.ok(slot);
  const guid = (index: number, kind: number): string =>
    `${String(kind).padStart(8, "c")}-1111-4111-8111-${String(index).padStart(12, "0")}`;
  const names = Array.from({ length: clients }, (_unused, index) => `imaging-gateway-of-department-${index}`);
  return {
    ...usual,
    clients: names.map((name) => ({ name, clientId: null, objectId: null, servicePrincipalId: null })),
    credentials: names.flatMap((client, index) =>
      ["slot a", "slot b"].map((name, kind) => ({
        ...slot,
        client,
        name,
        object: guid(index, kind),
        startsAt: `2026-0${1 + ((index + 3 * kind) % 8)}-01T00:00:00Z`,
        endsAt: `202${7 + (index % 2)}-0${1 + ((index + 3 * kind) % 8)}-09T00:00:00Z`,
      })),
    ),
    findings: names.slice(0, clients / 5 + 4).map((client, index) => ({
      ...secret(guid(index, 2), index === 0 ? hostile.repeat(4) : "It has a secret that nobody declared."),
      client: index === 1 ? "n".repeat(120) : client,
      next: `az ad app credential delete --id ${guid(index, 3)} --key-id ${guid(index, 2)} # ${"and-no-space".repeat(12)}`,
    })),
  };
}

describe("an audit's reports", () => {
  describe("in Markdown", () => {
    it("keep to the limit of a job's summary, together with what the file holds, and say what they leave out", () => {
      const long = "ü".repeat(2000);
      const many = [
        ...Array.from({ length: 300 }, (_unused, index) => secret(`key-${index}`, long)),
        finding({
          rule: "change-pending",
          client: "gateway",
          side: "config",
          object: "x",
          detail: "small",
          next: "up",
        }),
      ];
      const taken = 300_000;
      const text = auditMarkdown(report(many), taken);
      assert.ok(Buffer.byteLength(text) + taken <= markdownLimit);
      assert.ok(Buffer.byteLength(text) + taken > markdownLimit * 0.98);
      const left = Number(
        /Left out because of the summary's size limit: (\d+) critical, 1 low/.exec(text)?.[1],
      );
      assert.equal(text.match(/<summary><b>critical/g)?.length, 300 - left);
      assert.match(text, /^### Audit of prod on 2026-08-20: findings\n/);
    });

    it("let no name become markup", () => {
      assertInert(
        "markdown",
        auditMarkdown(report([secret("key")])).replace(/<\/?(details|summary|b|code)>/g, ""),
      );
    });

    it("show what could not be read before anything else", () => {
      const text = auditMarkdown(report([], false));
      assert.match(text, /incomplete: not everything could be read/);
      assert.match(text, /#### Not read[^]*graph\.consents[^]*the permission X/);
    });
  });

  describe("in SARIF", () => {
    let folder: string;
    let lines: StackFileLines;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "sarif-test-"));
      await writeFile(
        join(folder, "Pulumi.prod.yaml"),
        "# comment\nconfig:\n  dicom-service-client:clients:\n    gateway:\n      displayName: x\n      secret:\n        from: y\n",
      );
      lines = await stackFileLines({ folder, name: "dicom-service-client" }, "prod");
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it("place each finding on its declaring line, with a fingerprint of its own", () => {
      const log = assertValidSarif(auditSarif(report([secret("key-1"), secret("key-2")]), lines));
      const results = log.runs[0]?.results ?? [];
      assert.deepEqual(
        results.map(({ locations }) => locations?.[0]?.physicalLocation),
        [6, 6].map((startLine) => ({
          artifactLocation: { uri: "Pulumi.prod.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine, startColumn: 7, endLine: startLine, endColumn: 13 },
        })),
      );
      const prints = results.map(
        ({ partialFingerprints }) => partialFingerprints?.["primaryLocationLineHash"],
      );
      assert.equal(new Set(prints).size, 2);
      assert.equal(log.runs[0]?.automationDetails?.id, "client-audit/prod/");
    });

    it("are other alerts when what was found is something else, so that none stays dismissed", () => {
      const printsOf = (finding: AuditReport["findings"][number]): readonly (string | undefined)[] => {
        const [run] = assertValidSarif(auditSarif(report([finding]), lines)).runs;
        const prints = run?.results?.[0]?.partialFingerprints;
        return [prints?.["primaryLocationLineHash"], prints?.["clientAudit/v1"]];
      };
      const [alert, id] = printsOf(secret("key", "one"));
      assert.deepEqual(printsOf(secret("key", "one")), [alert, id]);
      for (const other of [secret("key", "another"), { ...secret("key", "one"), severity: "low" as const }]) {
        const [otherAlert, otherId] = printsOf(other);
        assert.notEqual(otherAlert, alert);
        assert.equal(otherId, id);
      }
    });

    it("fall back to the client's line, and to the first", () => {
      assert.equal(lines.placeOf("gateway", "owner-undeclared").startLine, 4);
      assert.deepEqual(lines.placeOf("nobody", "owner-undeclared"), {
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 10,
      });
    });

    it("name the file from the root of its repository, and Pulumi.yaml when the stack has no file", async () => {
      const project = join(folder, "repository", "infra structure");
      await mkdir(project, { recursive: true });
      await mkdir(join(folder, "repository", ".git"));
      await writeFile(join(project, "Pulumi.yaml"), "name: x\n");
      const ofProject = await stackFileLines({ folder: project, name: "dicom-service-client" }, "prod");
      assert.deepEqual(
        [ofProject.file, ofProject.placeOf("gateway", "owner-undeclared").endColumn],
        ["infra structure/Pulumi.yaml", 8],
      );
      await writeFile(join(project, "Pulumi.prod.yaml"), "config: {}\n");
      const ofStack = await stackFileLines(
        { folder: project, name: "dicom-service-client" },
        "organization/clients/prod",
      );
      const [run] = assertValidSarif(auditSarif(report([secret("key")]), ofStack)).runs;
      const [location] = run?.results?.[0]?.locations ?? [];
      assert.equal(location?.physicalLocation?.artifactLocation?.uri, "infra%20structure/Pulumi.prod.yaml");
    });

    it("find the clients under a key without the project's name, too", async () => {
      await writeFile(
        join(folder, "Pulumi.test.yaml"),
        "config:\n  clients:\n    gateway:\n      displayName: x\n",
      );
      const ofTest = await stackFileLines({ folder, name: "dicom-service-client" }, "test");
      assert.equal(ofTest.placeOf("gateway", "owner-undeclared").startLine, 3);
    });

    it("are valid when clean: every rule, and no result", () => {
      const log = assertValidSarif(auditSarif(report([]), lines));
      assert.deepEqual(log.runs[0]?.results, []);
      assert.deepEqual(
        log.runs[0]?.tool.driver.rules?.map(({ id }) => id),
        ruleIds,
      );
    });

    it("let no name become a link, nor act on whoever reads the file", () => {
      const text = auditSarif(report([secret("key")]), lines) ?? "";
      assertInert("text", text);
      const message = assertValidSarif(text).runs[0]?.results?.[0]?.message.text ?? "";
      assertInert("sarif", message);
    });

    it("are never partial", () => {
      assert.equal(auditSarif(report([secret("key")], false), lines), undefined);
    });

    it("have fingerprints that dates do not change", () => {
      const { endsAt: _endsAt, ...facts } = secret("key");
      assert.equal(
        finding({ ...facts, endsAt: "2031-01-01T00:00:00Z" }).fingerprint,
        secret("key").fingerprint,
      );
      assert.notEqual(finding({ ...facts, client: "other" }).fingerprint, secret("key").fingerprint);
    });
  });

  describe("in HTML", function () {
    this.timeout(60_000);
    let browser: Browser;
    before(async () => {
      browser = await startBrowser();
    });
    after(() => browser.close());

    const shown = async <T>(
      content: AuditReport,
      look: (page: Page) => Promise<T>,
      options: BrowserContextOptions = {},
    ): Promise<T> => {
      const context = await browser.newContext(options);
      try {
        const page = await context.newPage();
        await page.setContent(auditHtml(content));
        return await look(page);
      } finally {
        await context.close();
      }
    };

    it("are one page without other files, in which names stay text and no script runs but the page's own", async () => {
      await shown(report([secret("key")]), async (page) => {
        assert.equal(await page.locator("link, img, iframe, object").count(), 0);
        assert.equal(await page.locator("[src], [href^='http']").count(), 0);
        assert.equal(await page.locator("script").count(), 1);
        const policy = await page.locator("meta[http-equiv]").getAttribute("content");
        assert.match(
          policy ?? "",
          /^default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[^' ]+'$/,
        );
        const ran = await page.evaluate<boolean>(runsForeignScript);
        assert.equal(ran, false);
        assert.equal(await page.locator("h1").count(), 1);
        const shownText = await page.locator("body").textContent();
        assert.ok(shownText?.includes(plainText(hostile)));
      });
    });

    it("copy a command by a button, and select it by a click where no script runs", async () => {
      const command = "az ad app credential delete";
      const content = report([secret("key")]);
      await shown(content, async (page) => {
        await page.evaluate(clipboardIntoTitle);
        await page.getByRole("button", { name: "Copy" }).click();
        await page.getByRole("button", { name: "Copied" }).waitFor();
        assert.equal(await page.title(), command);
      });
      // Where a page may not write to the clipboard, the button selects.
      await shown(content, async (page) => {
        await page.getByRole("button", { name: "Copy" }).click();
        await page.getByRole("button", { name: "Selected" }).waitFor();
        assert.equal(await page.evaluate("getSelection().anchorNode.textContent"), command);
      });
      await shown(
        content,
        async (page) => {
          assert.equal(await page.getByRole("button").count(), 0);
          await page.locator(".command code").click();
          assert.equal(await page.evaluate("getSelection().anchorNode.textContent"), command);
          assert.equal(await page.evaluate("getSelection().type"), "Range");
        },
        { javaScriptEnabled: false },
      );
    });

    it("show the summary first, and fold what was read when everything was", async () => {
      await shown(report([secret("key")]), async (page) => {
        assert.deepEqual(
          await page.evaluate(
            "[...document.querySelectorAll('main > section')].slice(0, 2).map(({ id }) => id)",
          ),
          ["summary", "findings"],
        );
        assert.match((await page.locator("#summary").textContent()) ?? "", /critical1.*next end2026-09-09/);
        assert.equal(await page.locator("#coverage details[open]").count(), 0);
      });
      await shown(report([], false), async (page) => {
        assert.equal(await page.locator("#coverage details[open]").count(), 1);
      });
    });

    for (const clients of [5, 200]) {
      for (const width of [375, 768, 1280, 1920, "paper"] as const) {
        it(`let nothing overflow: ${clients} clients, ${width === "paper" ? "A4" : `${width} px`}`, async () => {
          const onPaper = width === "paper";
          // The width of A4 within the page's margins, at 96 dots an inch.
          const viewport = { width: onPaper ? 703 : width, height: 900 };
          await shown(
            estate(clients),
            async (page) => {
              await page.emulateMedia({ media: onPaper ? "print" : "screen" });
              await page.evaluate(
                "for (const details of document.querySelectorAll('details')) details.open = true",
              );
              const wide = await page.evaluate<string[]>(whatOverflows);
              assert.deepEqual(wide.slice(0, 5), []);
              const title = await page.locator("h1").boundingBox();
              assert.ok(title && title.height > 20, "the browser has no font, so that nothing has a width");
              const lines = await page.evaluate<number[]>(linesOfIds);
              assert.ok(lines.length > clients);
              assert.ok(Math.max(...lines) <= 2, `an id breaks into ${Math.max(...lines)} lines`);
              assert.deepEqual(await page.evaluate(linesOfStandings), [1]);
              assert.deepEqual(await page.evaluate(brokenHeads), []);
            },
            { viewport },
          );
        });
      }
    }

    it("show on paper what is folded on a screen", async () => {
      await shown(estate(5), async (page) => {
        await page.emulateMedia({ media: "print" });
        assert.ok(await page.locator("#coverage details table").isVisible());
      });
    });

    it("draw every credential that ends, today and the rotation, and say the same in a table", async () => {
      await shown(report([secret("key")]), async (page) => {
        assert.equal(await page.locator("svg rect.declared, svg rect.undeclared").count(), 2);
        assert.equal(await page.locator("svg .today, svg .rotation").count(), 2);
        const rows = await page.locator("#credentials tbody tr").allTextContents();
        assert.equal(rows.length, 2);
        assert.match(rows[0] ?? "", /2026-06-01\s+2026-09-09\s+20, valid\s+2026-08-25/);
      });
    });

    it("frame the overlap of a client's slots, and call nothing valid that is not issued", async () => {
      const audited = report([]);
      const [slot] = audited.credentials;
      assert.ok(slot);
      const next = {
        ...slot,
        name: "slot b",
        object: null,
        standing: "due" as const,
        startsAt: "2026-08-25T00:00:00Z",
        endsAt: "2026-12-01T00:00:00Z",
      };
      await shown({ ...audited, credentials: [slot, next] }, async (page) => {
        assert.deepEqual(await page.locator("svg .overlap title").allTextContents(), [
          "Overlap from 2026-08-25 to 2026-09-09",
        ]);
        const rows = await page.locator("#credentials tbody tr").allTextContents();
        assert.match(rows[1] ?? "", /103, not issued/);
      });
    });

    it("draw of many credentials those that end next, and all of them below a fold", async () => {
      await shown(estate(200), async (page) => {
        assert.equal(await page.locator("#credentials > figure svg rect.declared").count(), 40);
        assert.equal(await page.locator("#credentials details svg rect.declared").count(), 400);
      });
    });

    for (const [name, { media, ...options }] of Object.entries<
      BrowserContextOptions & { readonly media?: "print" }
    >({
      "light-1280": { viewport: { width: 1280, height: 900 } },
      "dark-1280": { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
      "forced-colours-1280": { viewport: { width: 1280, height: 900 }, forcedColors: "active" },
      "light-375": { viewport: { width: 375, height: 900 } },
      paper: { viewport: { width: 703, height: 900 }, media: "print" },
    })) {
      it(`look like the picture that is kept of them: ${name}`, async function () {
        // The pictures are of the browser and the font that npm brings: with another one, they differ without a reason.
        if (process.env["CHROMIUM_PATH"]) this.skip();
        const picture = (style: string): Promise<Buffer> =>
          shown(
            estate(5),
            async (page) => {
              await page.emulateMedia({ media: media ?? "screen" });
              await page.addStyleTag({ content: style });
              return page.screenshot({ fullPage: true });
            },
            options,
          );
        const file = `audit-${name}`;
        const seen = await differenceFromKept(browser, file, await picture("h1 {}"));
        assert.ok(
          seen < 0.005,
          `${(seen * 100).toFixed(1)} % of the pixels differ. Look at the page; where it is as it should be, keep it with UPDATE_PICTURES=1.`,
        );
        if (process.env["UPDATE_PICTURES"] === "1") return;
        const broken = await picture(".severity { display: block; text-align: right }");
        assert.ok((await differenceFromKept(browser, file, broken)) > 0.005);
      });
    }

    for (const [state, content] of Object.entries({
      "with findings": report([secret("key")]),
      clean: report([]),
      incomplete: report([], false),
    })) {
      for (const [mode, options] of Object.entries<BrowserContextOptions>({
        "in the light": { colorScheme: "light" },
        "in the dark": { colorScheme: "dark" },
        "with forced colours": { forcedColors: "active" },
        "on a narrow screen": { viewport: { width: 375, height: 700 } },
      })) {
        it(`have no violation that axe knows of, ${state}, ${mode}`, async () => {
          const found = await shown(
            content,
            (page) => page.evaluate<AxeResults>(`${axe}; axe.run()`),
            options,
          );
          assert.deepEqual(
            found.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
            [],
          );
          assert.ok(found.passes.length > 15);
        });
      }
    }
  });

  it("as text and as JSON let no name act on a terminal", () => {
    const all = report([secret("key")]);
    assertInert("text", auditText(all, picocolors.createColors(false), true));
    assertInert("text", jsonText(all));
    assert.deepEqual(JSON.parse(jsonText(all)), all);
  });
});
