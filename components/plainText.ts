/**
 * Characters that a reader does not see, or that change what is seen around them: control characters, which could rewrite a screen,
 * marks that turn the direction of writing, separators of lines, characters without a width or a shape, halves of pairs.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What a line of a job's log must not hold, as it would be a command: `##[` and `##vso[` anywhere in it, and `::` at its beginning, blanks
 * before it aside. As texts are broken into lines at their blanks, `::` must not begin any word. Sources:
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs,
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
const jobCommand = /##(?=(?:vso)?\[)/gi;
const jobCommandInWord = /(^|\s):(?=:)/gm;

/**
 * A text that others chose, safe to show on a terminal and in the log of a job: what a reader does not see, and what would begin a
 * command, is shown as its code point.
 */
export function plainText(text: string): string {
  return withoutCommands(
    text.replace(unseen, (character) => {
      const code = codeOf(character);
      return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
    }),
  );
}

/** The same for texts of several lines that are our own, or a tool's, with names in them that are not. */
export function plainLines(text: string): string {
  return plainMessage(text.split("\n"));
}

/** A text of several lines, in none of which the end of a line that others wrote makes another. */
export function plainMessage(lines: readonly string[]): string {
  return lines.map(plainText).join("\n");
}

/**
 * A value as JSON that is safe to show there, too: the same to whoever reads it by machine.
 *
 * @param indent blanks before what is inside of something; 0: all in one line
 */
export function jsonText(value: unknown, indent = 2): string {
  return withoutCommands(
    escapedUnseen(JSON.stringify(value, undefined, indent), (character) =>
      Array.from({ length: character.length }, (_none, index) => character.charCodeAt(index))
        .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
        .join(""),
    ),
  );
}

/** YAML that is safe to show there, too. Scalars that {@link plainLines} would change must stand in double quotes in it. */
export function yamlText(yaml: string): string {
  return withoutCommands(
    escapedUnseen(yaml, (character) => {
      const code = codeOf(character);
      return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
    }),
  );
}

/** Escapes what is not seen; the ends of lines are the text's own. */
function escapedUnseen(text: string, escape: (character: string) => string): string {
  return text
    .split("\n")
    .map((line) => line.replace(unseen, escape))
    .join("\n");
}

function withoutCommands(text: string): string {
  return text.replace(jobCommand, "#\\u0023").replace(jobCommandInWord, "$1\\u003a");
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
