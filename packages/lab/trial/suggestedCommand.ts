/** A command of a message that lets the stack manage an object. */
export interface SuggestedImport {
  readonly kind: "import";
  /** Type token of the resource. */
  readonly type: string;
  readonly name: string;
  /** May hold the placeholder `<id>`, which the message tells how to look up. */
  readonly id: string;
}

/** A command of a message that deletes an object by hand. */
export interface SuggestedDeletion {
  readonly kind: "delete";
  readonly service: "graph" | "azure";
  /** For Graph after `/v1.0/`, for Azure the resource id. */
  readonly path: string;
}

/** A command that a message tells the user to run. */
export type SuggestedCommand = SuggestedImport | SuggestedDeletion;

/** The commands in what a failed command has printed, each once, in their order. */
export function suggestedCommandsIn(output: string): SuggestedCommand[] {
  const commands = output.split("\n").flatMap((line) => suggestedCommandOf(line.trim()) ?? []);
  return [...new Map(commands.map((command) => [JSON.stringify(command), command])).values()];
}

function suggestedCommandOf(line: string): SuggestedCommand | undefined {
  const [, type, name, id] = /^pulumi import (\S+) (\S+) (\S+) --parent/.exec(line) ?? [];
  if (type !== undefined && name !== undefined && id !== undefined) return { kind: "import", type, name, id };
  const [, application, credential] =
    /^az ad app federated-credential delete --id (\S+) --federated-credential-id (\S+)$/.exec(line) ?? [];
  if (application !== undefined && credential !== undefined) {
    return {
      kind: "delete",
      service: "graph",
      path: `applications/${application}/federatedIdentityCredentials/${credential}`,
    };
  }
  const [, assignment] = /^az role assignment delete --ids (\S+)$/.exec(line) ?? [];
  return assignment === undefined ? undefined : { kind: "delete", service: "azure", path: assignment };
}
