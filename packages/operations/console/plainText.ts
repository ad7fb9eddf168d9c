/**
 * A name that others chose, safe to show on a terminal: control characters, which could rewrite what is on the screen, are shown
 * as their code points, and so are the marks that turn the direction of writing.
 */
export function plainText(text: string): string {
  return text.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
