import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import { parse } from "yaml";
import { benchCommand } from "../benchCommand";
import { reliabilityCommand } from "../reliabilityCommand";

const ignore = (): void => undefined;

describe("the lab's command lines", () => {
  const bench = (): Command => benchCommand({ userEnvironment: {}, note: ignore });

  /** What a command line is refused with. */
  async function refusalOf(command: Command, ...args: readonly string[]): Promise<string> {
    for (const one of [command, ...command.commands]) {
      one.exitOverride().configureOutput({ writeErr: ignore });
    }
    try {
      await command.parseAsync(args, { from: "user" });
    } catch (error) {
      assert.ok(error instanceof CommanderError, String(error));
      return error.message;
    }
    return assert.fail("it is accepted");
  }

  it("refuse what they do not know before anything is started", async () => {
    assert.match(await refusalOf(bench(), "speeed"), /Allowed choices are start, audit, template/);
    assert.match(await refusalOf(bench(), "speed", "--clients", "1,x"), /Give a whole number from 1 up/);
    assert.match(await refusalOf(bench(), "fleet", "--clients", "2"), /give --out, --preview or both/);
    const reliability = (): Command => reliabilityCommand(ignore);
    assert.match(await refusalOf(reliability(), "faults", "--fault", "x"), /Allowed choices are lag, /);
    assert.match(await refusalOf(reliability(), "kills", "--target", "x"), /Allowed choices are engine, /);
    assert.match(await refusalOf(reliability(), "fuzz", "--cases", "0"), /Give a whole number from 1 up/);
  });

  it("write a fleet's stack files, and none over another", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fleet-"));
    const write = process.stdout.write.bind(process.stdout);
    try {
      const args = ["fleet", "--clients", "5", "--stacks", "2", "--prefix", "prod", "--out", folder];
      process.stdout.write = () => true;
      await bench().parseAsync(args, { from: "user" });
      process.stdout.write = write;
      assert.deepEqual(readdirSync(folder).sort(), ["Pulumi.prod-01.yaml", "Pulumi.prod-02.yaml"]);
      const clients = readdirSync(folder).map((file) => {
        const { config } = parse(readFileSync(join(folder, file), "utf8")) as { config: { clients: object } };
        return Object.keys(config.clients);
      });
      assert.equal(new Set(clients.flat()).size, 5);
      await assert.rejects(bench().parseAsync(args, { from: "user" }), { code: "EEXIST" });
    } finally {
      process.stdout.write = write;
      rmSync(folder, { recursive: true });
    }
    assert.ok(!existsSync(folder));
  });
});
