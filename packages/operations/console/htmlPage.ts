import { createHash } from "node:crypto";
import { pageStyle } from "./pageStyle";

/** What a page consists of; everything but the script is HTML in which names have been escaped. */
export interface HtmlPage {
  readonly title: string;
  /** Stands under the title. */
  readonly lead: string;
  readonly main: string;
  readonly footer?: string;
  /** Id of the section that the keyboard can skip to, and the link's text. */
  readonly skip?: { readonly to: string; readonly text: string };
  /** Besides the style that all pages share. */
  readonly style?: string;
  readonly script?: string;
}

/**
 * Writes a page that needs nothing else: no other file, and no network. Its policy allows its own script alone, by a hash, so that no
 * name in it can become one.
 */
export function htmlPage({ title, lead, main, footer, skip, style = "", script }: HtmlPage): string {
  const scripts =
    script === undefined
      ? ""
      : `; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  return [
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'${scripts}">
<title>${title}</title>
<style>${pageStyle}${style}</style>
</head>
<body>`,
    ...(skip === undefined ? [] : [`<a class="skip" href="#${skip.to}">${skip.text}</a>`]),
    `<header>
<h1>${title}</h1>
${lead}
</header>
<main>
${main}
</main>`,
    ...(footer === undefined ? [] : [`<footer>${footer}</footer>`]),
    ...(script === undefined ? [] : [`<script>${script}</script>`]),
    `</body>
</html>
`,
  ].join("\n");
}
