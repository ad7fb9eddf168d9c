import { shellQuoted } from "../cloud/graphRequest";
import { graphClientId, graphPermissions } from "./graphPermission";
import type { IdentityRights, NeededRole, OccasionalRights, Purpose, RightsReport } from "./rightsReport";

/**
 * Writes the commands that give an identity its rights; `$PRINCIPAL` is the object id of its service principal. Run again, they
 * bring what is there up to date and leave the rest: a condition keeps what other stacks of the same identity need.
 *
 * @param project name of the Pulumi project, since stacks of two projects may have the same name
 */
export function rightsCommands({ stack, identities }: RightsReport, project: string): string {
  return [
    "#!/bin/sh",
    `# Gives an identity the least privilege for the stack ${stack}. Run it again after a change of the configuration:`,
    "# what is there is brought up to date, and what other stacks of the identity need is kept.",
    "# PRINCIPAL: object id of the identity's service principal. Application permissions need a Privileged Role Administrator.",
    "set -eu",
    ': "${PRINCIPAL:?object id of the service principal}"',
    `STACK=${shellQuoted(`${project}/${stack}`)}`,
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
  retire: "remove unused secrets from",
};

/** What a custom role permits, in a line: each kind of actions sorted and apart from the others, and so every part of the role. */
const permittedQuery = `[0].permissions[].join('|', [${[
  "actions",
  "notActions",
  "dataActions",
  "notDataActions",
]
  .map((kind) => `join(' ', sort(${kind} || actions[:0]))`)
  .join(", ")}]) | join('+', @)`;

const functions = `
# permit <id of the application permission>
permit() {
  url=\${GRAPH_URL%/}/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignments
  held=$(az rest --method GET --url "$url" --query "value[?appRoleId=='$1' && resourceId=='$GRAPH'].id | [0]" --output tsv)
  [ -n "$held" ] || az rest --method POST --url "$url" --output none \\
    --body "{\\"principalId\\":\\"$PRINCIPAL\\",\\"resourceId\\":\\"$GRAPH\\",\\"appRoleId\\":\\"$1\\"}"
}

# held <role> <scope> <property of the role assignment>
held() {
  az role assignment list --assignee "$PRINCIPAL" --role "$1" --scope "$2" --query "[0].$3 || ''" --output tsv
}

# assign <role> <scope> [option of the assignment ...]
assign() {
  role=$1 scope=$2
  shift 2
  az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal \\
    --role "$role" --scope "$scope" --output none "$@"
}

# defined <name> <scope that it can be assigned in> <query>
defined() { az role definition list --name "$1" --custom-role-only true --scope "$2" --query "$3" --output tsv; }

# define <name> <definition> <scope that it can be assigned in> <what it permits, as the query writes it>
define() {
  if [ -n "$(defined "$1" "$3" "[0].id || ''")" ]; then
    permitted=$(defined "$1" "$3" "${permittedQuery}")
    [ "$permitted" = "$4" ] || az role definition update --role-definition "$2" --output none
    return
  fi
  az role definition create --role-definition "$2" --output none
  # A new role can be assigned once it is listed.
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
    [ -z "$(defined "$1" "$3" "[0].id || ''")" ] || return 0
    sleep 10
  done
  echo "The role $1 is not listed two minutes after it was made; run this again." >&2
  return 1
}

# clause <write or delete> <Request or Resource> <ids of roles, with commas between>
clause() {
  refused="(!(ActionMatches{'Microsoft.Authorization/roleAssignments/$1'}))"
  if [ -z "$3" ]; then printf '%s' "$refused"; return; fi
  role_id="@$2[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$3}"
  principal="@$2[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}"
  printf '%s' "($refused OR ($role_id AND $principal))"
}

# condition <ids of roles to give> <ids of roles to take away>
condition() { printf '%s' "$(clause write Request "$1") AND $(clause delete Resource "$2")"; }

# joined: the lines that are read, sorted, each once, with commas between
joined() { sed '/^$/d' | LC_ALL=C sort -u | awk '{ printf "%s%s", separator, $0; separator = ", " }'; }

# noted <gives or takes> <notes>: the ids of roles in notes such as "project/stack:gives=id,id:takes=id"
noted() { printf '%s\\n' "$2" | tr ' ' '\\n' | sed -n "s/.*:$1=\\([^:]*\\).*/\\1/p" | tr ',' '\\n' | joined; }

# limit <role> <scope> <ids of roles to give> <ids of roles to take away>: assigns a role that may be used for these only. The
# assignment's description notes what each stack needs.
limit() {
  name=$(held "$1" "$2" name) before=$(held "$1" "$2" condition) description=$(held "$1" "$2" description)
  others=$(printf '%s\\n' "$description" | tr ' ' '\\n' |
    awk -v own="$STACK:" '/:gives=.*:takes=/ && index($0, own) != 1 { printf "%s ", $0 }')
  case $description in
    *:gives=*:takes=*) ;;
    *)
      ids=$(printf '%s\\n' "$before" | tr '[:space:],{}' '\\n' | sed -n '/^[0-9a-f]\\{8\\}-[0-9a-f-]\\{27\\}$/p' | joined)
      if [ -n "$name" ] && [ "$before" != "$(condition "$ids" "$ids")" ]; then
        echo "Left as it is: $1 at $2, whose condition (\${before:-none}) this script did not write. Remove that assignment and run this again." >&2
        return
      fi
      [ -z "$ids" ] || others="earlier:gives=$ids:takes=$ids "
      others=$(printf '%s' "$others" | sed 's/, /,/g')
      ;;
  esac
  notes="$others$STACK:gives=$3:takes=$4"
  allowed=$(condition "$(noted gives "$notes")" "$(noted takes "$notes")")
  [ "$allowed" = "$before" ] && [ "$notes" = "$description" ] ||
    assign "$1" "$2" \${name:+--name "$name"} --condition "$allowed" --condition-version 2.0 --description "$notes"
}`.split("\n");

function commandsOf({
  purpose,
  graph,
  azure,
  cautious,
  contested,
  occasional,
  otherReading,
}: IdentityRights): readonly string[] {
  return [
    "",
    `# To ${doings[purpose]} the stack`,
    ...cautious.map((permission) => permit(permission, graphPermissions[permission]?.id ?? "")),
    ...graph
      .filter(({ permission }) => !cautious.includes(permission))
      .flatMap(({ permission, id }) => [
        "# Contested, and its holder could give itself any right; given only with ESCALATE=yes:",
        `[ "\${ESCALATE:-}" != yes ] || ${permit(permission, id)}`,
      ]),
    ...(contested.length === 0
      ? []
      : [`# By the ${otherReading.reading} reading of the documentation: ${otherReading.graph.join(", ")}`]),
    ...occasional.flatMap(({ when, graph: more }: OccasionalRights) => [
      `# Only ${when}:`,
      ...more.map(({ permission, id }) => `# ${permit(permission, id)}`),
    ]),
    ...azure.flatMap(roleCommands),
  ];
}

function permit(permission: string, id: string): string {
  return `permit ${id} # ${permission}`;
}

function roleCommands({
  scope,
  role,
  roleId,
  actions,
  dataActions,
  assignable,
}: NeededRole): readonly string[] {
  const definition = {
    Name: role,
    Description: role,
    Actions: actions,
    NotActions: [],
    DataActions: dataActions,
    NotDataActions: [],
    AssignableScopes: [assignableScope(scope)],
  };
  const wanted = shellQuoted(roleId ?? role);
  return [
    ...(roleId === null
      ? [
          [
            "define",
            ...[role, JSON.stringify(definition), assignableScope(scope)].map(shellQuoted),
            shellQuoted([actions, [], dataActions, []].map((kind) => [...kind].sort().join(" ")).join("|")),
          ].join(" "),
        ]
      : []),
    assignable
      ? `limit ${wanted} ${shellQuoted(scope)} '${assignable.gives.join(",")}' '${assignable.takes.join(",")}'`
      : `[ -n "$(held ${wanted} ${shellQuoted(scope)} id)" ] || assign ${wanted} ${shellQuoted(scope)}`,
  ];
}

/** Custom roles are made for a subscription or resource group, not for one resource. */
function assignableScope(scope: string): string {
  return /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?/i.exec(scope)?.[0] ?? scope;
}
