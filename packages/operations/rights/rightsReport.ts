import { createHash } from "node:crypto";
import { calls } from "../cloud/calls";
import { outsideFacts } from "dicom-service-client/model";
import type { StackDeclaration } from "../project/declaration";
import { permissionKind, type PermissionSet } from "./documentedPermission";
import { graphPermissions } from "./graphPermission";
import { leastPermissions } from "./leastPermissions";
import { type Need, setsOf } from "./need";
import { preflightNeeds } from "./preflightNeeds";
import { deployNeeds, deployedScopes, importNeeds, refreshNeeds, rolesAt } from "./providerNeeds";
import { readNeeds } from "./readNeeds";
import { contain, contestedNow, type RightsReading } from "./reading";
import { roleCondition, type AssignableRoles } from "./roleCondition";

/**
 * What an identity is for: to deploy the stack, only to watch over it, to take registrations over into it, or to remove secrets that
 * nobody uses any more.
 */
export const purposes = ["deploy", "drift", "adopt", "retire"] as const;
export type Purpose = (typeof purposes)[number];

/** The identities that every stack needs. */
export const usualPurposes: readonly Purpose[] = ["deploy", "drift"];

/** An application permission of Microsoft Graph that is needed. */
export interface NeededPermission {
  readonly permission: string;
  /** Id of the app role. */
  readonly id: string;
  /** Whether its holder can give itself or others further rights. */
  readonly escalation: boolean;
  /** Whether sources disagree about it: by the other reading it is not needed. */
  readonly contested: boolean;
  readonly reasons: readonly string[];
}

/** An Azure role that is needed at a scope. */
export interface NeededRole {
  readonly scope: string;
  /** Name of the role; of a custom one, the name that it is to be made with. */
  readonly role: string;
  /** GUID of a built-in role; null of one that has to be made. */
  readonly roleId: string | null;
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
  /** Limits what the role may be used for; null when nothing does. */
  readonly condition: string | null;
  /** What the condition allows; null without one. */
  readonly assignable: AssignableRoles | null;
  readonly escalation: boolean;
  readonly reasons: readonly string[];
}

/** A call about whose permissions sources disagree. */
export interface ContestedCall {
  /** Method and path. */
  readonly call: string;
  readonly strict: PermissionSet;
  readonly lenient: PermissionSet;
  /** What the sources say beyond or against the strict reading. */
  readonly says: readonly string[];
  readonly sources: readonly string[];
}

/** What is needed beyond the usual rights on a rare occasion. */
export interface OccasionalRights {
  readonly when: string;
  readonly graph: readonly NeededPermission[];
}

/** The least privilege of one identity; the JSON has exactly this form for each. */
export interface IdentityRights {
  readonly purpose: Purpose;
  /** How documentation that contradicts itself was read. */
  readonly reading: RightsReading;
  readonly graph: readonly NeededPermission[];
  readonly azure: readonly NeededRole[];
  /** The permissions of Microsoft Graph by the other reading. */
  readonly otherReading: { readonly reading: RightsReading; readonly graph: PermissionSet };
  readonly contested: readonly ContestedCall[];
  /**
   * What suffices when contested statements count wherever the reading would otherwise hand out an escalation: what the script gives
   * without being asked for more.
   */
  readonly cautious: PermissionSet;
  readonly occasional: readonly OccasionalRights[];
}

/** What `rights` says of a stack. */
export interface RightsReport {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  readonly identities: readonly IdentityRights[];
}

type Declared = Pick<StackDeclaration, "clients" | "resources">;

const accessAdministrator = {
  role: "Role Based Access Control Administrator",
  roleId: outsideFacts.accessAdministrator.value,
};

/** Works out the least privilege from the configuration and the state; no request is made. */
export function rightsReport(
  declaration: StackDeclaration,
  wanted: readonly Purpose[],
  reading: RightsReading,
): RightsReport {
  return {
    version: 1,
    stack: declaration.stack,
    identities: wanted.map((purpose) =>
      rightsFor(purpose, needsFor(purpose, declaration), declaration, reading),
    ),
  };
}

