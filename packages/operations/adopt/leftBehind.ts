import { federatedCredentialCommand } from "../cloud/federatedCredentialCommand";
import { graphRequest, jsonWord, shellQuoted } from "../cloud/graphRequest";
import type { AdoptedId } from "./adoptedIds";
import type { OldSecret, Unmanaged } from "./adoptionPlan";
import { requestId, requestsByApi } from "./clientBlock";
import { decodedIdentifier } from "./decodedIdentifier";
import type { LiveRegistration, RegisteredMembership } from "./liveRegistration";
import { membershipKind } from "../audit/compareMemberships";
import { principalCredentials } from "../audit/liveObjects";

/** The secrets that were made by hand, oldest end first. Those that the stack manages are left out. */
export function oldSecrets(
  { application }: LiveRegistration,
  managedKeys: readonly string[],
): readonly OldSecret[] {
  return application.passwordCredentials
    .filter(({ keyId }) => !managedKeys.includes(keyId))
    .map(({ keyId, displayName, customKeyIdentifier, hint, startDateTime, endDateTime }) => ({
      keyId,
      name: displayName || decodedIdentifier(customKeyIdentifier),
      hint,
      startsAt: startDateTime,
      endsAt: endDateTime,
      remove: `az ad app credential delete --id ${application.appId} --key-id ${keyId}`,
    }))
    .sort((one, other) => (`${one.endsAt}${one.keyId}` < `${other.endsAt}${other.keyId}` ? -1 : 1));
}

/**
 * Everything else of a registration that is not taken over.
 *
 * @param leftOut why an object is left out, by its id
 * @param graph base address of the cloud's Microsoft Graph
 */
export function unmanaged(
  live: LiveRegistration,
  adopted: readonly AdoptedId[],
  leftOut: ReadonlyMap<string, string>,
  graph: string,
): readonly Unmanaged[] {
  const taken = new Set(adopted.map(({ object }) => object));
  const { application, servicePrincipal, apis } = live;
  const apiName = (id: string): string => apis.find((api) => api.id === id)?.displayName || id;
  const principal = servicePrincipal?.id ?? "";
  const entry = (id: string, what: string, why: string, remove: string): Unmanaged[] =>
    taken.has(id) ? [] : [{ what, id, why: leftOut.get(id) ?? why, remove }];
  return [
    ...live.certificates.flatMap(({ keyId, displayName }) =>
      entry(
        keyId,
        named("certificate", displayName),
        "the configuration does not declare it",
        `az ad app credential delete --id ${application.appId} --key-id ${keyId} --cert`,
      ),
    ),
    ...live.federatedCredentials.flatMap((credential) =>
      entry(
        credential.id,
        named("federated credential", credential.name),
        "the configuration does not declare it",
        federatedCredentialCommand("delete", graph, application.id, credential),
      ),
    ),
    ...live.consents.flatMap(({ id, consentType, principalId, resourceId, scope }) =>
      entry(
        id,
        `consent to ${scope.trim() || "nothing"} of ${apiName(resourceId)}`,
        consentType === "AllPrincipals"
          ? "the configuration does not declare it"
          : `it belongs to the user ${principalId ?? ""}, and only tenant-wide consent can be declared`,
        graphRequest(graph, "DELETE", `oauth2PermissionGrants/${id}`),
      ),
    ),
    ...live.appRoles.flatMap(({ id, appRoleId, resourceId }) =>
      entry(
        id,
        `application permission ${
          apis.find((api) => api.id === resourceId)?.roleNames[appRoleId.toLowerCase()] ?? appRoleId
        } of ${apiName(resourceId)}`,
        "the configuration does not declare it",
        graphRequest(graph, "DELETE", `servicePrincipals/${principal}/appRoleAssignments/${id}`),
      ),
    ),
    ...live.azureRoles.flatMap(({ id, properties }) =>
      entry(
        id,
        `Azure role at ${properties.scope || "/"}`,
        "the configuration does not declare it",
        `az role assignment delete --ids ${shellQuoted(id)}`,
      ),
    ),
    ...requests(live, leftOut),
    ...live.memberships.map((one) => membership(one, principal, graph)),
    ...principalCredentials(servicePrincipal).map(({ keyId, kind }) => ({
      what: `${kind} of the service principal itself`,
      id: keyId,
      why: "the stack gives a service principal no credentials of its own",
      remove: `az ad sp credential delete ${kind === "certificate" ? "--cert " : ""}--id ${principal} --key-id ${keyId}`,
    })),
  ];
}

/** What an object is called, which its id follows: one without a name is its kind alone. */
function named(kind: string, name: string): string {
  return `${kind} ${name}`.trimEnd();
}

/** The limits of what is known to stay outside. */
export const notLookedAtByAdopt: readonly string[] = [
  "Azure roles in subscriptions that you cannot see",
  "what the service principal is only eligible for (Privileged Identity Management)",
  "policies that are attached to the application or its service principal",
  "properties that the provider does not have, such as the instance property lock",
];

/** Permissions that the application asks for and that cannot be declared; `pulumi up` would ask for the others alone. */
function requests(
  { application, apis }: LiveRegistration,
  leftOut: ReadonlyMap<string, string>,
): readonly Unmanaged[] {
  const all = [...requestsByApi(application)];
  const remaining = all.flatMap(([api, permissions]) => {
    const resourceAccess = permissions.filter(({ id }) => !leftOut.has(requestId(api, id)));
    return resourceAccess.length === 0 ? [] : [{ resourceAppId: api, resourceAccess }];
  });
  return all.flatMap(([api, permissions]) =>
    permissions.flatMap(({ id, type }) => {
      const why = leftOut.get(requestId(api, id));
      const name = apis.find(({ appId }) => appId === api)?.displayName || api;
      return why === undefined
        ? []
        : [
            {
              what: `request for a permission (${type}) of ${name}`,
              id,
              why,
              remove: `az ad app update --id ${application.appId} --required-resource-accesses ${jsonWord(remaining)}`,
            },
          ];
    }),
  );
}

/** Without the right to read them, names of roles and groups come empty. */
function membership(one: RegisteredMembership, principal: string, graph: string): Unmanaged {
  const { id, displayName, roleTemplateId } = one;
  const { kind, collection } = membershipKind(one) ?? { kind: "directory object", collection: "groups" };
  return {
    what: displayName
      ? `${kind} ${displayName}`
      : `${kind} whose name you are not allowed to read${roleTemplateId === "" ? "" : `, of the template ${roleTemplateId}`}`,
    id,
    why: "the service principal is a member of it, which a client cannot declare",
    remove: graphRequest(graph, "DELETE", `${collection}/${id}/members/${principal}/$ref`),
  };
}
