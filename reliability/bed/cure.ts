/** A command of a message that lets the stack manage an object. */
export interface ImportCure {
  readonly kind: "import";
  /** Type token of the resource. */
  readonly type: string;
  readonly name: string;
  /** May hold the placeholder `<id>`, which the message tells how to look up. */
  readonly id: string;
}

/** A command of a message that deletes a federated credential by hand. */
export interface DeleteCure {
  readonly kind: "delete";
  /** After `/v1.0/` of Microsoft Graph; may hold the placeholder `<id>`. */
  readonly path: string;
}

/** A command that a message tells the user to run. */
export type Cure = ImportCure | DeleteCure;

/**
 * The commands in what a failed command has said, each once, in their order. A deletion stands last and as a comment; it is for when
 * nothing can be imported.
 */
export function curesIn(said: string): Cure[] {
  const cures = said.split("\n").flatMap((line) => cureOf(line.trim()) ?? []);
  const distinct = [...new Map(cures.map((cure) => [JSON.stringify(cure), cure])).values()];
  const imports = distinct.filter(({ kind }) => kind === "import");
  return imports.length > 0 ? imports : distinct;
}

function cureOf(line: string): Cure | undefined {
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