/** What shows the last use of credentials; nothing else hangs on it. */
const useReportNeed: Need = {
  permission: calls.credentialUse.needs,
  reason: calls.credentialUse.reason,
  circumstances: { owns: false },
  occasion: "when status and audit are to show when credentials were last used",
};

/** Every call that is made for a purpose. */
export function needsFor(purpose: Purpose, declared: Declared): readonly Need[] {
  const clients = declared.clients.flatMap(({ config }) => config ?? []);
  switch (purpose) {
    case "deploy":
      return [...deployNeeds(declared), ...preflightNeeds(declared, true)];
    case "drift":
      return [
        ...readNeeds(clients, ["audit", "verify"], deployedScopes(declared)),
        useReportNeed,
        ...refreshNeeds(declared),
        // For the comments on pull requests.
        ...preflightNeeds(declared, false),
      ];
    case "adopt":
      // The program and the providers run as well, but only to read.
      return [...readNeeds(clients, ["adopt"]), ...importNeeds(declared)];
    case "retire":
      return readNeeds(clients, ["retire"]);
  }
}

/** The least privilege for given calls. */
export function rightsFor(
  purpose: Purpose,
  needs: readonly Need[],
  declared: Declared,
  reading: RightsReading,
): IdentityRights {
  const usual = needs.filter(({ occasion }) => occasion === undefined);
  const other: RightsReading = reading === "strict" ? "lenient" : "strict";
  const [own, others] = [least(usual, reading), least(usual, other)];
  return {
    purpose,
    reading,
    graph: permissions(usual, own, others, reading),
    azure: roles(usual, declared),
    otherReading: { reading: other, graph: others },
    contested: contestedCalls(
      usual,
      reading === "strict" ? own : others,
      reading === "strict" ? others : own,
    ),
    cautious: cautious(usual, reading),
    occasional: occasions(needs, usual, own, reading),
  };
}

function graphNeeds(needs: readonly Need[]): readonly Need[] {
  return needs.filter(({ permission }) => permissionKind(permission) === "graph");
}

function least(needs: readonly Need[], reading: RightsReading): PermissionSet {
  return leastPermissions(graphNeeds(needs).map((need) => setsOf(need, reading)));
}

function cautious(needs: readonly Need[], reading: RightsReading): PermissionSet {
  return leastPermissions(
    graphNeeds(needs).map((need) => {
      const byReading = setsOf(need, reading);
      const all = [...byReading, ...setsOf(need, "lenient")];
      const harmless = all.filter((set) => !set.some((one) => graphPermissions[one]?.isEscalation));
      return harmless.length > 0 && !byReading.some((set) => harmless.includes(set)) ? harmless : byReading;
    }),
  );
}

/** Of what is held, the permissions that let a call through. */
function usedBy(need: Need, held: PermissionSet, reading: RightsReading): PermissionSet {
  const possible = setsOf(need, reading).filter((set) => set.every((one) => held.includes(one)));
  return leastPermissions(possible.length > 0 ? [possible] : []);
}

function permissions(
  needs: readonly Need[],
  names: PermissionSet,
  byOtherReading: PermissionSet,
  reading: RightsReading,
): readonly NeededPermission[] {
  return names.map((permission) => {
    const known = graphPermissions[permission];
    if (!known) throw new RangeError(`the id of the permission ${permission} is not known`);
    const why = graphNeeds(needs).filter((need) => usedBy(need, names, reading).includes(permission));
    return {
      permission,
      id: known.id,
      escalation: known.isEscalation,
      contested: !byOtherReading.includes(permission),
      reasons: [...new Set(why.map(({ reason }) => reason))].sort(),
    };
  });
}

