import { graphClientId } from "./graphPermission";
import type { IdentityRights, NeededRole, Purpose, RightsReport } from "./rightsReport";

/**
 * Writes the commands that give an identity its rights; `$PRINCIPAL` is the object id of its service principal. What is there
 * already is kept, so that the script can be run again.
 */
export function rightsCommands({ stack, identities }: RightsReport): string {
  return [
    "#!/bin/sh",
    `# Gives an identity the least privilege for the stack ${stack}. Can be run again: what is there is kept.`,
    "# PRINCIPAL: object id of the identity's service principal. Application permissions need a Privileged Role Administrator.",
    "set -eu",
    ': "${PRINCIPAL:?object id of the service principal}"',
    // The cloud that az is signed in to knows its own address.
    "GRAPH_URL=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)",
    `GRAPH=$(az ad sp show --id ${graphClientId} --query id --output tsv)`,
    ...functions,
    ...identities.flatMap(commandsOf),
    "",
  ].join("\n");
}

const doings: Readonly<Record<Purpose, string>> = {
  deploy: "deploy",
  drift: "watch over",
  adopt: "take registrations over into",
};

const functions = `
# permit <id of the application permission>
permit() {
  url=\${GRAPH_URL%/}/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignments
  held=$(az rest --method GET --url "$url" --query "value[?appRoleId=='$1' && resourceId=='$GRAPH'].id | [0]" --output tsv)
  [ -n "$held" ] || az rest --method POST --url "$url" --output none \\
    --body "{\\"principalId\\":\\"$PRINCIPAL\\",\\"resourceId\\":\\"$GRAPH\\",\\"appRoleId\\":\\"$1\\"}"
}

# assign <role> <scope> [option of the assignment ...]
assign() {
  role=$1 scope=$2
  shift 2
  held=$(az role assignment list --assignee "$PRINCIPAL" --role "$role" --scope "$scope" --query "[0].id" --output tsv)
  [ -n "$held" ] || az role assignment create --assignee-object-id "$PRINCIPAL" \\
    --assignee-principal-type ServicePrincipal --role "$role" --scope "$scope" --output none "$@"
}

# define <name> <definition>
define() {
  there=$(az role definition list --name "$1" --custom-role-only true --query "[0].id" --output tsv)
  [ -n "$there" ] || az role definition create --role-definition "$2" --output none
}`.split("\n");

function commandsOf({ purpose, graph, azure }: IdentityRights): readonly string[] {
  return [
    "",
    `# To ${doings[purpose]} the stack`,
    ...graph.map(({ permission, id }) => `permit ${id} # ${permission}`),
    ...azure.flatMap(roleCommands),
  ];
}

function roleCommands({
  scope,
  role,
  roleId,
  actions,
  dataActions,
  condition,
}: NeededRole): readonly string[] {
  const definition = {
    Name: role,
    Description: role,
    Actions: actions,
    DataActions: dataActions,
    AssignableScopes: [assignableScope(scope)],
  };
  return [
    ...(roleId === null ? [`define ${quoted(role)} ${quoted(JSON.stringify(definition))}`] : []),
    `assign ${quoted(roleId ?? role)} ${quoted(scope)}${condition === null ? "" : ` --condition ${quoted(condition)} --condition-version 2.0`}`,
  ];
}

/** Custom roles are made for a subscription or resource group, not for one resource. */
function assignableScope(scope: string): string {
  return /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?/i.exec(scope)?.[0] ?? scope;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
