import { enableCompileCache } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import * as azuread from "@pulumi/azuread";
import * as authorization from "@pulumi/azure-native/authorization";
import {
  applicationSettings,
  completeDicomApi,
  type DicomApiSettings,
  roleAssignmentName,
  servicePrincipalSettings,
} from "dicom-service-client/model";
import type { PlainConfig } from "./plainConfig";

// What the component declares, written straight down as a careful person would: the same children with the same inputs and the same
// options, the tenant read once, and the same start. No component, no check of the configuration, no hooks.

enableCompileCache();

export = async (): Promise<Record<string, unknown>> => {
  const config = new pulumi.Config();
  const dicom = completeDicomApi(config.getObject<DicomApiSettings>("api") ?? {});
  const { scope, roleId, secrets, displayNames } = config.requireObject<PlainConfig>("plain");
  const [identity, api] = await Promise.all([
    azuread.getClientConfig(),
    azuread.getServicePrincipal({ clientId: dicom.clientId }),
  ]);
  const scopeId = api.oauth2PermissionScopeIds[dicom.scope] ?? "";
  const owners = [identity.objectId];
  const declared = Object.entries(displayNames).map(([name, displayName]) => {
    const application = new azuread.Application(`${name}-application`, {
      displayName,
      ...applicationSettings,
      preventDuplicateNames: true,
      owners,
      requiredResourceAccesses: [
        { resourceAppId: dicom.clientId, resourceAccesses: [{ id: scopeId, type: "Scope" }] },
      ],
    });
    const deletedWith = { deletedWith: application };
    const passwords = secrets.map(
      ({ slot, endDate }) =>
        new azuread.ApplicationPassword(
          `${name}-secret-${slot}`,
          {
            applicationId: application.id,
            displayName: `Managed by Pulumi, slot ${slot}`,
            endDate,
            rotateWhenChanged: { reissue: "0" },
          },
          deletedWith,
        ),
    );
    const servicePrincipal = new azuread.ServicePrincipal(
      `${name}-service-principal`,
      { clientId: application.clientId, owners, ...servicePrincipalSettings },
      deletedWith,
    );
    new azuread.ServicePrincipalDelegatedPermissionGrant(
      `${name}-consent`,
      {
        servicePrincipalObjectId: servicePrincipal.objectId,
        resourceServicePrincipalObjectId: api.objectId,
        claimValues: [dicom.scope],
      },
      deletedWith,
    );
    new authorization.RoleAssignment(`${name}-access`, {
      scope,
      roleAssignmentName: servicePrincipal.objectId.apply((id) => roleAssignmentName(scope, id, roleId)),
      principalId: servicePrincipal.objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${scope.split("/")[2] ?? ""}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
    });
    return { name, application, servicePrincipal, passwords };
  });
  return {
    clients: Object.fromEntries(
      declared.map(({ name, application, servicePrincipal, passwords }) => [
        name,
        {
          clientId: application.clientId,
          objectId: application.objectId,
          servicePrincipalId: servicePrincipal.objectId,
          tenantId: identity.tenantId,
          audience: dicom.audience,
          scope: `${dicom.audience}/.default`,
          tokenUrl: `${dicom.loginUrl}/${identity.tenantId}/oauth2/v2.0/token`,
          secretIds: passwords.map(({ keyId }) => keyId),
        },
      ]),
    ),
    clientSecrets: pulumi.secret(
      Object.fromEntries(declared.map(({ name, passwords }) => [name, passwords.map(({ value }) => value)])),
    ),
  };
};
