import assert from "node:assert/strict";
import { escapeHtml, escapeMarkdown, escapeSarif } from "../console/markup";
import { jsonText, plainLines, plainText } from "../console/plainText";
import { assertInert, hostileStrings } from "./hostileStrings";

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
