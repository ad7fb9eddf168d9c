/**
 * Characters that a reader does not see, or that change what is seen around them: control characters, which could rewrite a screen,
 * marks that turn the direction of writing, separators of lines, characters without a width or a shape, halves of pairs.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** A text that others chose, safe to show on a terminal: what a reader does not see is shown as its code point. */
export function plainText(text: string): string {
  return text.replace(unseen, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** The same for texts of several lines that are our own, with names in them that are not. */
export function plainLines(text: string): string {
  return text.split("\n").map(plainText).join("\n");
}

/** A value as JSON that is safe to show on a terminal, too: the same to whoever reads it by machine. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
    .split("\n")
    .map((line) =>
      line.replace(unseen, (character) =>
        Array.from({ length: character.length }, (_none, index) => character.charCodeAt(index))
          .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
          .join(""),
      ),
    )
    .join("\n");
}
