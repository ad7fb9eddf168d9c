import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { seed, seedResourceIds } from "entra-sandbox";
import type { Administrator } from "lab";
import { readArguments } from "./commandArguments";
import type { CommandAnswer } from "./commandBridge";

/** The options of the Azure CLI's commands that may be used. */
const flags: Readonly<Record<string, Readonly<Record<string, 1>>>> = {
  "account show": { query: 1, output: 1 },
  "cloud show": { query: 1, output: 1 },
  "ad sp show": { id: 1, query: 1, output: 1 },
  rest: { method: 1, url: 1, resource: 1, query: 1, output: 1, body: 1 },
  "role assignment list": { assignee: 1, role: 1, scope: 1, query: 1, output: 1 },
  "role assignment create": {
    "assignee-object-id": 1,
    "assignee-principal-type": 1,
    role: 1,
    scope: 1,
    name: 1,
    description: 1,
    condition: 1,
    "condition-version": 1,
    output: 1,
  },
  "role definition list": { name: 1, "custom-role-only": 1, scope: 1, query: 1, output: 1 },
  "role definition create": { "role-definition": 1, output: 1 },
  "role definition update": { "role-definition": 1, output: 1 },
};

const definitions = `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
const graphUrl = "https://graph.microsoft.com";

interface Assignment {
  readonly id: string;
  readonly name: string;
  readonly roleDefinitionId: string;
  readonly condition: string | null;
  readonly description: string | null;
}

interface CustomRole {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly roleName: string;
    readonly permissions: readonly {
      readonly actions?: readonly string[];
      readonly notActions?: readonly string[];
      readonly dataActions?: readonly string[];
      readonly notDataActions?: readonly string[];
    }[];
  };
}

/**
 * The Azure CLI, signed in to the sandbox tenant as its administrator. Its requests are those of the real one as far as they
 * change anything. Of `--query`, the forms that are used here are evaluated; what is not found prints nothing, as the real one was seen
 * to do (az 2.91.0), and what is refused prints Graph's error to stderr.
 */
export class AzureCliStandIn {
  /** The calls that have changed something, by their commands. */
  readonly changes: string[] = [];

  constructor(private readonly tenant: Administrator) {}

  /** Answers one call of `az`. */
  readonly command = async (argv: readonly string[]): Promise<CommandAnswer> => {
    const name = Object.keys(flags).find((known) => argv.join(" ").startsWith(`${known} `));
    if (name === undefined) throw new Error(`'${argv.join(" ")}' is misspelled or not recognized`);
    const { positional, options } = readArguments(argv.slice(name.split(" ").length), flags[name] ?? {});
    assert.deepEqual(positional, [], name);
    if (/create$|update$/.test(name)) this.changes.push(name);
    const answer = await this.answer(name, options);
    return answer === "" ? {} : { stdout: `${answer}\n` };
  };

  private async answer(name: string, options: Readonly<Record<string, string>>): Promise<string> {
    const option = (key: string): string => options[key] ?? assert.fail(`az ${name} needs --${key}`);
    switch (name) {
      case "account show":
        return JSON.stringify({ tenantId: seed.tenantId, environmentName: "AzureCloud" });
      case "cloud show":
        return options["query"] === undefined
          ? JSON.stringify({
              name: "AzureCloud",
              endpoints: {
                microsoftGraphResourceId: `${graphUrl}/`,
                activeDirectory: "https://login.microsoftonline.com",
              },
            })
          : `${graphUrl}/`;
      case "ad sp show":
        return this.tenant.servicePrincipalOf(option("id"));
      case "rest":
        return this.rest(option, options);
      case "role assignment list": {
        const property =
          /^\[0\]\.(\w+)( \|\| '')?$/.exec(option("query"))?.[1] ?? assert.fail(option("query"));
        const found = await this.assignment(option("assignee"), option("role"), option("scope"));
        return found?.[property as keyof Assignment] ?? "";
      }
      case "role assignment create":
        await this.assign(option, options);
        return "";
      case "role definition list":
        return this.definition(option("name"), option("query"));
      default:
        await this.define(name, JSON.parse(option("role-definition")) as Readonly<Record<string, unknown>>);
        return "";
    }
  }

  private async assign(
    option: (key: string) => string,
    { name, condition, "condition-version": conditionVersion, description }: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.tenant.azure(
      "PUT",
      `${option("scope")}/providers/Microsoft.Authorization/roleAssignments/${name ?? randomUUID()}`,
      {
        properties: {
          roleDefinitionId: `${definitions}/${await this.roleId(option("role"))}`,
          principalId: option("assignee-object-id"),
          principalType: option("assignee-principal-type"),
          ...(condition === undefined ? {} : { condition, conditionVersion }),
          ...(description === undefined ? {} : { description }),
        },
      },
    );
  }

  private async definition(name: string, query: string): Promise<string> {
    const role = await this.customRole(name);
    if (!query.includes("permissions")) return role?.id ?? "";
    return (role?.properties.permissions ?? [])
      .map(({ actions = [], notActions = [], dataActions = [], notDataActions = [] }) =>
        [actions, notActions, dataActions, notDataActions]
          .map((kind) => [...kind].sort().join(" "))
          .join("|"),
      )
      .join("+");
  }

  private async define(command: string, role: Readonly<Record<string, unknown>>): Promise<void> {
    const known = (await this.customRole(String(role["Name"])))?.name;
    assert.equal(known === undefined, command.endsWith("create"));
    await this.tenant.azure("PUT", `${definitions}/${known ?? randomUUID()}`, {
      properties: {
        roleName: role["Name"],
        description: role["Description"],
        type: "CustomRole",
        permissions: [
          { actions: role["Actions"], notActions: [], dataActions: role["DataActions"], notDataActions: [] },
        ],
        assignableScopes: role["AssignableScopes"],
      },
    });
  }

  private async rest(
    option: (key: string) => string,
    { query, body }: Readonly<Record<string, string>>,
  ): Promise<string> {
    const method = option("method") as "GET" | "POST" | "PATCH";
    const url = option("url");
    assert.ok(url.startsWith(`${graphUrl}/`), url);
    const [, version, path = ""] =
      /^(v1\.0|beta)\/(.*)$/.exec(url.slice(graphUrl.length + 1)) ?? assert.fail(url);
    if (method !== "GET") this.changes.push(`rest ${method}`);
    const answer = await this.tenant.graph(
      method,
      path,
      body === undefined ? undefined : JSON.parse(body),
      version === "beta" ? "beta" : "v1.0",
    );
    if (query === undefined) return Object.keys(answer).length === 0 ? "" : JSON.stringify(answer);
    const [, role, resource] = /appRoleId=='(.*?)' && resourceId=='(.*?)'/.exec(query) ?? assert.fail(query);
    const { value } = answer as { readonly value: readonly Readonly<Record<string, string>>[] };
    return (
      value.find(({ appRoleId, resourceId }) => appRoleId === role && resourceId === resource)?.["id"] ?? ""
    );
  }

  private async assignment(assignee: string, role: string, scope: string): Promise<Assignment | undefined> {
    const wanted = (await this.roleId(role)).toLowerCase();
    const { value } = (await this.tenant.azure(
      "GET",
      `${scope}/providers/Microsoft.Authorization/roleAssignments`,
    )) as {
      readonly value: readonly {
        readonly id: string;
        readonly name: string;
        readonly properties: Omit<Assignment, "id" | "name"> & {
          readonly scope: string;
          readonly principalId: string;
        };
      }[];
    };
    const found = value.find(
      ({ properties }) =>
        properties.principalId === assignee &&
        properties.scope.toLowerCase() === scope.toLowerCase() &&
        properties.roleDefinitionId.toLowerCase().endsWith(wanted),
    );
    return found && { id: found.id, name: found.name, ...found.properties };
  }

  private async roleId(role: string): Promise<string> {
    return /^[0-9a-f-]{36}$/i.test(role) ? role : ((await this.customRole(role))?.name ?? assert.fail(role));
  }

  private async customRole(name: string): Promise<CustomRole | undefined> {
    const { value } = (await this.tenant.azure("GET", definitions)) as {
      readonly value: readonly CustomRole[];
    };
    return value.find(({ properties }) => properties.roleName === name);
  }
}
