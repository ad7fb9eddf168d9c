const assignments = "Microsoft.Authorization/roleAssignments";
const verbs = { write: "Request", delete: "Resource" } as const;
type Verb = keyof typeof verbs;

/** What a role assignment may be used for: GUIDs of the role definitions, in lower case and sorted. */
export interface AssignableRoles {
  readonly gives: readonly string[];
  readonly takes: readonly string[];
}

/**
 * The condition by which a role assignment may be used to give and take certain roles only, and to service principals only.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 */
export function roleCondition({ gives, takes }: AssignableRoles): string {
  return `${clause("write", gives)} AND ${clause("delete", takes)}`;
}

/** The part about one action; with no role the action is refused altogether. */
function clause(verb: Verb, roleIds: readonly string[]): string {
  const refused = `(!(ActionMatches{'${assignments}/${verb}'}))`;
  if (roleIds.length === 0) return refused;
  const attribute = (name: string): string => `@${verbs[verb]}[${assignments}:${name}]`;
  return [
    `(${refused}`,
    `OR (${attribute("RoleDefinitionId")} ForAnyOfAnyValues:GuidEquals {${[...roleIds].sort().join(", ")}}`,
    `AND ${attribute("PrincipalType")} ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`,
  ].join(" ");
}

/**
 * Reads a condition that {@link roleCondition} has made, however it is spaced and spelled. Undefined of any other, about which
 * nothing is known.
 */
export function readRoleCondition(condition: string): AssignableRoles | undefined {
  const roles = (verb: Verb): readonly string[] => {
    const guids = new RegExp(
      `^.*actionmatches\\{'${assignments}/${verb}'\\}.*?guidequals\\{([0-9a-f,-]+)\\}.*$`,
      "i",
    ).exec(squeezed(condition))?.[1];
    const ids = (guids ?? "").split(",").filter((id) => id !== "");
    return [...new Set(ids.map((id) => id.toLowerCase()))].sort();
  };
  const [gives, takes] = [roles("write"), roles("delete")];
  const candidates = [
    { gives, takes },
    { gives: [], takes },
    { gives, takes: [] },
    { gives: [], takes: [] },
  ];
  return candidates.find((one) => squeezed(roleCondition(one)) === squeezed(sortedLists(condition)));
}

/** Azure compares names and ids without regard to case, and blanks between words mean nothing. */
function squeezed(condition: string): string {
  return condition.toLowerCase().replace(/\s+/g, "");
}

function sortedLists(condition: string): string {
  return condition.replace(/\{([0-9a-f,\s-]{36,})\}/gi, (_all, list: string) => {
    const ids = list.split(",").map((id) => id.trim().toLowerCase());
    return `{${[...new Set(ids)].sort().join(", ")}}`;
  });
}
