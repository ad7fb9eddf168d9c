/** A command of a message that lets the stack manage an object. */
export interface SuggestedImport {
  readonly kind: "import";
  /** Type token of the resource. */
  readonly type: string;
  readonly name: string;
  /** May hold the placeholder `<id>`, which the message tells how to look up. */
  readonly id: string;
}

/** A command of a message that deletes a federated credential by hand. */
export interface SuggestedDeletion {
  readonly kind: "delete";
  /** After `/v1.0/` of Microsoft Graph; may hold the placeholder `<id>`. */
  readonly path: string;
}

/** A command that a message tells the user to run. */
export type SuggestedCommand = SuggestedImport | SuggestedDeletion;

/**
 * The commands in what a failed command has printed, each once, in their order. A deletion stands last and as a comment; it is for when
 * nothing can be imported.
 */
export function suggestedCommandsIn(output: string): SuggestedCommand[] {
  const commands = output.split("\n").flatMap((line) => suggestedCommandOf(line.trim()) ?? []);
  const distinct = [...new Map(commands.map((command) => [JSON.stringify(command), command])).values()];
  const imports = distinct.filter(({ kind }) => kind === "import");
  return imports.length > 0 ? imports : distinct;
}

function suggestedCommandOf(line: string): SuggestedCommand | undefined {
  const [, type, name, id] = /^pulumi import (\S+) (\S+) '?([^\s']+)'? --parent/.exec(line) ?? [];
  if (type !== undefined && name !== undefined && id !== undefined) return { kind: "import", type, name, id };
  const [, application, credential] =
    /^# az ad app federated-credential delete --id (\S+) --federated-credential-id (\S+)$/.exec(line) ?? [];
  return application === undefined || credential === undefined
    ? undefined
    : {
        kind: "delete",
        path: `applications/${application}/federatedIdentityCredentials/${credential}`,
      };
}
