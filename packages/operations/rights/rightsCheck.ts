import { allows } from "../cloud/roleDefinition";
import type { StackDeclaration } from "../project/declaration";
import { permissionKind } from "./documentedPermission";
import { graphPermissions } from "./graphPermission";
import type { HeldRights, HeldRole, OwnableObject } from "./heldRights";
import { leastPermissions } from "./leastPermissions";
import { type Need, setsOf } from "./need";
import { contain, sufficientSets, undisputedSets, type RightsReading } from "./reading";
import type { IdentityRights, NeededRole } from "./rightsReport";
import { readRoleCondition, type AssignableRoles } from "./roleCondition";

/** What an identity lacks, and what it has too much. */
export interface RightsCheck {
  readonly principalId: string;
  readonly missing: readonly string[];
  readonly excess: readonly string[];
  /** What cannot be decided, such as what a condition of a foreign form allows. */
  readonly unknown: readonly string[];
  /** What is held that some source asks for, or that is needed on rare occasions: neither missing nor too much. */
  readonly notes: readonly string[];
  /** What is never looked at, and could give more or take away. */
  readonly notLookedAt: readonly string[];
}

/** The limits of a check. */
export const notLookedAtByRightsCheck: readonly string[] = [
  "Azure roles elsewhere than at and above the needed scopes",
  "deny assignments",
  "what the identity is only eligible for (Privileged Identity Management)",
  "directory roles for single objects or administrative units",
];

/** The objects of a stack that its deploying identity has to own. */
export function ownableObjects({ clients }: Pick<StackDeclaration, "clients">): readonly OwnableObject[] {
  return clients.flatMap(({ name: client, deployed }): OwnableObject[] => [
    ...(deployed?.objectId === undefined
      ? []
      : [{ client, kind: "application" as const, id: deployed.objectId }]),
    ...(deployed?.servicePrincipalId === undefined || deployed.isManagedIdentity
      ? []
      : [{ client, kind: "service principal" as const, id: deployed.servicePrincipalId }]),
  ]);
}

/** Compares what an identity holds with what it needs, by content. */
export function checkRights(
  principalId: string,
  held: HeldRights,
  needed: IdentityRights,
  needs: readonly Need[],
): RightsCheck {
  const usual = needs.filter(
    ({ permission, occasion }) => occasion === undefined && permissionKind(permission) === "graph",
  );
  const wanted = needed.graph.map(({ permission }) => permission);
  const elsewhere = documentedElsewhere(needed, usual);
  const more = held.graph.filter((one) => !wanted.includes(one));
  const roles = needed.azure.map((role) => checkRole(role, held.azure));
  const others = held.azure.map((role) => checkExcess(role, needed.azure));
  return {
    principalId,
    missing: [
      ...missingPermissions(held, needed, usual),
      ...missingOwnership(held, needed.reading, usual),
      ...roles.flatMap(({ missing }) => missing),
    ],
    excess: [
      ...more
        .filter((one) => !elsewhere.includes(one))
        .map((one) => `Microsoft Graph: ${one}: not needed, or allows more than is needed`),
      ...others.flatMap(({ excess }) => excess),
      ...held.memberships
        .filter(({ kind }) => kind === "directory role")
        .map(
          ({ name }) =>
            `The directory role ${name}: not needed; what it allows beyond the above is not compared`,
        ),
    ].sort(),
    unknown: [
      ...new Set([...roles.flatMap(({ unknown }) => unknown), ...others.flatMap(({ unknown }) => unknown)]),
    ].sort(),
    notes: [
      ...notesOn(
        more.filter((one) => elsewhere.includes(one)),
        needed,
      ),
      ...held.memberships
        .filter(({ kind }) => kind === "group")
        .map(
          ({ name }) =>
            `Member of ${name}: of what it gives, only Azure roles at the needed scopes are compared`,
        )
        .sort(),
    ],
    notLookedAt: notLookedAtByRightsCheck,
  };
}

function missingPermissions(
  held: HeldRights,
  { graph, reading }: IdentityRights,
  usual: readonly Need[],
): readonly string[] {
  const unmet = usual.filter((need) => !contain(held.graph, setsOf(need, reading)));
  if (unmet.length === 0) return [];
  const names = graph.map(({ permission }) => permission);
  const lacking = new Set(
    unmet.flatMap((need) => {
      const possible = setsOf(need, reading).filter((set) => set.every((one) => names.includes(one)));
      return leastPermissions([possible]).filter((one) => !held.graph.includes(one));
    }),
  );
  const isLenientlyMet = usual.every((need) => contain(held.graph, setsOf(need, "lenient")));
  return [...lacking]
    .sort()
    .map(
      (one) =>
        `Microsoft Graph: ${one} (${graphPermissions[one]?.id ?? ""})` +
        (isLenientlyMet ? "; contested: by the lenient reading what it holds suffices" : ""),
    );
}

/** Permissions for owned objects count for those that the identity owns, and for those that it will create. */
function missingOwnership(
  { graph, foreign }: HeldRights,
  reading: RightsReading,
  usual: readonly Need[],
): readonly string[] {
  const needsOwnership = usual.some(
    (need) =>
      need.circumstances.owns &&
      contain(graph, setsOf(need, reading)) &&
      need.permission.path.includes("{id}") &&
      !contain(graph, sufficientSets(need.permission, reading, { ...need.circumstances, owns: false })),
  );
  return needsOwnership
    ? foreign.map(
        ({ client, kind, id }) =>
          `Ownership of the ${kind} ${id} (client ${client}), without which its permissions for owned objects do not count`,
      )
    : [];
}

