/** The last lines a program has printed, for the message that says why it failed. */
export class OutputTail {
  private readonly lines: string[] = [];

  /** @param length number of lines that are kept; default 12 */
  constructor(private readonly length = 12) {}

  add(line: string): void {
    if (line.trim() === "") return;
    this.lines.push(line);
    if (this.lines.length > this.length) this.lines.shift();
  }

  /** The lines indented below what is said before them, or nothing when there are none. */
  indented(): string {
    return this.lines.length === 0 ? "" : `:\n${this.lines.map((line) => `      ${line}`).join("\n")}`;
  }
}
