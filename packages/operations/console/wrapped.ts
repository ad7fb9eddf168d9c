/** How wide texts for people are, in characters: a terminal of the usual size. */
export const lineWidth = 80;

/**
 * The lines of a text that are no longer than a width. They are broken at blanks only: a word that is longer, such as a resource id, has
 * a line of its own and stays whole, so that it can be copied. So does a command between backticks.
 */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(/ (?=(?:[^`]*`[^`]*`)*[^`]*$)/)) {
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && longer.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line ?? ""];
}

/** A text behind a label; what does not fit into a line goes on below its beginning. */
export function labelled(label: string, text: string): string {
  const indent = " ".repeat(label.length);
  return wrapped(text, Math.max(lineWidth - label.length, lineWidth / 4))
    .map((line, index) => `${index === 0 ? label : indent}${line}\n`)
    .join("");
}
