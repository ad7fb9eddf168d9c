import { parseDicomScope } from "dicom-service-client/model";
import { isManagedIdentity } from "../project/managedIdentity";
import { isSameId } from "../audit/canonical";
import type { AuditedStack, ReadClient } from "../audit/auditStack";
import type { RuleId } from "../audit/rules";
import { apiOfPrincipal, type LiveTenant } from "../audit/liveTenant";
import { lastPart } from "../project/lastPart";
import { presentOf } from "../cloud/coverage";

/**
 * What a thing is to the declaration, as an audit finds it: `due` is declared and not issued yet, `missing` is declared and gone,
 * `changed` bears the id of a declared one.
 */
export type MapStanding = "declared" | "due" | "undeclared" | "changed" | "missing";

/** A credential that a client signs in with. */
export interface MapCredential {
  readonly kind: "secret" | "certificate" | "federated" | "managed identity";
  /** May be what others chose. */
  readonly name: string;
  readonly place: "application" | "service principal";
  readonly standing: MapStanding;
  /** Instant; null when it never ends, or is not known. */
  readonly endsAt: string | null;
}

/** Something that a client may do. */
export interface MapAccess {
  readonly kind: "consent" | "application permission" | "Azure role" | "membership";
  /** Scopes, a permission or a role by its name. */
  readonly name: string;
  /** Id of the target. */
  readonly to: string;
  readonly standing: MapStanding;
}

/** What clients have access to, or belong to. */
export interface MapTarget {
  /** Object id, or resource id in lower case. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
}

export interface MapClient {
  readonly name: string;
  /** Null of a client that is not there. */
  readonly displayName: string | null;
  readonly clientId: string | null;
  readonly credentials: readonly MapCredential[];
  readonly access: readonly MapAccess[];
}

/** Clients, what they sign in with, and what they may do where. */
export interface EstateMap {
  readonly version: 1;
  readonly stack: string;
  readonly asOf: string;
  /** Whether everything could be read; otherwise something may be missing in the map. */
  readonly complete: boolean;
  readonly clients: readonly MapClient[];
  /** Sorted by kind and name. */
  readonly targets: readonly MapTarget[];
}

/** Draws up the map of an audited stack: what is declared is what the audit takes for it, accepted findings included. */
export function estateMap({ report, clients, tenant }: AuditedStack): EstateMap {
  const findings = [...report.findings, ...report.suppressed.map(({ finding }) => finding)];
  const standingOf = (client: string, object: string): MapStanding =>
    findings
      .filter((one) => one.client === client && isSameId(one.object, object))
      .flatMap(({ rule }) => standingBy(rule) ?? [])[0] ?? "declared";
  const targets = new Map<string, MapTarget>();
  const mapped = clients.map((one): MapClient => {
    const { name } = one.client;
    const isMissing = ({ object }: { readonly object: string }): boolean =>
      standingOf(name, object) === "missing";
    const isIdentity = isManagedIdentity(one.client);
    const application = isIdentity ? presentOf(one.live?.servicePrincipal) : presentOf(one.live?.application);
    return {
      name,
      displayName: application?.displayName ?? null,
      clientId: one.live?.ids.clientId ?? null,
      credentials: [
        ...(isIdentity && application !== undefined ? [ownSignIn(application.displayName)] : []),
        ...one.credentials.map(({ kind, name: of, place, standing, endsAt }) => ({
          kind,
          name: of,
          place,
          standing,
          endsAt,
        })),
        ...deployedCredentials(one)
          .filter(isMissing)
          .map(({ object: _object, ...rest }) => ({ ...rest, standing: "missing" as const })),
      ],
      access: [...liveAccess(one, tenant), ...deployedAccess(one, tenant).filter(isMissing)].map(
        ({ object, target, kind, name: of }) => {
          targets.set(target.id, target);
          return { kind, name: of, to: target.id, standing: standingOf(name, object) };
        },
      ),
    };
  });
  return {
    version: 1,
    stack: report.stack,
    asOf: report.asOf,
    complete: report.coverage.complete,
    clients: mapped,
    targets: [...targets.values()].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1)),
  };
}

/** What a managed identity signs in with: itself, with nothing that anybody could hand out. */
function ownSignIn(name: string): MapCredential {
  return { kind: "managed identity", name, place: "service principal", standing: "declared", endsAt: null };
}

/** What the finding of a rule says about the object that it names; nothing when it says nothing about its standing. */
function standingBy(rule: RuleId): MapStanding | undefined {
  if (rule.endsWith("-missing")) return "missing";
  if (rule.endsWith("-changed") || rule === "recreated-by-hand") return "changed";
  return rule.endsWith("-undeclared") || rule === "directory-role" || rule === "group-membership"
    ? "undeclared"
    : undefined;
}

