import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import { type FindOptions, type PulumiCli, ensurePulumiCli } from "../../toolchain/pulumiCli";

const repository = join(__dirname, "..", "..", "..", "..");

/** What the fake `go` does when it is asked to build. */
export interface FakeGo {
  /** What it calls itself; default a version that is new enough. */
  readonly version?: string;
  /** Shell lines that run before the result is written. */
  readonly before?: string;
  /** What the CLI it makes reports; default the pinned version. */
  readonly makes?: string;
}

/** A machine of its own: a PATH with nothing but the fakes that a test puts there, and an empty home folder. */
export class ToolchainFixture {
  readonly folder = mkdtempSync(join(tmpdir(), "toolchain-"));
  readonly home = join(this.folder, "home");
  readonly bin = join(this.folder, "bin");
  readonly versions = join(this.home, ".pulumi", "versions");
  readonly root = join(this.versions, pinnedVersion.version);
  readonly executable = join(this.root, "bin", "pulumi");
  readonly lines: string[] = [];
  readonly env: NodeJS.ProcessEnv = { PATH: this.bin, HOME: this.home };
  private readonly children: ChildProcess[] = [];
  private origin: string | undefined;

  constructor() {
    mkdirSync(this.home);
    mkdirSync(this.bin);
  }

  /** Searches in this process. The download site, if a test wants one asked, refuses connections unless replaced. */
  async ensure(options: FindOptions = {}): Promise<PulumiCli> {
    this.origin ??= await closedOrigin();
    return ensurePulumiCli({
      env: this.env,
      progress: (line) => this.lines.push(line),
      download: false,
      ...options,
      settings: { downloadOrigin: this.origin, ...options.settings },
    });
  }

  /** The command line in a process of its own; it never asks the download site. */
  startCommandLine(): CommandLine {
    const program = join(repository, "packages", "sandbox", "bin", "toolchain", "cli.js");
    const child = spawn(process.execPath, [program, "--no-download"], { cwd: repository, env: this.env });
    this.children.push(child);
    return new CommandLine(child);
  }

  /** Puts a program on PATH. */
  writeProgram(name: string, body: string): string {
    return writeExecutable(join(this.bin, name), body);
  }

  writePulumi(version: string): string {
    return this.writeProgram("pulumi", reporting(version, this.starts));
  }

  /** Puts a CLI into the versions folder, as an earlier run or Pulumi's own tools would have. */
  install(body: string): string {
    mkdirSync(join(this.root, "bin"), { recursive: true });
    return writeExecutable(this.executable, body);
  }

  /** Script of a CLI that reports a version and notes that it was started. */
  cli(version: string): string {
    return reporting(version, this.starts);
  }

  writeGo({ version = "go1.26.8", before = "", makes = `v${pinnedVersion.version}` }: FakeGo = {}): string {
    return this.writeProgram(
      "go",
      `
if [ "$1" = env ]; then
  printf '%s\\n' '${version}' linux amd64
  exit 0
fi
printf 'x' >> '${this.builds}'
printf '%s\\n' "$PWD" "$@" > '${this.arguments}'
printf '%s\\n' "CGO_ENABLED=$CGO_ENABLED" "GOFLAGS=$GOFLAGS" "GOTOOLCHAIN=$GOTOOLCHAIN" "GOWORK=$GOWORK" \\
  "GO111MODULE=$GO111MODULE" "GOOS=$GOOS" "GOARCH=$GOARCH" "GOTMPDIR=$GOTMPDIR" > '${this.environment}'
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then output=$2; fi
  shift
done
printf 'half' > "$output"
${before}
printf '%s\\n' '#!/bin/sh' 'echo ${makes}' > "$output"
/bin/chmod 755 "$output"
`,
    );
  }

  /**
   * A `go` that tells its process id and builds on until {@link letBuild} is called.
   * @param busy shell command that it repeats meanwhile; default a short sleep
   */
  writeWaitingGo(busy = "/bin/sleep 0.05"): void {
    this.writeGo({
      before: `
printf '%s' $$ > '${this.pidFile}.part'
/bin/mv '${this.pidFile}.part' '${this.pidFile}'
while [ ! -e '${this.gate}' ]; do ${busy}; done`,
    });
  }

  letBuild(): void {
    writeFileSync(this.gate, "");
  }

  /** Resolves with the process id of a waiting `go` once it is at work. */
  async building(): Promise<number> {
    await until(() => existsSync(this.pidFile));
    return Number(readFileSync(this.pidFile, "utf8"));
  }

  /** Number of builds that were started. */
  get buildCount(): number {
    return existsSync(this.builds) ? readFileSync(this.builds, "utf8").length : 0;
  }

  /** Working folder and arguments of the last build. */
  get buildArguments(): string[] {
    return readFileSync(this.arguments, "utf8").trimEnd().split("\n");
  }

  get buildEnvironment(): string[] {
    return readFileSync(this.environment, "utf8").trimEnd().split("\n");
  }

  /** How often a fake CLI written here was started. */
  get startCount(): number {
    return existsSync(this.starts) ? readFileSync(this.starts, "utf8").length : 0;
  }

  /** Everything in the versions folder, leftovers and locks included. */
  get installed(): string[] {
    return existsSync(this.versions) ? readdirSync(this.versions).sort() : [];
  }

  async remove(): Promise<void> {
    this.letBuild();
    for (const child of this.children) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await ended;
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  private get starts(): string {
    return join(this.folder, "starts");
  }
  private get builds(): string {
    return join(this.folder, "builds");
  }
  private get arguments(): string {
    return join(this.folder, "arguments");
  }
  private get environment(): string {
    return join(this.folder, "environment");
  }
  private get pidFile(): string {
    return join(this.folder, "pid");
  }
  private get gate(): string {
    return join(this.folder, "gate");
  }
}

/** A program of ours in a process of its own. */
export class CommandLine {
  private output = "";
  private errors = "";
  private readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (data) => (this.output += String(data)));
    child.stderr?.on("data", (data) => (this.errors += String(data)));
    this.end = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What it has printed on standard error so far. */
  get progress(): string {
    return this.errors;
  }

  async ended(): Promise<{
    code: number | null;
    signal: NodeJS.Signals | null;
    stdout: string;
    stderr: string;
  }> {
    return { ...(await this.end), stdout: this.output, stderr: this.errors };
  }
}

/** Resolves once the condition holds. The test's own timeout bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function reporting(version: string, starts: string): string {
  return `printf 'x' >> '${starts}'\n[ "$PULUMI_SKIP_UPDATE_CHECK" = true ] && [ "$1" = version ] && echo '${version}'`;
}

function writeExecutable(path: string, body: string): string {
  // a shell that runs the file which is replaced keeps reading the old one
  writeFileSync(`${path}.new`, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  renameSync(`${path}.new`, path);
  return path;
}

/** An address on this machine where nobody listens. */
async function closedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
