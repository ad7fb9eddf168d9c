import { z } from "zod";
import { shellQuoted } from "../cloud/graphRequest";
import { OperationError } from "../operationError";
import { childTypes } from "../project/deployedClient";
import { readDeployedState } from "../project/deployedResource";
import { PulumiCommandLine, PulumiFailure } from "../project/pulumiCommandLine";
import { lastPart } from "../project/lastPart";

/** What is known of the other stacks of the project in the same backend. */
export interface OtherStacks {
  /** Those whose states do not have the application. */
  readonly looked: readonly string[];
  /** Those whose states could not be read. */
  readonly unread: readonly string[];
}

const listing = z.array(z.looseObject({ name: z.string() }));

/**
 * Looks through the states of the project's other stacks for an application. Two stacks that hold the same one undo each other's
 * changes. Stacks of other projects, and in other backends, cannot be known.
 *
 * @param clientId of the application
 * @throws OperationError when another stack has it
 */
export async function requireNoOtherStack(pulumi: PulumiCommandLine, clientId: string): Promise<OtherStacks> {
  const { stack } = pulumi.context;
  const names = await stacksOf(pulumi);
  const others = names?.filter((name) => !isSameStack(name, stack)) ?? [];
  const [looked, unread]: [string[], string[]] = [[], names === undefined ? ["all others"] : []];
  // One after the other: each starts a Pulumi CLI.
  for (const name of others) {
    const resources = await resourcesOf(pulumi, name);
    const holding = resources?.find(
      ({ type, outputs }) =>
        type === childTypes.application &&
        String(outputs["clientId"]).toLowerCase() === clientId.toLowerCase(),
    );
    if (holding) {
      throw new OperationError(`The application is in the state of the stack ${name} already.`, {
        cause: `It is ${holding.name} there. Two stacks that manage the same application undo each other's changes.`,
        cure: [
          "Keep it there; or first remove the client from that stack's state, which deletes nothing, and from its configuration:",
          `  # pulumi state delete --target-dependents --stack ${name} ${shellQuoted(holding.parent ?? holding.urn)}`,
        ].join("\n"),
      });
    }
    (resources === undefined ? unread : looked).push(name);
  }
  return { looked, unread };
}

async function stacksOf(pulumi: PulumiCommandLine): Promise<readonly string[] | undefined> {
  const text = await read(pulumi, ["stack", "ls", "--json"]);
  const parsed = text === undefined ? undefined : listing.safeParse(JSON.parse(text));
  return parsed?.data?.map(({ name }) => name).sort();
}

async function resourcesOf(
  pulumi: PulumiCommandLine,
  stack: string,
): Promise<ReturnType<typeof readDeployedState>["resources"] | undefined> {
  const text = await read(new PulumiCommandLine({ ...pulumi.context, stack }), ["stack", "export"]);
  if (text === undefined) return undefined;
  try {
    return readDeployedState(JSON.parse(text)).resources;
  } catch (error) {
    if (error instanceof OperationError) return undefined;
    throw error;
  }
}

async function read(pulumi: PulumiCommandLine, args: readonly string[]): Promise<string | undefined> {
  try {
    return await pulumi.run(args);
  } catch (error) {
    if (error instanceof PulumiFailure) return undefined;
    throw error;
  }
}

/** Organization and project may be left out of a stack's name. */
function isSameStack(one: string, other: string): boolean {
  const isWhole = one.includes("/") && other.includes("/");
  return isWhole ? one === other : lastPart(one) === lastPart(other);
}
