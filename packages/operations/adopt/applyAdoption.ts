import { writeFile } from "node:fs/promises";
import { word } from "../cloud/graphRequest";
import type { Console } from "../console/console";
import { counted } from "../console/counted";
import { messageOf, OperationError } from "../operationError";
import { type Adoption, complete, importAndPreview } from "./adoption";
import type { AdoptionPlan } from "./adoptionPlan";
import { differences } from "./difference";
import type { StackEngine } from "./stackEngine";
import type { StackFile } from "./stackFile";
import { recordings } from "./stateCompletion";

/** What an adoption is carried out with. */
export interface ApplyParts {
  readonly adoption: Adoption;
  /** The stack itself. */
  readonly engine: StackEngine;
  /** The stack files as they are: the one that the user keeps, and the copy of it in the project's folder, if that is another. */
  readonly stackFiles: readonly StackFile[];
  readonly console: Console;
  /** Path of the file that the state is kept in, and of others beside it; without the ending. */
  readonly backup: string;
}

/** How an adoption went. */
export interface Applied {
  readonly backup: NonNullable<AdoptionPlan["backup"]>;
  /** Not empty: the state and the stack file have been put back. */
  readonly differences: AdoptionPlan["differences"];
}

/**
 * Carries out an adoption: keeps state and stack file, writes the client into the stack file, imports, and previews. Unless that
 * shows that nothing adopted would be changed, everything is put back.
 *
 * @throws OperationError when any of it fails, after everything has been put back
 */
export async function applyAdoption({
  adoption,
  engine,
  stackFiles,
  console,
  backup,
}: ApplyParts): Promise<Applied> {
  const { written, importFile, compared, isNew } = adoption;
  const { name, config, adopted } = compared;
  const [stackFile] = stackFiles;
  const state = await engine.exportState();
  const kept = {
    state: await keep(backup, "state.json", state),
    stackFile: isNew && stackFile ? await keep(backup, stackFile.name, stackFile.text) : null,
  };
  // Handed over before anything is changed, so that it is known whatever happens then.
  await console.say(`The previous state is saved in ${kept.state}`);
  const putBack = async (): Promise<void> => {
    await engine.replaceState(state);
    if (isNew) for (const file of stackFiles) await file.write();
  };
  try {
    if (isNew) for (const file of stackFiles) await file.with(name, written).write();
    console.note(`Importing ${counted(adopted.length, "live object")}`);
    const preview = await importAndPreview(engine, importFile, name, config, () => {
      console.note("Previewing what pulumi up would do");
    });
    const isRecorded = await complete(engine, recordings(preview, adopted));
    const found = differences(isRecorded ? await engine.preview() : preview, compared);
    if (found.length > 0) {
      console.note("Restoring the state");
      await putBack();
    }
    return { backup: kept, differences: found };
  } catch (error) {
    console.note("Restoring the state");
    await putBack().catch((failure: unknown) => {
      throw new OperationError("The adoption failed, and the state could not be restored.", {
        cause: `${messageOf(error)}\n${messageOf(failure)}`,
        cure: undoing(adoption.plan.stack, kept, compared.stackFile.path).join("\n"),
        error: failure,
      });
    });
    throw error;
  }
}

/**
 * The commands that put back what an adoption has changed.
 *
 * @param stackFile path of the stack file that the user keeps
 */
export function undoing(stack: string, kept: Applied["backup"], stackFile: string): readonly string[] {
  return [
    `pulumi stack import --stack ${word(stack)} --file ${word(kept.state)}`,
    ...(kept.stackFile === null ? [] : [`cp ${word(kept.stackFile)} ${word(stackFile)}`]),
  ];
}

/** Writes a file that only its owner can read, under a name that is free. @returns its path */
async function keep(start: string, ending: string, text: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = `${start}${number === 1 ? "" : `-${number}`}.${ending}`;
    try {
      await writeFile(path, text, { mode: 0o600, flag: "wx" });
      return path;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
      throw new OperationError(`${path} cannot be written, so nothing has been changed.`, {
        cause: messageOf(error),
        cure: "Name a folder that can be written to with --backup.",
        error,
      });
    }
  }
}
