import {
  type Access,
  certificateKey,
  childName,
  type ChildKind,
  children,
  type ClientConfig,
  defaultConsent,
  type DicomApi,
  permissionRequests,
  roleAssignmentName,
} from "dicom-service-client/model";
import { isCertificate } from "../cloud/certificateBytes";
import { definitionAt } from "../cloud/roleDefinition";
import { configuredAccess } from "../project/configuredAccess";
import type { LiveRegistration } from "./liveRegistration";

/** A live object that a resource of the program stands for. */
export interface AdoptedId {
  /** Type of the resource. */
  readonly type: string;
  /** Name of the resource, such as `imaging-gateway-application`. */
  readonly name: string;
  /** Name that earlier versions gave the resource, under which the state may have it. */
  readonly formerName: string;
  /** Id in the form that the provider imports. */
  readonly id: string;
  /** Id of the live object itself, as reports name it. */
  readonly object: string;
}

/**
 * The live objects that the resources of a client stand for. Sources of the ids' forms: the sections "Import" of the azuread
 * provider's pages (https://www.pulumi.com/registry/packages/azuread/).
 *
 * @param name the client's name
 * @param owner of the custom roles that the client brings along
 */
export function adoptedIds(
  name: string,
  config: ClientConfig,
  live: LiveRegistration,
  dicom: DicomApi,
  owner: string,
): readonly AdoptedId[] {
  const { application, servicePrincipal } = live;
  const of: IdOf = (kind, keys, id, object, formerKeys = keys) => ({
    type: children[kind].type,
    name: childName(name, kind, ...keys),
    formerName: childName(name, kind, ...formerKeys),
    id,
    object,
  });
  return [
    of("application", [], `/applications/${application.id}`, application.id),
    ...(servicePrincipal === undefined
      ? []
      : [of("servicePrincipal", [], `/servicePrincipals/${servicePrincipal.id}`, servicePrincipal.id)]),
    ...(config.certificates ?? []).flatMap((declared) =>
      live.certificates
        .filter(({ usage, key }) => usage === "Verify" && isCertificate(key, declared.pem))
        .slice(0, 1)
        .map(({ keyId }) =>
          of("certificate", [certificateKey(declared)], `${application.id}/certificate/${keyId}`, keyId, [
            declared.name,
          ]),
        ),
    ),
    ...(config.federatedCredentials ?? []).flatMap((declared) =>
      live.federatedCredentials
        .filter((credential) => credential.name === declared.name)
        .map(({ id }) =>
          declared.subject === undefined
            ? of(
                "flexibleFederatedCredential",
                [declared.name],
                `/applications/${application.id}/federatedIdentityCredentials/${id}`,
                id,
              )
            : of(
                "federatedCredential",
                [declared.name],
                `${application.id}/federatedIdentityCredential/${id}`,
                id,
              ),
        ),
    ),
    ...adoptedConsents(of, config, live, dicom),
    ...adoptedAccess(of, configuredAccess(config, owner), live),
  ];
}

/** @param keys what tells the child from others of its kind. */
type IdOf = (
  kind: ChildKind,
  keys: readonly string[],
  id: string,
  object: string,
  formerKeys?: readonly string[],
) => AdoptedId;

function adoptedConsents(
  of: IdOf,
  { consent = defaultConsent, permissions = [] }: ClientConfig,
  { apis, consents, appRoles }: LiveRegistration,
  dicom: DicomApi,
): readonly AdoptedId[] {
  if (consent !== "managed") return [];
  return permissionRequests(dicom, permissions).flatMap(({ clientId, key, formerKey, scopes, roles }) => {
    const api = apis.find((one) => one.appId === clientId.toLowerCase());
    if (!api) return [];
    const grant = consents.find(
      ({ consentType, resourceId }) => consentType === "AllPrincipals" && resourceId === api.id,
    );
    return [
      ...(grant && scopes.length > 0
        ? [of("consent", [key], `/oauth2PermissionGrants/${grant.id}`, grant.id, [formerKey])]
        : []),
      ...roles.flatMap((role) =>
        appRoles
          .filter(
            ({ resourceId, appRoleId }) =>
              resourceId === api.id && api.roleNames[appRoleId.toLowerCase()] === role,
          )
          .map(({ id, resourceId }) =>
            of("appRole", [key, role], `/servicePrincipals/${resourceId}/appRoleAssignedTo/${id}`, id, [
              formerKey,
              role,
            ]),
          ),
      ),
    ];
  });
}

function adoptedAccess(
  of: IdOf,
  declared: readonly Access[],
  { azureRoles, servicePrincipal }: LiveRegistration,
): readonly AdoptedId[] {
  return declared.flatMap(({ scope, key, formerKey, roleId, isUploader, assignmentName }) => {
    const name = assignmentName ?? roleAssignmentName(scope.id, servicePrincipal?.id ?? "", roleId);
    return azureRoles
      .filter(({ id }) => id.toLowerCase().endsWith(`/roleassignments/${name}`))
      .flatMap(({ id, properties }) => {
        const assignment = of("access", [key], id, id, [formerKey]);
        // Azure keeps a definition as long as it is assigned, so this one is there.
        if (!isUploader || !properties.roleDefinitionId.toLowerCase().endsWith(`/${roleId}`))
          return [assignment];
        const group = `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}`;
        const definition = definitionAt(group, roleId);
        return [of("customRole", [key], definition, definition), assignment];
      });
  });
}
