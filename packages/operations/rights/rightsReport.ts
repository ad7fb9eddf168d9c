import { createHash } from "node:crypto";
import type { ClientConfig } from "dicom-service-client/model";
import { configuredAccess } from "../project/configuredAccess";
import type { StackDeclaration } from "../project/declaration";
import { deployNeeds } from "./deployNeeds";
import { graphPermissions } from "./graphPermission";
import type { Need } from "./need";
import { readNeeds, refreshNeeds } from "./readNeeds";
import { roleCondition } from "./roleCondition";

/** What an identity is for: to deploy the stack, only to watch over it, or to take registrations over into it. */
export const purposes = ["deploy", "drift", "adopt"] as const;
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
  readonly escalation: boolean;
  readonly reasons: readonly string[];
}

/** The least privilege of one identity; the JSON has exactly this form for each. */
export interface IdentityRights {
  readonly purpose: Purpose;
  readonly graph: readonly NeededPermission[];
  readonly azure: readonly NeededRole[];
}

/** What `rights` says of a stack. */
export interface RightsReport {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  readonly identities: readonly IdentityRights[];
}

/** Role Based Access Control Administrator. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const accessAdministrator = {
  role: "Role Based Access Control Administrator",
  roleId: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
};

/** Works out the least privilege from the configuration; no request is made. */
export function rightsReport(declaration: StackDeclaration, wanted: readonly Purpose[]): RightsReport {
  const clients = declaration.clients.flatMap(({ config }) => config ?? []);
  return {
    version: 1,
    stack: declaration.stack,
    identities: wanted.map((purpose) => {
      const needs = needsFor(purpose, clients);
      return { purpose, graph: permissions(needs), azure: roles(needs, clients) };
    }),
  };
}

function needsFor(purpose: Purpose, clients: readonly ClientConfig[]): readonly Need[] {
  switch (purpose) {
    case "deploy":
      return deployNeeds(clients);
    case "drift":
      return [...readNeeds(clients, ["audit", "verify"]), ...refreshNeeds(clients)];
    case "adopt":
      // The program and the providers run as well, but only to read.
      return [
        ...readNeeds(clients, ["adopt"]),
        ...deployNeeds(clients).filter(
          ({ right }) => right.kind === "action" && right.action.endsWith("/read"),
        ),
      ];
  }
}

function permissions(needs: readonly Need[]): readonly NeededPermission[] {
  const reasons = new Map<string, Set<string>>();
  for (const { right, reason } of needs) {
    if (right.kind !== "graph") continue;
    const name = right.anyOf[0] ?? "";
    reasons.set(name, (reasons.get(name) ?? new Set()).add(reason));
  }
  return [...reasons]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([permission, why]) => {
      const known = graphPermissions[permission];
      if (!known) throw new RangeError(`the id of the permission ${permission} is not known`);
      return { permission, id: known.id, escalation: known.isEscalation, reasons: [...why].sort() };
    });
}

const assigning = /^Microsoft\.Authorization\/roleAssignments\//;

function roles(needs: readonly Need[], clients: readonly ClientConfig[]): readonly NeededRole[] {
  const byScope = new Map<string, { scope: string; needs: Need[] }>();
  for (const need of needs) {
    if (need.scope === undefined || need.right.kind === "graph") continue;
    const key = need.scope.toLowerCase();
    const entry = byScope.get(key) ?? { scope: need.scope, needs: [] };
    entry.needs.push(need);
    byScope.set(key, entry);
  }
  return [...byScope.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { scope, needs: here }]) => roleAt(scope, here, clients));
}

function roleAt(scope: string, needs: readonly Need[], clients: readonly ClientConfig[]): NeededRole {
  const named = (kind: "action" | "dataAction"): readonly string[] =>
    [...new Set(needs.flatMap(({ right }) => (right.kind === kind ? [right.action] : [])))].sort();
  const actions = named("action");
  const dataActions = named("dataAction");
  const mayAssign = actions.includes("Microsoft.Authorization/roleAssignments/write");
  const isAboutAssigning =
    mayAssign && actions.every((one) => assigning.test(one)) && dataActions.length === 0;
  const common = {
    scope,
    actions,
    dataActions,
    condition: mayAssign ? roleCondition(rolesAssignedAt(scope, clients)) : null,
    escalation: mayAssign,
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

function rolesAssignedAt(scope: string, clients: readonly ClientConfig[]): readonly string[] {
  const ids = clients
    .flatMap(configuredAccess)
    .filter((access) => access.scope.id.toLowerCase() === scope.toLowerCase())
    .map(({ roleId }) => roleId);
  return [...new Set(ids)].sort();
}
