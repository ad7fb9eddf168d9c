import { Argument, Command, Option } from "commander";
import { isMapping } from "../mapping";
import { Administrator } from "../portal/administrator";
import { findApplication, type ApplicationIds } from "../portal/findApplication";
import type { ActionParameter, ActionValues, PortalAction } from "../portal/portalAction";
import { portalActions } from "../portal/portalActions";
import { exitCode } from "../runner/exitCode";
import { invocation } from "../runner/project";
import { withSession, type Session, type SessionOptions } from "../runner/session";
import { deployedResources } from "../runner/stackResources";

/**
 * The commands that change the tenant as a person would in the portal.
 *
 * @param run runs an action with what was given on the command line.
 */
export function portalCommand(run: (action: PortalAction, values: ActionValues) => Promise<void>): Command {
  const portal = new Command("portal").description("change the tenant as a person would in the portal");
  portal.showHelpAfterError("(add --help to list them)");
  // Names alone, so that their descriptions have room beside them; each command's own help has the rest.
  portal.configureHelp({ subcommandTerm: (command) => command.name() });
  portalActions.forEach((action) => portal.addCommand(actionCommand(action, run)));
  return portal;
}

function actionCommand(
  action: PortalAction,
  run: (action: PortalAction, values: ActionValues) => Promise<void>,
): Command {
  const command = new Command(action.name)
    .description(action.description)
    .showHelpAfterError("(add --help to list them)")
    .addHelpText("after", `\nExample:\n  ${invocation} portal ${action.example}`);
  action.arguments.forEach((parameter) => command.addArgument(argument(parameter)));
  action.options?.forEach((parameter) => command.addOption(option(parameter)));
  return command.action(async () => {
    const named = command.registeredArguments.map(
      (registered, index) => [registered.name(), command.processedArgs[index] as string] as const,
    );
    await run(action, { ...command.opts<ActionValues>(), ...Object.fromEntries(named) });
  });
}

function argument({ flags, description, choices, fallback }: ActionParameter): Argument {
  const made = new Argument(flags.startsWith("[") ? flags : `<${flags}>`, description);
  if (choices) made.choices([...choices]);
  return fallback === undefined ? made : made.default(fallback);
}

function option({ flags, description, choices, fallback }: ActionParameter): Option {
  const made = new Option(flags, description);
  if (choices) made.choices([...choices]);
  return fallback === undefined ? made : made.default(fallback);
}

/** Does something at the portal, and prints what was done. */
export async function portal(
  options: SessionOptions,
  action: PortalAction,
  values: ActionValues,
): Promise<number> {
  return withSession(options, async ({ stack, tenant }) => {
    const administrator = new Administrator(tenant);
    try {
      const lines = await action.run(
        {
          administrator,
          application: async (wanted, deleted) =>
            findApplication(administrator, await applicationsByName(stack), wanted, deleted),
        },
        values,
      );
      process.stdout.write(lines.map((line) => `${line}\n`).join(""));
    } finally {
      administrator.signOut();
    }
    return exitCode.ok;
  });
}

/**
 * The applications of the stack's state, by the names of their resources and of the components that they belong to; a name that
 * several would bear is left out.
 */
async function applicationsByName(stack: Session["stack"]): Promise<ApplicationIds> {
  const found = deployedResources((await stack.exportStack()).deployment).flatMap((resource) => {
    if (resource["type"] !== "azuread:index/application:Application") return [];
    const outputs = resource["outputs"];
    const objectId: unknown = isMapping(outputs) ? outputs["objectId"] : undefined;
    if (typeof objectId !== "string") return [];
    return [resource["urn"], resource["parent"]]
      .filter((urn) => typeof urn === "string" && !urn.includes("::pulumi:pulumi:Stack::"))
      .map((urn) => [String(urn).split("::").at(-1) ?? "", objectId] as const);
  });
  return new Map(found.filter(([name]) => found.filter(([other]) => other === name).length === 1));
}