/** Permissions that the other reading or a single source asks for, or that are needed on rare occasions. */
function documentedElsewhere(
  { otherReading, occasional }: IdentityRights,
  usual: readonly Need[],
): readonly string[] {
  return [
    ...otherReading.graph,
    ...leastPermissions(
      usual.map(({ permission, circumstances }) => undisputedSets(permission, circumstances)),
    ),
    ...occasional.flatMap(({ graph }) => graph.map(({ permission }) => permission)),
  ];
}

/** Says of permissions that are no part of the usual ones when or by whose documentation they are needed. */
function notesOn(permissions: readonly string[], { occasional }: IdentityRights): readonly string[] {
  return permissions
    .map((one) => {
      const occasion = occasional.find(({ graph }) => graph.some(({ permission }) => permission === one));
      return `Microsoft Graph: ${one}: ${occasion ? `needed only ${occasion.when}` : "some documentation asks for it; this reading does not need it"}`;
    })
    .sort();
}

interface RoleResult {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
}

function checkRole(role: NeededRole, held: readonly HeldRole[]): RoleResult {
  const here = held.filter(({ countsAt }) => countsAt.includes(role.scope));
  const place = `${role.role} at ${role.scope}`;
  const lacking = [
    ...role.actions.filter((action) => !here.some(({ definition }) => allows(definition, "actions", action))),
    ...role.dataActions.filter(
      (action) => !here.some(({ definition }) => allows(definition, "dataActions", action)),
    ),
  ];
  const kinds = [
    ["gives", "Microsoft.Authorization/roleAssignments/write", "give"],
    ["takes", "Microsoft.Authorization/roleAssignments/delete", "take away"],
  ] as const;
  const byCondition = kinds.map(([kind, action, verb]) =>
    lacking.includes(action)
      ? { missing: [], unknown: [] }
      : checkCondition(
          place,
          verb,
          role.assignable?.[kind] ?? [],
          kind,
          here.flatMap(({ definition, condition }) =>
            definition.permissions
              .filter((one) => allows({ permissions: [one] }, "actions", action))
              .map((one) => [condition ?? "", one.condition].filter((text) => text !== "")),
          ),
        ),
  );
  return {
    missing: [
      ...(lacking.length === 0 ? [] : [`${place}: ${lacking.join(", ")}`]),
      ...byCondition.flatMap(({ missing }) => missing),
    ],
    unknown: byCondition.flatMap(({ unknown }) => unknown),
  };
}

/**
 * Whether the conditions of the roles that allow the action let the identity give, or take away, these roles.
 *
 * @param allowing of each permission that allows it, the conditions within which it does: the assignment's, and the role's own
 */
function checkCondition(
  place: string,
  verb: string,
  roleIds: readonly string[],
  kind: keyof AssignableRoles,
  allowing: readonly (readonly string[])[],
): RoleResult {
  const read = allowing.map((conditions) => conditions.map(readRoleCondition));
  const open = roleIds.filter(
    (id) => !read.some((conditions) => conditions.every((one) => one?.[kind].includes(id))),
  );
  if (open.length === 0) return { missing: [], unknown: [] };
  return read.some((conditions) => conditions.includes(undefined))
    ? {
        missing: [],
        unknown: [
          `${place}: a condition of another form decides whether it may ${verb} the roles ${open.join(", ")}`,
        ],
      }
    : {
        missing: [`${place}: its condition does not let it ${verb} the roles ${open.join(", ")}`],
        unknown: [],
      };
}

function checkExcess(
  held: HeldRole,
  needed: readonly NeededRole[],
): { readonly excess: readonly string[]; readonly unknown: readonly string[] } {
  const { scope, definition, condition } = held;
  const name = `${definition.roleName} at ${scope}`;
  const wanted = needed.find((role) => role.scope.toLowerCase() === scope.toLowerCase());
  if (!wanted || !isWithin(held, wanted)) {
    return { excess: [`${name}: not needed, or allows more than is needed`], unknown: [] };
  }
  if (!wanted.assignable) return { excess: [], unknown: [] };
  if (condition === null) {
    return { excess: [`${name}: it has no condition that limits it to the roles in use`], unknown: [] };
  }
  const allowed = readRoleCondition(condition);
  if (!allowed) {
    return {
      excess: [],
      unknown: [`${name}: its condition has another form, so what it allows is unknown`],
    };
  }
  const beyond = (kind: keyof AssignableRoles): readonly string[] =>
    allowed[kind].filter((id) => !wanted.assignable?.[kind].includes(id));
  const texts = [
    ["give", beyond("gives")],
    ["take away", beyond("takes")],
  ] as const;
  return {
    excess: texts.flatMap(([verb, ids]) =>
      ids.length === 0
        ? []
        : [
            `${name}: its condition lets it ${verb} the roles ${ids.join(", ")}, too, which this stack does not need`,
          ],
    ),
    unknown: [],
  };
}

/** Whether a role is the built-in one that is needed, or allows no more than what is needed. */
function isWithin({ definitionId, definition }: HeldRole, wanted: NeededRole): boolean {
  if (wanted.roleId !== null && definitionId === wanted.roleId.toLowerCase()) return true;
  const within = (kind: "actions" | "dataActions"): boolean =>
    definition.permissions.every((one) =>
      one[kind].every((action) => wanted[kind].some((need) => need.toLowerCase() === action.toLowerCase())),
    );
  return within("actions") && within("dataActions");
}
