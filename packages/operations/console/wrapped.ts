/** How wide texts for people are, in characters: a terminal of the usual size. */
export const lineWidth = 80;

/** The lines of a text that are no longer than a width: broken at blanks, and within words that are longer themselves. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}

/** A text behind a label; what does not fit into a line goes on below its beginning. */
export function labelled(label: string, text: string): string {
  const indent = " ".repeat(label.length);
  return wrapped(text, Math.max(lineWidth - label.length, lineWidth / 4))
    .map((line, index) => `${index === 0 ? label : indent}${line}\n`)
    .join("");
}
