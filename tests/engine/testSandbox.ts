import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { stringify } from "yaml";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";
import { projectRoot } from "../../sandbox/runner/projectRoot";
import type { ProviderChoice } from "../../sandbox/runner/providers";
import { SandboxFolder } from "../../sandbox/runner/sandboxFolder";
import { withSession, type Session, type SessionOptions } from "../../sandbox/runner/session";

/** The plugins that engine tests run with; `SANDBOX_PROVIDER=real` proves the same with the real ones. */
const provider: ProviderChoice = process.env["SANDBOX_PROVIDER"] === "real" ? "real" : "stand-in";

/** What a command of the sandbox left behind. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A sandbox of its own for one test, in a temporary folder. */
export class TestSandbox {
  /** Everything that commands have printed so far. */
  printed = "";
  private readonly base = mkdtempSync(join(tmpdir(), "sandbox-"));

  get folder(): SandboxFolder {
    return new SandboxFolder(join(this.base, "state"));
  }

  /** A home folder that is not the developer's. */
  get home(): string {
    return join(this.base, "home");
  }

  /** The path of a file of this test. */
  file(name: string): string {
    return join(this.base, name);
  }

  /**
   * Writes a stack file.
   *
   * @param more further keys of the project.
   * @param others keys of providers, in full.
   */
  configure(
    clients: Readonly<Record<string, unknown>>,
    more: Readonly<Record<string, unknown>> = {},
    others: Readonly<Record<string, unknown>> = {},
  ): string {
    const file = this.file("Pulumi.sandbox.yaml");
    writeFileSync(file, stringify({ config: { ...others, clients, ...more } }));
    return file;
  }

  /** Runs a command as a user does, in a process of its own. */
  async run(...args: readonly string[]): Promise<CommandResult> {
    return this.collect(await this.start(args));
  }

  /** Runs a command and interrupts it once it has printed something. */
  async interrupt(when: RegExp, ...args: readonly string[]): Promise<CommandResult> {
    const child = await this.start(args);
    let printed = "";
    child.stdout.on("data", (data: Buffer) => {
      const before = when.test(printed);
      printed += data.toString("utf8");
      if (!before && when.test(printed)) {
        child.kill("SIGINT");
      }
    });
    return this.collect(child);
  }

  private async start(args: readonly string[]): Promise<ChildProcessByStdio<null, Readable, Readable>> {
    const cli = await ensurePulumiCli();
    return spawn(
      process.execPath,
      [
        "-r",
        "ts-node/register",
        "sandbox/cli.ts",
        "--provider",
        provider,
        "--folder",
        this.folder.root,
        ...args,
      ],
      {
        cwd: projectRoot,
        env: {
          ...process.env,
          HOME: this.home,
          PATH: [dirname(cli.path), process.env["PATH"]].join(delimiter),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
  }

  private collect(child: ChildProcessByStdio<null, Readable, Readable>): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (data: Buffer) => (stdout += data.toString("utf8")));
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString("utf8")));
      child.on("error", reject);
      child.on("close", (code) => {
        this.printed += stdout + stderr;
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** Uses the engine and the tenant in this process, with a configuration. */
  async use<T>(config: string, work: (session: Session) => Promise<T>): Promise<T> {
    return withSession(this.options(config), true, work);
  }

  /** What a session in this process starts with. */
  options(config: string): SessionOptions {
    return {
      folder: this.folder,
      provider,
      userEnvironment: process.env,
      note: (line) => (this.printed += `${line}\n`),
      config,
    };
  }

  /** The files below a folder that hold a text in the clear. */
  filesWith(text: string, folder: string = this.base): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter(
        (path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(text),
      );
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
