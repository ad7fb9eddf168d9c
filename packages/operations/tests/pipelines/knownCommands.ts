import assert from "node:assert/strict";
import { Command } from "commander";
import { addPipelineCommand } from "../../commands/pipeline";

const steps = commandsOf();

/** The commands of `dicom-ops pipeline`, with the options of each. */
function commandsOf(): ReadonlyMap<string, readonly string[]> {
  const program = new Command();
  const unused = (): never => assert.fail("nothing is run here");
  addPipelineCommand(program, {
    io: { stdout: process.stdout, stderr: process.stderr, env: {}, cwd: "/" },
    operate: unused,
    finish: unused,
    finishWithoutStack: unused,
  });
  const [pipeline] = program.commands;
  assert.ok(pipeline);
  return new Map(
    pipeline.commands.map((command) => [
      command.name(),
      [...command.options.flatMap(({ long }) => long ?? []), "--stack"],
    ]),
  );
}

/** A step runs what the package of the operations has, with options that it has, and never something from the registry. */
export function assertKnownCommands(script: string): void {
  for (const [call] of script.matchAll(/\bnpx\b[^\n|]*/g)) {
    const [, name = "", rest = ""] =
      /^npx --no dicom-ops pipeline (\w+)(.*)$/.exec(call) ?? assert.fail(call);
    const options = steps.get(name) ?? assert.fail(`there is no command ${name}`);
    for (const [option] of rest.matchAll(/--[a-z-]+/g))
      assert.ok(options.includes(option), `${name} ${option}`);
  }
  assert.doesNotMatch(script, /\.sh\b/);
}
