import { plainText } from "dicom-service-client/model";

/** A text that others chose, so that it stays text in Markdown: no markup, no cells, no line breaks, no mentions, no formulas. */
export function escapeMarkdown(text: string): string {
  return asReferences(plainText(text), /[&<>"'\\`*_{}[\]()#+\-!|~@.:$^=]/g);
}

/** A text that others chose, safe in HTML: markup and control characters are shown as they are written. */
export function escapeHtml(text: string): string {
  return asReferences(plainText(text), /[&<>"']/g);
}

/**
 * A text that others chose, in a message of SARIF: brackets would be a link, a number in braces would stand for an argument. Source:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html, 3.11.5 and 3.11.6
 */
export function escapeSarif(text: string): string {
  return plainText(text)
    .replace(/[\\[\]]/g, (character) => `\\${character}`)
    .replace(/\{(\d+)\}/g, "{{$1}}");
}

/** Writes characters as references, all at once: the characters of a reference must not be taken for the text's own. */
function asReferences(text: string, characters: RegExp): string {
  return text.replace(characters, (character) => `&#${character.charCodeAt(0)};`);
}
