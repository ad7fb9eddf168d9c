import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { auditSchema } from "../../scripts/auditSchema";
import { componentSchema } from "../../scripts/componentSchema";
import { configSchema } from "../../scripts/configSchema";
import { configurationGuide } from "../../scripts/configurationGuide";
import { factsGuide } from "../../scripts/factsGuide";
import { contentOf } from "../../scripts/generatedFile";
import { policyGuide } from "../../scripts/policyGuide";
import { rightsGuide } from "../../scripts/rightsGuide";

describe("the committed files that are made from the sources", function () {
  this.timeout(30_000);

  for (const file of [
    configSchema,
    configurationGuide,
    componentSchema,
    auditSchema,
    policyGuide,
    rightsGuide,
    factsGuide,
  ]) {
    it(`are up to date: ${relative(process.cwd(), file.path)}`, async () => {
      const command = file === policyGuide ? "npm run policies" : "npm run schema";
      assert.equal(readFileSync(file.path, "utf8"), await contentOf(file), `run ${command}`);
    });
  }
});
