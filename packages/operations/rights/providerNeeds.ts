import { defaultConsent, isBuiltInRole } from "dicom-service-client/model";
import { declaredAccess } from "../project/configuredAccess";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { childTypes } from "../project/deployedClient";
import type { DeployedResource } from "../project/deployedResource";
import type { Need } from "./need";
import {
  ownerAddition,
  programLookups,
  providerCalls,
  providerVerbs,
  roleLookup,
  usersAreOwners,
  type ProviderVerb,
} from "./providerCalls";
import { lastPart } from "../project/lastPart";

/** What is declared or was deployed, and where it lies when that decides about rights. */
interface Managed {
  readonly type: string;
  readonly scope?: string;
}

type Declared = Pick<StackDeclaration, "clients" | "resources">;

/** How many owners besides the identity itself azuread names in the creation of an object. */
const ownersInCreation = 19;
const reading: readonly ProviderVerb[] = ["read"];
const removing: readonly ProviderVerb[] = ["read", "remove"];

/**
 * What the providers' requests need to deploy, change and destroy what the stack declares, and to remove what it declared before:
 * what is in the state but not in the configuration any more can still be read and removed.
 */
export function deployNeeds(declared: Declared): readonly Need[] {
  return [
    ...lookups(declared, true),
    ...declared.clients.flatMap((client) => ownerNeeds(client)),
    ...declared.clients.flatMap((client) =>
      configured(client).flatMap((managed) =>
        needsOf(
          managed,
          providerVerbs,
          true,
          (client.config?.owners?.length ?? 0) > 0 ? usersAreOwners : undefined,
        ),
      ),
    ),
    ...declared.resources.flatMap(inState).flatMap((managed) => needsOf(managed, removing, true)),
  ];
}

/** What single requests to the providers need of an identity that owns what it has made. */
export function requestNeeds(
  requests: readonly {
    readonly type: string;
    readonly verb: ProviderVerb;
    readonly scope?: string;
  }[],
  client: Pick<DeclaredClient, "config" | "deployed">,
): readonly Need[] {
  const users = (client.config?.owners?.length ?? 0) > 0 ? usersAreOwners : undefined;
  const owners = requests.some(({ type }) => type === childTypes.application) ? ownerNeeds(client) : [];
  return [
    ...owners.filter(({ occasion }) => occasion === undefined),
    ...requests.flatMap(({ verb, ...managed }) => needsOf(managed, [verb], true, users)),
  ];
}

/** What `pulumi refresh --preview-only` and `pulumi preview` read, as an identity that owns nothing. */
export function refreshNeeds(declared: Declared): readonly Need[] {
  const all = [...declared.clients.flatMap(configured), ...declared.resources.flatMap(inState)];
  return [...lookups(declared, false), ...all.flatMap((managed) => needsOf(managed, reading, false))];
}

/** What the providers read to import a registration, whatever it turns out to have, as an identity that owns nothing. */
export function importNeeds(declared: Declared): readonly Need[] {
  const { application, servicePrincipal, certificate, federated, flexible, consent, appRole } = childTypes;
  const roles = declared.clients.flatMap((client) =>
    configured(client).filter(({ type }) => type === childTypes.azureRole),
  );
  const always = [application, servicePrincipal, certificate, consent, appRole].map((type) => ({ type }));
  return [
    ...lookups(declared, false),
    ...[...always, ...roles].flatMap((managed) => needsOf(managed, reading, false)),
    ...[federated, flexible].flatMap((type) =>
      needsOf({ type }, reading, false).map((need) => ({
        ...need,
        occasion: "when the registration has federated credentials",
      })),
    ),
  ];
}

/** GUIDs of the roles that the stack gives at a scope, and of those that it may have to take away there. */
export function rolesAt(
  scope: string,
  { clients, resources }: Declared,
): { readonly gives: readonly string[]; readonly takes: readonly string[] } {
  const isHere = (other: string | undefined): boolean => other?.toLowerCase() === scope.toLowerCase();
  const gives = clients.flatMap((client) =>
    declaredAccess(client).flatMap(({ scope: at, roleId }) => (isHere(at.id) ? [roleId] : [])),
  );
  const deployed = resources.flatMap((resource) =>
    inState(resource).some(({ type, scope: at }) => type === childTypes.azureRole && isHere(at))
      ? [
          lastPart(
            textOf(resource.outputs["roleDefinitionId"] ?? resource.inputs["roleDefinitionId"]),
          ).toLowerCase(),
        ]
      : [],
  );
  const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids)].sort();
  return { gives: unique(gives), takes: unique([...gives, ...deployed.filter((id) => id !== "")]) };
}