/** Access with the id of the object that gives it. */
interface Access {
  readonly kind: MapAccess["kind"];
  readonly name: string;
  readonly object: string;
  readonly target: MapTarget;
}

function liveAccess({ live }: ReadClient, tenant: LiveTenant): readonly Access[] {
  if (live === undefined) return [];
  const roles = tenant.rolesByPrincipal?.value.get((live.ids.servicePrincipalId ?? "").toLowerCase()) ?? [];
  return [
    ...(live.consents?.value ?? []).map(({ id, scope, resourceId }): Access => ({
      kind: "consent",
      name: scope.trim().split(/ +/).sort().join(" "),
      object: id,
      target: apiTarget(tenant, resourceId),
    })),
    ...(live.appRoles?.value ?? []).map(({ id, appRoleId, resourceId }): Access => ({
      kind: "application permission",
      name: roleNameOf(tenant, resourceId, appRoleId),
      object: id,
      target: apiTarget(tenant, resourceId),
    })),
    ...roles.map(({ id, properties: { roleDefinitionId, scope } }): Access => ({
      kind: "Azure role",
      name: tenant.roles.get(roleDefinitionId.toLowerCase())?.roleName ?? lastPart(roleDefinitionId),
      object: id,
      target: scopeTarget(scope),
    })),
    ...(live.memberships?.value ?? []).map(({ id, displayName, "@odata.type": type }): Access => ({
      kind: "membership",
      name: "member",
      object: id,
      target: {
        id: id.toLowerCase(),
        kind: type === "#microsoft.graph.directoryRole" ? "directory role" : "group",
        name: displayName || id,
      },
    })),
  ];
}

/** What was deployed, to be drawn where it is gone. */
function deployedAccess({ client: { deployed } }: ReadClient, tenant: LiveTenant): readonly Access[] {
  if (deployed === undefined) return [];
  return [
    ...deployed.consents.map(({ id, scopes, resourceId }): Access => ({
      kind: "consent",
      name: [...scopes].sort().join(" "),
      object: id,
      target: apiTarget(tenant, resourceId),
    })),
    ...deployed.appRoles.map(({ id, appRoleId, resourceId }): Access => ({
      kind: "application permission",
      name: roleNameOf(tenant, resourceId, appRoleId),
      object: id,
      target: apiTarget(tenant, resourceId),
    })),
    ...deployed.azureRoles.map(({ id, roleId, scope }): Access => ({
      kind: "Azure role",
      name: [...tenant.roles].find(([definition]) => lastPart(definition) === roleId)?.[1].roleName ?? roleId,
      object: id,
      target: scopeTarget(scope),
    })),
  ];
}

function deployedCredentials({
  client: { deployed },
}: ReadClient): readonly (Omit<MapCredential, "standing"> & { readonly object: string })[] {
  if (deployed === undefined) return [];
  const place = "application" as const;
  return [
    ...deployed.secrets.map(({ keyId, slot, endsAt }) => ({
      kind: "secret" as const,
      name: `slot ${slot}`,
      place,
      endsAt,
      object: keyId,
    })),
    ...deployed.certificates.map(({ keyId, name, endsAt }) => ({
      kind: "certificate" as const,
      name,
      place,
      endsAt,
      object: keyId,
    })),
    ...deployed.federatedCredentials.map(({ id, name }) => ({
      kind: "federated" as const,
      name,
      place,
      endsAt: null,
      object: id,
    })),
  ];
}

function apiTarget(tenant: LiveTenant, resourceId: string): MapTarget {
  const name = apiOfPrincipal(tenant, resourceId)?.displayName;
  return {
    id: resourceId.toLowerCase(),
    kind: "API",
    name: name === undefined || name === "" ? resourceId : name,
  };
}

function roleNameOf(tenant: LiveTenant, resourceId: string, appRoleId: string): string {
  return apiOfPrincipal(tenant, resourceId)?.roleNames[appRoleId.toLowerCase()] ?? appRoleId;
}

function scopeTarget(scope: string): MapTarget {
  const id = scope.toLowerCase();
  const dicom = parseDicomScope(scope);
  if (dicom?.dicomService !== undefined) {
    return { id, kind: "DICOM service", name: `${dicom.workspace}/${dicom.dicomService}` };
  }
  if (dicom !== undefined) return { id, kind: "workspace", name: dicom.workspace };
  const parts = scope.split("/").filter((part) => part !== "");
  const kind = parts.length === 2 ? "subscription" : parts.length === 4 ? "resource group" : "Azure resource";
  return { id, kind, name: parts.at(-1) ?? "every subscription of the tenant" };
}

function sortKey({ kind, name, id }: MapTarget): string {
  return [kind, name, id].join("\n");
}
