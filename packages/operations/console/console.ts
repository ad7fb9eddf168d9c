import picocolors from "picocolors";
import { plainLines } from "dicom-service-client/model";
import { runnableCommands } from "./runnableCommands";
import { machineClock, type OperationClock, type OperationIo, type OutputSink } from "../operationIo";
import { lineWidth } from "./wrapped";

/** Marks for people's eyes; without colour they leave a text as it is. */
export type Colours = ReturnType<typeof picocolors.createColors>;

const progressMilliseconds = 2000;

/** How an operation speaks: results to stdout, as they are; everything else to stderr, where names that others chose stay text. */
export class Console {
  readonly colours: Colours;
  readonly clock: OperationClock;
  private lastNote: string | undefined;
  /** Whether the terminal shows a line that is to be taken off again. */
  private isLineShown = false;
  /** When progress was last told, or first asked to be. */
  private lastProgress: number | undefined;

  constructor(private readonly io: OperationIo) {
    this.colours = picocolors.createColors(coloured(io.stdout, io.env));
    const clock = io.clock ?? machineClock;
    this.clock = {
      now: () => clock.now(),
      sleep: (milliseconds) => clock.sleep(milliseconds, io.signal),
    };
  }

  /** Fires when the user gives up. */
  get signal(): AbortSignal | undefined {
    return this.io.signal;
  }

  /** Hands a result over; resolves once it has been, so that ending the process cannot cut it. */
  async result(text: string): Promise<void> {
    await this.clear();
    await handOver(this.io.stdout, this.runnable(text));
  }

  /** A text as this user can run the commands in it. */
  runnable(text: string): string {
    return runnableCommands(text, this.io.env);
  }

  /**
   * Says on the way what is being done: on a terminal in one line, which the next one takes the place of, and elsewhere in lines, the
   * same one not twice in a row.
   */
  note(line: string): void {
    if (line === this.lastNote) return;
    this.lastNote = line;
    const { stderr } = this.io;
    if (stderr.isTTY === true) {
      // A terminal that does not know how wide it is says 0.
      const width = stderr.columns || lineWidth;
      void handOver(stderr, `${this.clearing()}${plainLines(line).slice(0, width - 1)}`);
      this.isLineShown = true;
    } else {
      void this.say(line);
    }
  }

  /** Says how far something has come that takes long: a line every two seconds at most, and none before these have passed. */
  progress(line: string): void {
    const now = this.clock.now().getTime();
    this.lastProgress ??= now;
    if (now - this.lastProgress < progressMilliseconds) return;
    this.lastProgress = now;
    this.note(line);
  }

  /** Says something that stays to be read. */
  async say(line: string): Promise<void> {
    await this.writeError(`${line}\n`);
  }

  /** The same with what went wrong, whose lines end by themselves. */
  async writeError(text: string): Promise<void> {
    await this.clear();
    await handOver(this.io.stderr, plainLines(this.runnable(text)));
  }

  /** Takes what was said on the way off the terminal. */
  async clear(): Promise<void> {
    await handOver(this.io.stderr, this.clearing());
  }

  private clearing(): string {
    const isShown = this.isLineShown;
    this.isLineShown = false;
    return isShown ? "\r\u001b[2K" : "";
  }
}

/** Only on a terminal, and never against the user's wish. See https://no-color.org. */
function coloured(sink: OutputSink, env: NodeJS.ProcessEnv): boolean {
  return sink.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** A reader that has gone away (`… | head`) is no error of ours. */
async function handOver(sink: OutputSink, text: string): Promise<void> {
  if (text === "") return;
  await new Promise<void>((resolve, reject) => {
    sink.write(text, (error) => {
      if (error && !("code" in error && error.code === "EPIPE")) reject(error);
      else resolve();
    });
  });
}
