import assert from "node:assert/strict";
import { withKeys } from "../../scripts/configurationGuide";
import { stackConfigSchema } from "../../components/stack/config";
import { clientFields } from "../../components/clientSchema";
import { guide } from "./guideFiles";

const marks = "<!-- begin keys -->\n<!-- end keys -->";

describe("the reference of the configuration", () => {
  it("has the keys that the program accepts", () => {
    const { text } = guide("docs/reference/configuration.md");
    for (const key of [...Object.keys(stackConfigSchema.shape), ...Object.keys(clientFields)]) {
      assert.match(text, new RegExp(`^\\| \`${key}\``, "m"), key);
    }
  });

  it("explains every key", () => {
    const rows = guide("docs/reference/configuration.md").text.match(/^\| `.*$/gm) ?? [];
    assert.ok(rows.length > 40);
    for (const row of rows) assert.match(row, /\.\s*\|$/, row);
  });

  it("shows values, limits, defaults and parts, also of definitions elsewhere", () => {
    const shown = withKeys(marks, {
      type: "object",
      required: ["first"],
      properties: {
        first: { $ref: "#/$defs/parts" },
        day: {
          anyOf: [{ type: "string", format: "date" }, { const: "today" }],
          description: "A day.",
          default: "today",
        },
      },
      $defs: {
        parts: {
          type: "array",
          description: "Parts.",
          maxItems: 3,
          items: {
            type: "object",
            properties: {
              size: {
                type: "integer",
                minimum: 1,
                maximum: 9,
                description: "How large.",
                absent: "as before",
              },
              name: { type: "string", pattern: "^(a|b)$", description: "Its name." },
            },
          },
        },
      },
    });
    assert.equal(
      shown,
      [
        "<!-- begin keys -->",
        "### The stack",
        [
          "| key | value | default | meaning |",
          "| --- | --- | --- | --- |",
          "| `first` | [list, at most 3](#first) | **required** | Parts. |",
          '| `day` | date, as `"2026-11-23"` or `today` | today | A day. |',
        ].join("\n"),
        "### `first[]`",
        [
          "| key | value | default | meaning |",
          "| --- | --- | --- | --- |",
          "| `size` | whole number, 1 to 9 | as before | How large. |",
          "| `name` | text, `^(a\\|b)$` | – | Its name. |",
        ].join("\n"),
        "<!-- end keys -->",
      ].join("\n\n"),
    );
  });

  it("says so when the guide has no place for the keys", () => {
    assert.throws(() => withKeys("# Configuration"), /mark it with <!-- begin keys -->/);
  });
});