/** The scopes of the Azure roles that were deployed. */
export function deployedScopes({ resources }: Declared): readonly string[] {
  return resources
    .flatMap(inState)
    .flatMap(({ type, scope }) => (type === childTypes.azureRole && scope !== undefined ? [scope] : []));
}

function lookups({ clients }: Declared, owns: boolean): readonly Need[] {
  const customRoles = clients.flatMap((client) =>
    declaredAccess(client).filter(({ roleId }) => !isBuiltInRole(roleId)),
  );
  return [
    ...(clients.some(({ config }) => config && config.application !== "none") ? programLookups : []).map(
      ({ permission, reason }) => ({
        permission,
        reason,
        circumstances: { owns },
      }),
    ),
    ...customRoles.map(({ scope }) => ({
      permission: roleLookup,
      scope: `/subscriptions/${scope.subscriptionId}`,
      reason: "make sure that the custom role exists",
      circumstances: { owns },
    })),
  ];
}

/** Owners are named in the creation, where that is possible; later ones are added one by one, for which Graph wants more. */
function ownerNeeds({ config, deployed }: Pick<DeclaredClient, "config" | "deployed">): readonly Need[] {
  const owners = (config?.owners ?? []).map((owner) => owner.toLowerCase());
  if (owners.length === 0) return [];
  const before = deployed?.application?.owners;
  const isDue = before ? owners.some((owner) => !before.includes(owner)) : owners.length > ownersInCreation;
  return ownerAddition.map((permission) => ({
    permission,
    reason: "add owners to what exists (owners)",
    circumstances: { owns: true },
    ...(isDue ? {} : { occasion: "when an owner is added, or put back, after the creation" }),
  }));
}

function configured(client: DeclaredClient): readonly Managed[] {
  const { config } = client;
  if (!config) return [];
  const access = declaredAccess(client);
  const roles = [
    ...access.map(({ scope }) => ({ type: childTypes.azureRole, scope: scope.id })),
    ...access
      .filter(({ isUploader }) => isUploader)
      .map(({ scope }) => ({ type: childTypes.customRole, scope: resourceGroupOf(scope.id) })),
  ];
  if (config.application === "none") return roles;
  const { secret, certificates = [], federatedCredentials = [], permissions = [], vault } = config;
  const consents = (config.consent ?? defaultConsent) === "managed";
  const only = (isThere: boolean, type: string): readonly Managed[] => (isThere ? [{ type }] : []);
  return [
    { type: childTypes.application },
    { type: childTypes.servicePrincipal },
    ...only(secret !== undefined, childTypes.password),
    ...only(certificates.length > 0, childTypes.certificate),
    ...only(
      federatedCredentials.some(({ subject }) => subject !== undefined),
      childTypes.federated,
    ),
    ...only(
      federatedCredentials.some(({ subject }) => subject === undefined),
      childTypes.flexible,
    ),
    ...only(consents, childTypes.consent),
    ...only(consents && permissions.some(({ roles = [] }) => roles.length > 0), childTypes.appRole),
    ...roles,
    ...(vault ? [{ type: childTypes.vaultSecret, scope: vault.id.replace(/\/$/, "") }] : []),
  ];
}

function inState({ type, id = "", inputs, outputs }: DeployedResource): readonly Managed[] {
  switch (type) {
    case childTypes.azureRole: {
      const scope = textOf(inputs["scope"] ?? outputs["scope"]) || id.split(roleAssignmentsPath)[0] || "/";
      // An assignment that was taken over has its scope as the provider writes it: without the slash.
      return [{ type, scope: scope.replace(/^\/?(?=.)/, "/") }];
    }
    case childTypes.customRole:
      return [{ type, scope: `/${textOf(inputs["scope"]).replace(/^\/+/, "")}` }];
    case childTypes.vaultSecret:
      return [{ type, scope: id.replace(/\/secrets\/[^/]+$/i, "") }];
    default:
      return [{ type }];
  }
}

const roleAssignmentsPath = /\/providers\/Microsoft\.Authorization\/roleAssignments\//i;

function needsOf(
  { type, scope }: Managed,
  verbs: readonly ProviderVerb[],
  owns: boolean,
  when?: string,
): readonly Need[] {
  const known = providerCalls.find((one) => one.type === type);
  if (!known) return [];
  return verbs.flatMap((verb) =>
    known.calls[verb].map((permission) => ({
      permission,
      reason: known.reasons[verb],
      circumstances: { owns, ...(when === undefined ? {} : { when }) },
      ...(scope === undefined ? {} : { scope }),
    })),
  );
}

/** The resource group that the custom role for a resource is made in. */
export function resourceGroupOf(id: string): string {
  return id.replace(/\/providers\/.*$/, "");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
