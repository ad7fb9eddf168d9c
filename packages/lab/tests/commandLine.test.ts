import assert from "node:assert/strict";
import { type Command, CommanderError } from "commander";
import { benchCommand } from "../benchCommand";
import { reliabilityCommand } from "../reliabilityCommand";

const ignore = (): void => undefined;

describe("the lab's command lines", () => {
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
    assert.match(
      await refusalOf(benchCommand({}, ignore), "--clients", "1,x"),
      /Give a whole number from 1 up/,
    );
    const reliability = (): Command => reliabilityCommand(ignore);
    assert.match(await refusalOf(reliability(), "faults", "--fault", "x"), /Allowed choices are lag, /);
    assert.match(await refusalOf(reliability(), "kills", "--target", "x"), /Allowed choices are engine, /);
    assert.match(await refusalOf(reliability(), "kills", "--runs", "0"), /Give a whole number from 1 up/);
  });
});
