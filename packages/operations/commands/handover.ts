import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { plainLines } from "dicom-service-client/model";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { consumerSettings } from "../handover/consumerSettings";
import { type TargetName, targets } from "../handover/targets";
import { messageOf, OperationError } from "../operationError";
import { chooseClients } from "./chooseClients";
import { openStack, type OperationContext } from "./operation";

/** What `handover` is asked for. */
export interface HandoverChoices {
  /** What the settings are for. */
  readonly for: TargetName;
  /** Folder that gets a file for each client; without it they are printed. */
  readonly out?: string;
}

/**
 * Writes what the consumers of clients need, without any secret.
 *
 * @param names of clients; none for all
 * @throws OperationError when that is not possible for one of them; then nothing is written
 */
export async function handover(
  context: OperationContext,
  names: readonly string[],
  choices: HandoverChoices,
): Promise<ExitCode> {
  const { console, cwd, stack } = context;
  const { declaration } = await openStack(context);
  const clients = chooseClients(declaration, names.length === 0 ? undefined : names);
  const { extension, write } = targets[choices.for];
  const files = await withCloud(context, declaration, ({ client: cloud }) =>
    Promise.all(
      clients.map(async (client) => ({
        name: `${client.name}.${extension}`,
        text: write(await consumerSettings(client, cloud, stack)),
      })),
    ),
  );
  if (choices.out === undefined) {
    await console.result(plainLines(files.map(({ text }) => text).join("\n")));
    return exitCode.ok;
  }
  const folder = resolve(cwd, choices.out);
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) {
      await writeFile(join(folder, name), console.runnable(text));
      console.note(`Wrote ${join(folder, name)}`);
    }
  } catch (error) {
    throw new OperationError(`The folder ${folder} cannot be written.`, { cause: messageOf(error), error });
  }
  return exitCode.ok;
}