/** The calls for which the readings ask for different permissions. */
function contestedCalls(
  needs: readonly Need[],
  strict: PermissionSet,
  lenient: PermissionSet,
): readonly ContestedCall[] {
  const found = new Map<string, ContestedCall>();
  for (const need of graphNeeds(needs)) {
    const { permission, circumstances } = need;
    const byReading = { strict: usedBy(need, strict, "strict"), lenient: usedBy(need, lenient, "lenient") };
    const says = contestedNow(permission, circumstances.when).map((entry) => entry.says);
    if (says.length === 0 || contain(lenient, setsOf(need, "strict"))) continue;
    const call = `${permission.method} ${permission.path}`;
    found.set(call, { call, ...byReading, says, sources: permission.sources });
  }
  return [...found.values()].sort((one, other) => (one.call < other.call ? -1 : 1));
}

function occasions(
  needs: readonly Need[],
  usual: readonly Need[],
  held: PermissionSet,
  reading: RightsReading,
): readonly OccasionalRights[] {
  const names = [...new Set(needs.flatMap(({ occasion }) => occasion ?? []))].sort();
  return names.flatMap((when) => {
    const here = needs.filter(({ occasion }) => occasion === when);
    const more = least([...usual, ...here], reading).filter((one) => !held.includes(one));
    const byOtherReading = least([...usual, ...here], reading === "strict" ? "lenient" : "strict");
    return more.length === 0
      ? []
      : [
          {
            when,
            graph: permissions([...usual, ...here], [...held, ...more], byOtherReading, reading)
              .filter(({ permission }) => more.includes(permission))
              .map((one) => ({ ...one, reasons: [...new Set(here.map(({ reason }) => reason))].sort() })),
          },
        ];
  });
}

/** What the built-in role to assign roles is enough for: it may read everything besides. */
const assigning = /^Microsoft\.Authorization\/(roleAssignments\/|roleDefinitions\/read$)/;

function roles(needs: readonly Need[], declared: Declared): readonly NeededRole[] {
  const byScope = new Map<string, { scope: string; needs: Need[] }>();
  for (const need of needs) {
    if (need.scope === undefined || permissionKind(need.permission) === "nothing") continue;
    if (isReadAbove(need, needs)) continue;
    const key = need.scope.toLowerCase();
    const entry = byScope.get(key) ?? { scope: need.scope, needs: [] };
    entry.needs.push(need);
    byScope.set(key, entry);
  }
  return [...byScope.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { scope, needs: here }]) => roleAt(scope, here, declared));
}

/** Whether the same may be read at a scope around this one. */
function isReadAbove({ permission, scope = "" }: Need, needs: readonly Need[]): boolean {
  const [action = ""] = permission.least;
  return (
    action.endsWith("/read") &&
    needs.some(
      (other) =>
        other.permission.least[0] === action &&
        other.scope !== undefined &&
        scope.toLowerCase().startsWith(`${other.scope.toLowerCase()}/`),
    )
  );
}

function roleAt(scope: string, needs: readonly Need[], declared: Declared): NeededRole {
  const named = (kind: "action" | "dataAction"): readonly string[] =>
    [
      ...new Set(
        needs.flatMap(({ permission }) => (permissionKind(permission) === kind ? permission.least : [])),
      ),
    ].sort();
  const actions = named("action");
  const dataActions = named("dataAction");
  const changesRoles = actions.some((one) => assigning.test(one) && !one.endsWith("/read"));
  const isAboutAssigning =
    changesRoles && actions.every((one) => assigning.test(one)) && dataActions.length === 0;
  const assignable = changesRoles ? rolesAt(scope, declared) : null;
  const common = {
    scope,
    actions,
    dataActions,
    condition: assignable && roleCondition(assignable),
    assignable,
    escalation: (assignable?.gives.length ?? 0) > 0,
    reasons: [...new Set(needs.map(({ reason }) => reason))].sort(),
  };
  return isAboutAssigning
    ? { ...accessAdministrator, ...common }
    : { role: customRoleName(scope, actions, dataActions), roleId: null, ...common };
}

/** The same name for the same contents, and another one for others: custom roles are unique by name in a tenant. */
function customRoleName(scope: string, actions: readonly string[], dataActions: readonly string[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([scope.toLowerCase(), actions, dataActions]))
    .digest("hex");
  return `DICOM service clients ${digest.slice(0, 8)}`;
}
