import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds between two looks at the processes. */
const interval = 20;

/** Collects the arguments of all processes below this one while they run. Linux only. */
export class ProcessArguments {
  private readonly seen = new Set<string>();
  private readonly timer = setInterval(() => {
    this.look();
  }, interval);

  /** How many different command lines there were. */
  get count(): number {
    return this.seen.size;
  }

  /** Everything that was seen, one command line after the other. */
  stop(): Buffer {
    clearInterval(this.timer);
    return Buffer.from([...this.seen].join("\n"), "latin1");
  }

  private look(): void {
    const parents = new Map<number, number>();
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      // The name of the program, in parentheses, may hold anything; the parent comes two fields after it.
      const parent = /\) \S (\d+)/.exec(readIfThere(`/proc/${name}/stat`))?.[1];
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    }
    const isOurs = (id: number): boolean => {
      const parent = parents.get(id);
      return parent !== undefined && (parent === process.pid || isOurs(parent));
    };
    for (const id of parents.keys()) {
      if (isOurs(id)) this.seen.add(readIfThere(`/proc/${id}/cmdline`));
    }
  }
}

/** A process may end between two looks. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
