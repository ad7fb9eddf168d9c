import type { Administrator } from "./administrator";
import { findServicePrincipal } from "./directory";
import type { FoundApplication } from "./findApplication";

/** What an action at the portal works with. */
export interface Portal {
  readonly administrator: Administrator;
  /**
   * Finds an application by client name, client id, object id or display name.
   *
   * @param deleted looks among those that were deleted.
   */
  readonly application: (wanted: string, deleted?: boolean) => Promise<FoundApplication>;
}

/** What an action is called with: texts by the names of arguments and options, true for a switch. */
export type ActionValues = Readonly<Record<string, string | true | undefined>>;

/** An argument or an option of an action. */
export interface ActionParameter {
  /** `name` of an argument, `--name` of a switch, `--name <value>` of an option. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly fallback?: string;
}

/** What an action is about, and how it is called on the command line. */
interface ActionUsage {
  /** Verb and object, such as `add-secret`. */
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ActionParameter[];
  readonly options?: readonly ActionParameter[];
  /** What follows `portal` in an example. */
  readonly example: string;
}

/** Something that a person does at the portal. */
export interface PortalAction extends ActionUsage {
  /**
   * Does it.
   *
   * @returns lines that say what was done, with the ids of what was made.
   * @throws SandboxError when it cannot be done.
   */
  run(portal: Portal, values: ActionValues): Promise<readonly string[]>;
}

/** An action as it is written down: it works with what it was called with. */
export interface ActionDefinition extends ActionUsage {
  run(given: GivenValues): Promise<readonly string[]>;
}

/** What an action was called with, and what that names in the tenant. */
export class GivenValues {
  constructor(
    private readonly portal: Portal,
    readonly values: ActionValues,
  ) {}

  get administrator(): Administrator {
    return this.portal.administrator;
  }

  /** The value of an argument, or of an option with a fallback. */
  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== "string") throw new RangeError(`the action has no value ${name}`);
    return value;
  }

  /** The value of an option; undefined when it was not given. */
  optionalText(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** Whether a switch was given. */
  isOn(name: string): boolean {
    return this.values[name] === true;
  }

  /** The application of the client that the action names. @param deleted looks among those that were deleted */
  application(deleted?: boolean): Promise<FoundApplication> {
    return this.portal.application(this.text("client"), deleted);
  }

  /** Object id of the client's service principal. */
  async principalId(): Promise<string> {
    const { appId } = await this.application();
    return (await findServicePrincipal(this.administrator, appId)).id;
  }

  /** The client's application, or its service principal when the action is asked for that. */
  async holder(): Promise<Holder> {
    return this.isOn("onServicePrincipal")
      ? { kind: "servicePrincipals", id: await this.principalId() }
      : { kind: "applications", id: (await this.application()).id };
  }
}

/** The argument by which every action takes a client. */
export const clientArgument: ActionParameter = {
  flags: "client",
  description:
    "the application's resource or component in the stack, or its client id, object id or display name",
};

/** The switch that turns from an application to its service principal. */
export const onServicePrincipal: ActionParameter = {
  flags: "--on-service-principal",
  description: "on the service principal instead of the application",
};

/** The switch without which no value of a secret is printed. */
export const showSecrets: ActionParameter = {
  flags: "--show-secrets",
  description: "print the value of a new secret; otherwise nobody ever sees it",
};

/** An application, or its service principal, as something that has credentials and owners. */
export interface Holder {
  readonly kind: "applications" | "servicePrincipals";
  readonly id: string;
}

/** A holder in words. */
export function describeHolder({ kind, id }: Holder): string {
  return `${kind === "applications" ? "the application" : "the service principal"} ${id}`;
}
