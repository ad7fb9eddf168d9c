import type { WriteStream } from "node:tty";

/** Where something is said on the way; a stream of Node.js. */
type Stream = Pick<WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

/** How often progress is told where lines stay, in milliseconds. */
const interval = 10_000;

/**
 * Tells how far something has come: in one line that is written over on a terminal, and in a line of its own every ten seconds
 * elsewhere.
 */
export class LiveLine {
  private isShown = false;
  private lastTold = Date.now();

  constructor(private readonly stream: Stream) {}

  /** Shows how far it has come. */
  show(line: string): void {
    if (this.stream.isTTY === true) {
      // A terminal that does not know how wide it is says 0.
      const width = this.stream.columns || 80;
      this.stream.write(`\r\x1b[2K${line.slice(0, width - 1)}`);
      this.isShown = true;
    } else if (Date.now() - this.lastTold >= interval) {
      this.lastTold = Date.now();
      this.stream.write(`${line}\n`);
    }
  }

  /** Takes the line away, before anything else is written. */
  clear(): void {
    if (this.isShown) this.stream.write("\r\x1b[2K");
    this.isShown = false;
  }
}
