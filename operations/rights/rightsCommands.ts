import { graphClientId } from "./graphPermission";
import type { IdentityRights, NeededRole, Purpose, RightsReport } from "./rightsReport";

/** Writes the commands that give an identity its rights; `$PRINCIPAL` is the object id of its service principal. */
export function rightsCommands({ stack, identities }: RightsReport): string {
  return [
    "#!/bin/sh",
    `# Gives an identity the least privilege for the stack ${stack}.`,
    "# PRINCIPAL: object id of the identity's service principal. Application permissions need a Privileged Role Administrator.",
    "set -eu",
    ': "${PRINCIPAL:?object id of the service principal}"',
    // The cloud that az is signed in to knows its own address.
    "GRAPH_URL=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)",
    ...identities.flatMap(commandsOf),
    "",
  ].join("\n");
}

const doings: Readonly<Record<Purpose, string>> = {
  deploy: "deploy",
  drift: "watch over",
  adopt: "take registrations over into",
};

function commandsOf({ purpose, graph, azure }: IdentityRights): readonly string[] {
  return [
    "",
    `# To ${doings[purpose]} the stack`,
    `GRAPH=$(az ad sp show --id ${graphClientId} --query id --output tsv)`,
    ...graph.map(
      ({ permission, id }) =>
        `az rest --method POST --url "\${GRAPH_URL%/}/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignments" --body "{\\"principalId\\":\\"$PRINCIPAL\\",\\"resourceId\\":\\"$GRAPH\\",\\"appRoleId\\":\\"${id}\\"}"   # ${permission}`,
    ),
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
    ...(roleId === null
      ? [`az role definition create --role-definition ${quoted(JSON.stringify(definition))}`]
      : []),
    `az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal --role ${quoted(roleId ?? role)} --scope ${quoted(scope)}${condition === null ? "" : ` --condition ${quoted(condition)} --condition-version 2.0`}`,
  ];
}

/** Custom roles are made for a subscription or resource group, not for one resource. */
function assignableScope(scope: string): string {
  return /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?/i.exec(scope)?.[0] ?? scope;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
