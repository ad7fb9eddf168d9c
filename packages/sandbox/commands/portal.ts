import { Argument, Command, Option } from "commander";
import { isMapping } from "../../../components/stack/mapping";
import { Administrator } from "../portal/administrator";
import { findApplication, type ClientObjectIds } from "../portal/findApplication";
import type { ActionParameter, ActionValues, PortalAction } from "../portal/portalAction";
import { portalActions } from "../portal/portalActions";
import { exitCode } from "../runner/exitCode";
import { withSession, type Session, type SessionOptions } from "../runner/session";

/**
 * The commands that change the tenant as a person in the portal would.
 *
 * @param run runs an action with what was given on the command line.
 */
export function portalCommand(run: (action: PortalAction, values: ActionValues) => Promise<void>): Command {
  const portal = new Command("portal").description("change the tenant as a person in the portal would");
  portal.showHelpAfterError("(add --help for what there is)");
  portalActions.forEach((action) => portal.addCommand(actionCommand(action, run)));
  return portal;
}

function actionCommand(
  action: PortalAction,
  run: (action: PortalAction, values: ActionValues) => Promise<void>,
): Command {
  const command = new Command(action.name)
    .description(action.description)
    .showHelpAfterError("(add --help for what there is)")
    .addHelpText("after", `\nExample:\n  npm run sandbox -- portal ${action.example}`);
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
  return withSession(options, false, async ({ stack, tenant }) => {
    const administrator = new Administrator(tenant);
    try {
      const lines = await action.run(
        {
          administrator,
          application: async (wanted, deleted) =>
            findApplication(administrator, await clientObjectIds(stack), wanted, deleted),
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

async function clientObjectIds(stack: Session["stack"]): Promise<ClientObjectIds> {
  const { clients } = await stack.outputs();
  const value: unknown = clients?.value;
  return new Map(
    Object.entries(isMapping(value) ? value : {}).flatMap(([name, client]) =>
      isMapping(client) && typeof client["objectId"] === "string"
        ? [[name, client["objectId"]] as const]
        : [],
    ),
  );
}
