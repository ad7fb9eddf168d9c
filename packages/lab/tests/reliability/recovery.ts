import { project } from "../../fixtures/repository";
import { recoverState } from "entra-sandbox";
import { type SuggestedCommand, suggestedCommandsIn } from "./suggestedCommand";
import type { CommandRun, DisturbedSandbox } from "./disturbedSandbox";

/** How a command was brought to its end after a failure. */
export interface Recovery {
  readonly last: CommandRun;
  /** What it took beside running the command again, in order. */
  readonly steps: readonly string[];
}

/** More rounds of reading the message and doing what it says would tell of a user who goes round in circles. */
const mostRounds = 6;

/**
 * What a user does after a failure: runs the command again and, as long as that fails and its message names a cure, follows the
 * message.
 */
export async function recover(
  sandbox: DisturbedSandbox,
  run: (sandbox: DisturbedSandbox) => Promise<CommandRun>,
): Promise<Recovery> {
  const steps: string[] = [];
  let last = await run(sandbox);
  for (let round = 0; !last.succeeded && round < mostRounds; round += 1) {
    if (/currently locked by/.test(last.output)) {
      await sandbox.unlock();
      steps.push("pulumi cancel");
    } else if (/failed to load checkpoint/.test(last.output)) {
      await recoverState(sandbox.folder, project, () => undefined);
      steps.push("the state before");
    } else {
      const commands = suggestedCommandsIn(last.output);
      if (commands.length === 0) break;
      const followed = await sandbox.follow(
        await Promise.all(commands.map((command) => completed(command, sandbox))),
      );
      steps.push(...commands.map(({ kind }) => (kind === "import" ? "pulumi import" : "az … delete")));
      // Something else that exists already may be in the way of an import by a whole run; it has its turn in the next round.
      if (!followed.succeeded && suggestedCommandsIn(followed.output).length === 0)
        return { last: followed, steps };
    }
    last = await run(sandbox);
  }
  if (last.succeeded && (await sandbox.state()).pending.length > 0) {
    await sandbox.clearPendingCreates();
    steps.push("pulumi refresh --clear-pending-creates");
  }
  return { last, steps };
}

/** Looks up the id that a message leaves to the user to look up. */
async function completed(command: SuggestedCommand, sandbox: DisturbedSandbox): Promise<SuggestedCommand> {
  if (command.kind === "import" && command.id.includes("<id>")) {
    const [path = ""] = command.id.split("<id>");
    return { ...command, id: command.id.replace("<id>", (await unmanagedBelow(path, sandbox)) ?? "<id>") };
  }
  if (command.kind === "delete" && command.path.includes("<id>")) {
    const [, application = ""] = /^applications\/([^/]+)\//.exec(command.path) ?? [];
    const found = await unmanagedBelow(`${application}/federatedIdentityCredential/`, sandbox);
    return { ...command, path: command.path.replace("<id>", found ?? "<id>") };
  }
  return command;
}

/** The id of an object in the tenant that the stack's state does not know, by the beginning of its resource's id. */
async function unmanagedBelow(path: string, sandbox: DisturbedSandbox): Promise<string | undefined> {
  const managed = new Set((await sandbox.state()).resources.map(({ id }) => id));
  const found = [...(await sandbox.inventory()).values()].find(
    ({ id }) => id.startsWith(path.toLowerCase()) && !managed.has(id),
  );
  return found?.objectId;
}
