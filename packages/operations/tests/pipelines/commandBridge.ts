import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** What a command answers. */
export interface CommandAnswer {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Takes the place of an executable. `read` gives the text of a file that an argument names. */
export type StandInCommand = (argv: readonly string[]) => Promise<CommandAnswer> | CommandAnswer;

/**
 * Executables for PATH whose work is done in this process: the boundary of these tests is what reaches GitHub, Azure DevOps and,
 * by the Azure CLI, a tenant. Each command checks its arguments as the real one would.
 */
export class CommandBridge {
  private constructor(
    private readonly server: Server,
    /** To be put on PATH. */
    readonly folder: string,
  ) {}

  /** @param folder for the executables */
  static async start(
    folder: string,
    commands: Readonly<Record<string, StandInCommand>>,
  ): Promise<CommandBridge> {
    const server = createServer((incoming, outgoing) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
      incoming.on("end", () => {
        const { program, argv } = JSON.parse(body) as {
          readonly program: string;
          readonly argv: readonly string[];
        };
        void Promise.resolve()
          .then(() => commands[program]?.(argv))
          .catch((error: unknown) => ({ code: 1, stderr: `${program}: ${String(error)}\n` }))
          .then((answer) => outgoing.end(JSON.stringify(answer ?? {})));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await mkdir(folder, { recursive: true });
    for (const program of Object.keys(commands)) {
      const file = join(folder, program);
      await writeFile(file, executable(program, port));
      await chmod(file, 0o755);
    }
    return new CommandBridge(server, folder);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function executable(program: string, port: number): string {
  return `#!/usr/bin/env node
const body = JSON.stringify({ program: ${JSON.stringify(program)}, argv: process.argv.slice(2) });
fetch("http://127.0.0.1:${port}", { method: "POST", body }).then(async (response) => {
  const { code = 0, stdout = "", stderr = "" } = await response.json();
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
});
`;
}
