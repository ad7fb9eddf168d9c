import assert from "node:assert/strict";

/** Names as somebody would choose them who wants to get out of where they are shown: each a way of its own. */
export const hostileStrings: readonly string[] = [
  "[click](https://evil.example/)",
  "![i](https://evil.example/i.png)",
  "[ref]: https://evil.example/",
  "<https://evil.example/>",
  "https://evil.example/",
  "</td></details><script>alert(1)</script>",
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  "&lt;b&gt; &#60;i&#62;",
  "a | b |",
  "`code` ``` ~~~",
  "*bold* _italic_ ~~gone~~",
  "@team #1 GH-1",
  "$x^2$ $$y$$",
  "line\n# heading\n- item\r\n> quote",
  "tab\tand\u000bfeed\u0000nul",
  "\u001b[31mred\u001b]8;;https://evil.example/\u0007link",
  "\u009b31mred",
  "\u202egpj.exe",
  "\u2066hidden\u2069 \u200fmark \u061c",
  "zero\u200bwidth\u2060joiner\ufeff\u00ad",
  "line\u2028paragraph\u2029",
  "tag\u{e0041}\u{e007f}",
  "filler\u3164\u115f",
  "lone \ud800 half",
  "{0} {1}",
  "back\\slash \\[x\\]",
  "::error::stop",
  " \t::add-mask::a",
  "##vso[task.complete result=Failed;]",
  "a ##VSO[task.setvariable variable=verdict;isOutput=true]clean",
  "a ##[add-mask]a",
  "\n::set-env name=PATH::/tmp",
  // Where lines are broken, what comes next begins one.
  `${"x".repeat(75)} ::error::stop`,
  `${"a b ".repeat(40)}\n\n ::warning::stop`,
  "very-long".repeat(500),
];

/** Where a text is shown, and what would have an effect there. */
const effects = {
  text: [],
  markdown: [
    /<(?!\/?pre>)[a-z/!]/i,
    /[^\\]`/,
    /\]\(/,
    /https:\/\//,
    /@team/,
    /\$x/,
    /\*bold/,
    /~~/,
    /\| b/,
    /(?<!&)#1/,
  ],
  html: [/<script/i, /<\/td>/, /onmouseover=["']/],
  sarif: [/(^|[^\\])(\\\\)*\[/, /(^|[^\\])(\\\\)*\]/, /(^|[^{])\{\d+\}(?!\})/],
} as const satisfies Readonly<Record<string, readonly RegExp[]>>;

/** What a reader does not see, apart from the line feeds of a text of several lines. */
const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u3164\u115f]/u;

/** Asserts that nothing in a text acts on whoever looks at it there, and that no line of it is a hostile one's own. */
export function assertInert(format: keyof typeof effects, text: string): void {
  assert.doesNotMatch(text, unseen, format);
  for (const effect of effects[format]) assert.doesNotMatch(text, effect, format);
  for (const line of text.split("\n")) {
    assert.doesNotMatch(line, /^(# heading|- item|> quote)/, format);
    // Commands to the systems that run pipelines, wherever the text is printed there.
    assert.doesNotMatch(line, /^\s*::|##(vso)?\[/i, format);
  }
}
