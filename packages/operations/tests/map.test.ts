import assert from "node:assert/strict";
import { type AxeResults, source as axe } from "axe-core";
import type { Browser } from "playwright-core";
import {
  Administrator,
  DeployedSandbox,
  hostileStrings,
  readerAccess,
  seedResourceIds,
  startBrowser,
} from "lab";
import { builtInRoleIds } from "entra-sandbox";
import type { EstateMap } from "../map/estateMap";

describe("ops map", function () {
  this.timeout(120_000);
  const hostileName = `${hostileStrings.slice(0, 8).join(" ")} end`;
  let sandbox: DeployedSandbox;
  let browser: Browser;
  let drawn: EstateMap;

  before(async () => {
    browser = await startBrowser();
    const secret = { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 };
    sandbox = await DeployedSandbox.deploy(
      {
        gateway: { displayName: "Gateway", access: [readerAccess], secret },
        viewer: { displayName: "Viewer", access: [readerAccess], secret },
      },
      "2026-06-02",
    );
    const portal = new Administrator(sandbox.tenant);
    const { gateway = {}, viewer = {} } = await sandbox.clients();
    await portal.addSecret(gateway["objectId"] ?? "", hostileName);
    await portal.assignRole(
      seedResourceIds.workspace,
      builtInRoleIds.dicomDataOwner,
      gateway["servicePrincipalId"] ?? "",
    );
    const [role] = await portal.rolesOf(seedResourceIds.dicomService, viewer["servicePrincipalId"] ?? "");
    await portal.removeRole(role?.id ?? "");
    drawn = JSON.parse((await sandbox.on("map", ["--json"])).stdout) as EstateMap;
  });
  after(async () => {
    await browser?.close();
    await sandbox?.stop();
  });

  it("tells what is declared from what is undeclared and what is gone", () => {
    assert.ok(drawn.complete);
    const name = (id: string): string => drawn.targets.find((target) => target.id === id)?.name ?? id;
    const shown = drawn.clients.map((client) => [
      client.name,
      client.displayName,
      client.credentials.map(({ kind, standing }) => `${kind} ${standing}`).sort(),
      client.access.map((one) => `${one.name} -> ${name(one.to)}: ${one.standing}`).sort(),
    ]);
    const consent = "Dicom.ReadWrite -> Azure API for DICOM: declared";
    assert.deepEqual(shown, [
      [
        "gateway",
        "Gateway",
        ["secret declared", "secret undeclared"],
        [
          "DICOM Data Owner -> sandboxworkspace: undeclared",
          "DICOM Data Reader -> sandboxworkspace/imaging: declared",
          consent,
        ],
      ],
      [
        "viewer",
        "Viewer",
        ["secret declared"],
        ["DICOM Data Reader -> sandboxworkspace/imaging: missing", consent],
      ],
    ]);
  });

  it("draws it with Mermaid, in which names stay text", async () => {
    const { code, stdout } = await sandbox.on("map");
    assert.equal(code, 0);
    const lines = stdout.split("\n");
    assert.equal(lines[2], "Not as declared: 2 undeclared, 1 missing.");
    assert.deepEqual([lines[4], lines[5], lines.at(-2)], ["```mermaid", "flowchart LR", "```"]);
    const text = String.raw`[\p{L}\p{N} ,./:#;-]*`;
    const label = `"${text}(<br/>${text})*"`;
    const statement = new RegExp(
      [
        `^  subgraph c\\d+g\\[${label}\\]`,
        "  end",
        ` {2,4}[ct]\\d+(k\\d+)?(\\[|\\(\\[|\\[\\[)${label}(\\]|\\]\\)|\\]\\])`,
        ` {2}c\\d+(k\\d+)? (---|-->\\|${label}\\|) [ct]\\d+`,
        " {2}(class|classDef|linkStyle) [a-z0-9 :#,-]+$",
      ].join("$|^"),
      "u",
    );
    for (const line of lines.slice(6, -2)) assert.match(line, statement);
    assert.match(stdout, /^ {2}class c0k\d undeclared$/m);
    assert.match(stdout, /^ {2}c1 -->\|"Azure role: DICOM Data Reader<br\/>MISSING"\| t\d$/m);
  });

  for (const width of [375, 1280]) {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`draws it as a page without a script: ${width} px, ${colorScheme}`, async () => {
        const { stdout } = await sandbox.on("map", ["--format", "html"]);
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
        try {
          const page = await context.newPage();
          await page.setContent(stdout);
          assert.equal(await page.locator("script, [src], [href], [onmouseover]").count(), 0);
          assert.equal(await page.locator("li.undeclared .standing").count(), 2);
          assert.equal(await page.locator("li.missing .standing").count(), 1);
          const wide = await page.evaluate<number>(
            "Math.max(...[...document.querySelectorAll('body *')].map((one) => one.getBoundingClientRect().right))",
          );
          assert.ok(wide <= width, `something reaches to ${wide} px`);
          const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`);
          assert.deepEqual(
            violations.map(({ id }) => id),
            [],
          );
        } finally {
          await context.close();
        }
      });
    }
  }
});
