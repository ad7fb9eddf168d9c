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

/** Something that a person does at the portal. */
export interface PortalAction {
  /** Verb and object, such as `add-secret`. */
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ActionParameter[];
  readonly options?: readonly ActionParameter[];
  /** What follows `portal` in an example. */
  readonly example: string;
  /**
   * Does it.
   *
   * @returns lines that say what was done, with the ids of what was made.
   * @throws SandboxError when it cannot be done.
   */
  run(portal: Portal, values: ActionValues): Promise<readonly string[]>;
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

/** The value of an argument, or of an option with a fallback. */
export function requiredText(values: ActionValues, name: string): string {
  const value = values[name];
  if (typeof value !== "string") {
    throw new RangeError(`the action has no value ${name}`);
  }
  return value;
}

/** The value of an option; undefined when it was not given. */
export function optionalText(values: ActionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** An application, or its service principal, as something that has credentials and owners. */
export interface Holder {
  readonly kind: "applications" | "servicePrincipals";
  readonly id: string;
}

/** The application that an action names, or its service principal when it is asked for that. */
export async function holderOf(portal: Portal, values: ActionValues): Promise<Holder> {
  const application = await portal.application(requiredText(values, "client"));
  if (values["onServicePrincipal"] !== true) {
    return { kind: "applications", id: application.id };
  }
  const { id } = await findServicePrincipal(portal.administrator, application.appId);
  return { kind: "servicePrincipals", id };
}

/** A holder in words. */
export function describeHolder({ kind, id }: Holder): string {
  return `${kind === "applications" ? "the application" : "the service principal"} ${id}`;
}

/** Object id of a client's service principal. */
export async function principalOf({ administrator, application }: Portal, client: string): Promise<string> {
  const { appId } = await application(client);
  return (await findServicePrincipal(administrator, appId)).id;
}
