import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { ProcessArguments } from "./processArguments";
import { type AllowedPlace, findSecrets, type Leak, type Secret } from "../../secretHooks/secretScan";

/** What a command printed. */
export interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A secret where it does not belong. */
export interface FoundLeak extends Leak {
  /** `stdout`, `stderr`, `process arguments`, or a file. */
  readonly where: string;
}

/** What was found after one command. */
export interface SweptStep {
  readonly command: string;
  readonly code: number | null;
  /** Bytes that it printed. */
  readonly printed: number;
  readonly files: number;
  readonly processes: number;
  readonly leaks: readonly FoundLeak[];
}

/** Runs commands and looks for every secret that they have made in all that they leave behind. */
export class Sweep {
  readonly steps: SweptStep[] = [];
  private readonly secrets = new Map<string, Secret>();
  /** What was searched already, so that a file is read again only when it has changed or there is more to look for. */
  private readonly searched = new Set<string>();

  /**
   * @param folders everything that commands write to.
   * @param allowedPlaces where secrets may lie all the same.
   */
  constructor(
    private readonly folders: readonly string[],
    private readonly allowedPlaces: readonly AllowedPlace[],
  ) {}

  /** Adds secrets to look for. */
  announce(...secrets: readonly Secret[]): void {
    for (const secret of secrets) this.secrets.set(secret.value, secret);
  }

  /**
   * Runs a command and looks at what it has left behind.
   *
   * @param announce gathers secrets that the command has made, before anything is searched.
   */
  async step(
    command: string,
    run: () => Promise<Printed>,
    announce?: () => Promise<readonly Secret[]>,
  ): Promise<SweptStep> {
    const watched = new ProcessArguments();
    const { code, stdout, stderr } = await run();
    const processes = watched.count;
    const seen = watched.stop();
    if (announce) this.announce(...(await announce()));
    const secrets = [...this.secrets.values()];
    const leaks = Object.entries({
      stdout: Buffer.from(stdout),
      stderr: Buffer.from(stderr),
      "process arguments": seen,
    }).flatMap(([where, bytes]) =>
      findSecrets(bytes, secrets).map((leak): FoundLeak => ({ ...leak, where })),
    );
    const files = this.files();
    for (const { path, name } of files) leaks.push(...this.leaksIn(path, name, secrets));
    const step: SweptStep = {
      command,
      code,
      printed: Buffer.byteLength(stdout) + Buffer.byteLength(stderr),
      files: files.length,
      processes,
      leaks,
    };
    this.steps.push(step);
    return step;
  }

  private leaksIn(path: string, name: string, secrets: readonly Secret[]): FoundLeak[] {
    const { mtimeMs, size, ino } = statSync(path);
    const key = [path, ino, mtimeMs, size, secrets.length].join(" ");
    if (this.searched.has(key)) return [];
    this.searched.add(key);
    return findSecrets(readFileSync(path), secrets)
      .filter(
        ({ secret }) => !this.allowedPlaces.some(([file, owner]) => file.test(name) && owner.test(secret)),
      )
      .map((leak) => ({ ...leak, where: name }));
  }

  private files(): { readonly path: string; readonly name: string }[] {
    return this.folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
        .map((path) => ({ path, name: relative(folder, path) })),
    );
  }
}
