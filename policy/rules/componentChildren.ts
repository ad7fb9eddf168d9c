import { types } from "../pack/resourceTypes";

/** The component that was reviewed. */
export const dicomServiceClient = "dicom-service-client:index:DicomServiceClient";

/** Stands for a property whose value follows from the client's arguments. */
export const fromArguments = Symbol("from the client's arguments");

/** How the component declares its children of one type. */
export interface ChildForm {
  /** What follows the client's name in the child's. */
  readonly suffix: RegExp;
  /** The properties that it sets, with their value where every client has the same. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The component's children by type. A test holds this table against what the component declares, in both directions.
 */
export const componentChildren: Readonly<Record<string, ChildForm>> = {
  [types.application]: {
    suffix: /^application$/,
    properties: {
      displayName: fromArguments,
      description: fromArguments,
      serviceManagementReference: fromArguments,
      owners: fromArguments,
      requiredResourceAccesses: fromArguments,
      signInAudience: "AzureADMyOrg",
      preventDuplicateNames: true,
    },
  },
  [types.servicePrincipal]: {
    suffix: /^service-principal$/,
    properties: { clientId: fromArguments, owners: fromArguments, accountEnabled: true },
  },
  [types.applicationPassword]: {
    suffix: /^secret-[ab]$/,
    properties: {
      applicationId: fromArguments,
      displayName: fromArguments,
      endDate: fromArguments,
      rotateWhenChanged: fromArguments,
    },
  },
  [types.applicationCertificate]: {
    suffix: /^certificate-.+$/,
    properties: {
      applicationId: fromArguments,
      value: fromArguments,
      endDate: fromArguments,
      type: "AsymmetricX509Cert",
      encoding: "pem",
    },
  },
  [types.federatedCredential]: {
    suffix: /^federated-.+$/,
    properties: {
      applicationId: fromArguments,
      displayName: fromArguments,
      description: fromArguments,
      issuer: fromArguments,
      subject: fromArguments,
      audiences: fromArguments,
    },
  },
  [types.delegatedGrant]: {
    suffix: /^consent(-.+)?$/,
    properties: {
      servicePrincipalObjectId: fromArguments,
      resourceServicePrincipalObjectId: fromArguments,
      claimValues: fromArguments,
    },
  },
  [types.appRoleAssignment]: {
    suffix: /^role-.+$/,
    properties: {
      principalObjectId: fromArguments,
      resourceObjectId: fromArguments,
      appRoleId: fromArguments,
    },
  },
  [types.azureRoleAssignment]: {
    suffix: /^access-.+$/,
    properties: {
      scope: fromArguments,
      roleAssignmentName: fromArguments,
      principalId: fromArguments,
      roleDefinitionId: fromArguments,
      principalType: "ServicePrincipal",
    },
  },
  [types.vaultSecret]: {
    suffix: /^vault$/,
    properties: {
      resourceGroupName: fromArguments,
      vaultName: fromArguments,
      secretName: fromArguments,
      properties: fromArguments,
      tags: fromArguments,
    },
  },
};
