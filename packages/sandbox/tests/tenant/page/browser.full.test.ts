import assert from "node:assert/strict";
import { source as axe, type AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startBrowser } from "lab";
import { hostileName, shownTenant, type ShownTenant } from "./shownTenant";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly width: number;
}

describe("Page of the tenant in a browser", function () {
  // unpacking the browser takes a while the first time
  this.timeout(120_000);
  let shown: ShownTenant;
  let browser: Browser;

  before(async () => {
    shown = await shownTenant();
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    await shown.tenant.stop();
  });

  /** Opens the page in a browser of its own, and gives what `look` finds there. */
  async function open<T>(options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    try {
      const page = await context.newPage();
      await page.goto(`${shown.tenant.url}/`);
      return await look(page);
    } finally {
      await context.close();
    }
  }

  it("loads nothing else, runs nothing of what is in it, and breaks none of its own rules", async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${shown.tenant.url}/`);
    await page.reload();
    assert.deepEqual(requests, [`${shown.tenant.url}/`, `${shown.tenant.url}/`]);
    assert.deepEqual(complaints, []);
    assert.equal(await page.title(), "Sandbox tenant");
    assert.equal(await page.evaluate("document.querySelectorAll('script, img, iframe, form').length"), 0);
    const names = await page.locator("#applications ~ table tbody th").allTextContents();
    assert.deepEqual(names, ["Deployment pipeline", hostileName]);
    await context.close();
  });

  it("may not run a script, wherever it comes from, nor take a style of anybody else", async () => {
    const [ran, colour] = await open({}, async (page) => {
      await page.setContent(
        (await page.content()).replace(
          "</main>",
          "</main><script>document.title='taken'</script><style>h1{color:rgb(1,2,3)}</style>",
        ),
      );
      return [
        await page.title(),
        await page.evaluate<string>("getComputedStyle(document.querySelector('h1')).color"),
      ];
    });
    assert.equal(ran, "Sandbox tenant");
    assert.notEqual(colour, "rgb(1, 2, 3)");
  });

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 400]) {
      it(`has no fault that axe knows of, ${colorScheme} and ${String(width)} pixels wide`, async () => {
        const { violations, incomplete, passes } = await open(
          { colorScheme, viewport: { width, height: 900 } },
          (page) => page.evaluate<AxeResults>(`${axe}; axe.run()`),
        );
        assert.deepEqual(
          violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
          [],
        );
        assert.deepEqual(
          incomplete.map(({ id }) => id),
          [],
        );
        const contrasts = passes.find(({ id }) => id === "color-contrast")?.nodes.length ?? 0;
        assert.ok(contrasts > 100, `only ${String(contrasts)} texts were looked at`);
        for (const rule of [
          "heading-order",
          "page-has-heading-one",
          "html-has-lang",
          "svg-img-alt",
          "skip-link",
          "scope-attr-valid",
        ])
          assert.ok(
            passes.some(({ id }) => id === rule),
            rule,
          );
      });
    }

    it(`has bars that can be told from the page and from one another, ${colorScheme}`, async () => {
      const colours = await open({ colorScheme }, async (page) => ({
        page: await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"),
        whole: await page.evaluate<string>("getComputedStyle(document.querySelector('.whole')).fill"),
        used: await page.evaluate<string>("getComputedStyle(document.querySelector('.used')).fill"),
        today: await page.evaluate<string>("getComputedStyle(document.querySelector('.today')).stroke"),
      }));
      assert.equal(luminance(colours.page) < 0.5, colorScheme === "dark");
      for (const [one, other] of [
        [colours.whole, colours.page],
        [colours.used, colours.whole],
        [colours.today, colours.page],
      ] as const)
        assert.ok(contrast(one, other) >= 3, `${one} on ${other}`);
    });
  }

  it("draws each life on one axis of time, filled up to today", async () => {
    const lives = await open({ viewport: { width: 1280, height: 900 } }, (page) =>
      page.evaluate<
        { name: string; whole: Box; used: Box; today: Box; axis: Box; label: string }[]
      >(`[...document.querySelectorAll("#credentials ~ table tbody tr")].filter((row) => row.querySelector("svg")).map((row) => {
          const box = (selector) => row.querySelector(selector).getBoundingClientRect().toJSON();
          return { name: row.cells[2].textContent, whole: box(".whole"), used: box(".used"), today: box(".today"), axis: box("svg"),
            label: row.querySelector("svg").getAttribute("aria-label") };
        })`),
    );
    const life = (name: string): (typeof lives)[number] =>
      lives.find((candidate) => candidate.name === name) ?? assert.fail(`no bar of ${name}`);
    const near = (actual: number, expected: number): void => {
      assert.ok(Math.abs(actual - expected) < 1.5, `${String(actual)} is not ${String(expected)}`);
    };
    // from 2027-01-01 to 2029-01-01, of which 90 and a half have passed
    const pixels = (days: number): number => (life("").axis.width * days) / 731;
    for (const { today, axis } of lives) near((today.left + today.right) / 2 - axis.left, pixels(90.5));
    near(life("").whole.width, life("").axis.width);
    near(life("").used.width, pixels(90.5));
    near(life("half").whole.width, pixels(180));
    near(life("half").used.width, pixels(90.5));
    near(life("past").used.width, pixels(31));
    near(life("past").whole.width, pixels(31));
    near(life("next").used.width, 0);
    near(life("next").whole.left - life("next").axis.left, pixels(120));
    assert.deepEqual(
      ["half", "past", "next"].map((name) => life(name).label),
      [
        "50 % of its lifetime has passed",
        "100 % of its lifetime has passed",
        "0 % of its lifetime has passed",
      ],
    );
  });

  it("works without script: the keyboard gets past the header, and links lead to the sections", async () => {
    await open({ javaScriptEnabled: false, viewport: { width: 1280, height: 500 } }, async (page) => {
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to content" });
      assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to content");
      assert.ok(((await skip.boundingBox())?.x ?? -1) >= 0);
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.id"), "content");
      const titles = await page.getByRole("heading", { level: 2 }).allTextContents();
      assert.deepEqual(titles, [
        "Map",
        "Applications",
        "Deleted",
        "Credentials",
        "Consents",
        "App roles",
        "Azure roles",
        "Requests",
      ]);
      for (const title of titles) {
        await page.getByRole("navigation").getByRole("link", { name: title, exact: true }).click();
        const box = await page.getByRole("heading", { name: title, exact: true }).boundingBox();
        assert.ok(box !== null && box.y >= 0 && box.y < 500, `${title} ${String(box?.y)}`);
      }
    });
  });

  it("has tables with captions, and heads of columns and rows, for those who do not see it", async () => {
    await open({}, async (page) => {
      for (const caption of [
        "2 registered in this tenant",
        "1 delegated permission grant",
        "4 role assignments in the subscription",
      ])
        assert.equal(await page.getByRole("table", { name: caption }).count(), 1, caption);
      const credentials = page.getByRole("table", { name: /^7 credentials: client secrets/ });
      assert.equal(await credentials.getByRole("columnheader").count(), 8);
      assert.equal(await credentials.getByRole("rowheader").count(), 7);
    });
  });

  for (const width of [400, 320]) {
    it(`is as wide as the screen on ${String(width)} pixels, and says with each value what it is`, async () => {
      await open({ viewport: { width, height: 800 } }, async (page) => {
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
        const heads = await page.locator("thead").all();
        for (const head of heads) assert.ok(((await head.boundingBox())?.x ?? 0) < -100);
        const cell = `document.querySelectorAll("#applications ~ table tbody td")[0]`;
        assert.equal(await page.evaluate(`getComputedStyle(${cell}, "::before").content`), '"Client id: "');
      });
    });
  }

  it("fits a sheet of paper, in black on white also where the screen is dark", async () => {
    // A4 between margins of 1 cm, at 96 pixels to the inch
    await open({ colorScheme: "dark", viewport: { width: 718, height: 1046 } }, async (page) => {
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 718);
      assert.equal(
        await page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "rgb(255, 255, 255)",
      );
      assert.ok(!(await page.getByRole("navigation").isVisible()));
      assert.equal(
        await page.evaluate("getComputedStyle(document.querySelector('thead')).display"),
        "table-header-group",
      );
      assert.ok((await page.pdf({ format: "A4" })).toString("latin1").startsWith("%PDF-"));
    });
  });
});

/** Relative luminance of `rgb(r, g, b)` as WCAG 2 defines it, from 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours as WCAG 2 defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}
