import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { seed, seedResourceIds } from "entra-sandbox";
import type { Administrator } from "lab";
import type { CommandAnswer } from "./commandBridge";
import { readArguments } from "./commandArguments";

/** The options of the Azure CLI's commands that the bootstrap may use. */
const flags: Readonly<Record<string, Readonly<Record<string, 1>>>> = {
  "account show": { query: 1, output: 1 },
  "cloud show": { query: 1, output: 1 },
  "ad app list": { "display-name": 1, query: 1, output: 1 },
  "ad app create": { "display-name": 1, "sign-in-audience": 1, query: 1, output: 1 },
  "ad sp list": { filter: 1, query: 1, output: 1 },
  "ad sp show": { id: 1, query: 1, output: 1 },
  "ad sp create": { id: 1, query: 1, output: 1 },
  "ad app federated-credential list": { id: 1, query: 1, output: 1 },
  "ad app federated-credential create": { id: 1, parameters: 1, output: 1 },
  rest: { method: 1, url: 1, query: 1, output: 1, body: 1 },
  "role assignment list": { assignee: 1, role: 1, scope: 1, query: 1, output: 1 },
  "role assignment create": {
    "assignee-object-id": 1,
    "assignee-principal-type": 1,
    role: 1,
    scope: 1,
    condition: 1,
    "condition-version": 1,
    output: 1,
  },
  "role definition list": { name: 1, "custom-role-only": 1, query: 1, output: 1 },
  "role definition create": { "role-definition": 1, output: 1 },
};

const definitions = `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions`;

/**
 * The Azure CLI, signed in to the sandbox tenant as its administrator. Its requests are those of the real one as far as they
 * change anything. A `--query` is not evaluated: each command here answers what the scripts ask it for.
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
    if (name.endsWith("create")) this.changes.push(name);
    return { stdout: `${await this.answer(name, options)}\n` };
  };

  private async answer(name: string, options: Readonly<Record<string, string>>): Promise<string> {
    const option = (key: string): string => options[key] ?? assert.fail(`az ${name} needs --${key}`);
    switch (name) {
      case "account show":
        return seed.tenantId;
      case "cloud show":
        return "https://graph.microsoft.com/";
      case "ad app list":
        return this.first(`applications?$filter=displayName eq '${option("display-name")}'`, "appId");
      case "ad app create": {
        const { appId } = await this.tenant.graph("POST", "applications", {
          displayName: option("display-name"),
          signInAudience: option("sign-in-audience"),
        });
        return String(appId);
      }
      case "ad sp list":
        return this.first(`servicePrincipals?$filter=${option("filter")}`, "id");
      case "ad sp show":
        return this.tenant.servicePrincipalOf(option("id"));
      case "ad sp create":
        return String((await this.tenant.graph("POST", "servicePrincipals", { appId: option("id") }))["id"]);
      case "ad app federated-credential list": {
        const subject = /subject=='(.*?)'/.exec(option("query"))?.[1];
        const { value } = (await this.tenant.graph("GET", await this.credentialsOf(option("id")))) as {
          readonly value: readonly { readonly name: string; readonly subject: string }[];
        };
        return value.find((credential) => credential.subject === subject)?.name ?? "";
      }
      case "ad app federated-credential create":
        await this.tenant.graph(
          "POST",
          await this.credentialsOf(option("id")),
          JSON.parse(option("parameters")),
        );
        return "";
      case "rest":
        return this.rest(option, options["body"]);
      case "role assignment list": {
        const wanted = (await this.roleId(option("role"))).toLowerCase();
        const found = await this.tenant.rolesOf(option("scope"), option("assignee"));
        return (
          found.find(({ roleDefinitionId }) => roleDefinitionId.toLowerCase().endsWith(wanted))?.id ?? ""
        );
      }
      case "role assignment create": {
        const { condition, "condition-version": conditionVersion } = options;
        await this.tenant.azure(
          "PUT",
          `${option("scope")}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
          {
            properties: {
              roleDefinitionId: `${definitions}/${await this.roleId(option("role"))}`,
              principalId: option("assignee-object-id"),
              principalType: option("assignee-principal-type"),
              ...(condition === undefined ? {} : { condition, conditionVersion }),
            },
          },
        );
        return "";
      }
      case "role definition list":
        return (await this.customRole(option("name")))?.id ?? "";
      default: {
        const role = JSON.parse(option("role-definition")) as Readonly<Record<string, unknown>>;
        await this.tenant.azure("PUT", `${definitions}/${randomUUID()}`, {
          properties: {
            roleName: role["Name"],
            description: role["Description"],
            type: "CustomRole",
            permissions: [
              {
                actions: role["Actions"],
                notActions: [],
                dataActions: role["DataActions"],
                notDataActions: [],
              },
            ],
            assignableScopes: role["AssignableScopes"],
          },
        });
        return "";
      }
    }
  }

  private async rest(option: (key: string) => string, body: string | undefined): Promise<string> {
    const path = option("url").replace("https://graph.microsoft.com/v1.0/", "");
    if (option("method") === "POST") {
      this.changes.push("rest");
      await this.tenant.graph("POST", path, JSON.parse(body ?? ""));
      return "";
    }
    const [, role, resource] =
      /appRoleId=='(.*?)' && resourceId=='(.*?)'/.exec(option("query")) ?? assert.fail(option("query"));
    const { value } = (await this.tenant.graph("GET", path)) as {
      readonly value: readonly Readonly<Record<string, string>>[];
    };
    return (
      value.find(({ appRoleId, resourceId }) => appRoleId === role && resourceId === resource)?.["id"] ?? ""
    );
  }

  private async credentialsOf(appId: string): Promise<string> {
    return `applications/${await this.first(`applications?$filter=appId eq '${appId}'`, "id")}/federatedIdentityCredentials`;
  }

  private async first(path: string, key: string): Promise<string> {
    const { value } = (await this.tenant.graph("GET", path)) as {
      readonly value: readonly Readonly<Record<string, string>>[];
    };
    return value[0]?.[key] ?? "";
  }

  private async roleId(role: string): Promise<string> {
    return /^[0-9a-f-]{36}$/i.test(role) ? role : ((await this.customRole(role))?.name ?? assert.fail(role));
  }

  private async customRole(name: string): Promise<{ id: string; name: string } | undefined> {
    const { value } = (await this.tenant.azure("GET", `${definitions}`)) as {
      readonly value: readonly { id: string; name: string; properties: { roleName: string } }[];
    };
    return value.find(({ properties }) => properties.roleName === name);
  }
}
