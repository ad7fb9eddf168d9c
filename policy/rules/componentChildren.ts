import { types } from "../pack/resourceTypes";

/** The component that was reviewed. */
export const dicomServiceClient = "dicom-service-client:index:DicomServiceClient";

/** How the component declares its children of one type. */
export interface ChildForm {
  /** What follows the client's name in the child's. */
  readonly suffix: RegExp;
  /**
   * The properties that it sets for each client, whose values other policies judge. Undefined for what is no Entra object: its
   * provider adds properties of its own, and other policies judge what it gives.
   */
  readonly properties?: readonly string[];
  /** What it sets beyond these, the same for every client. */
  readonly settled?: ReadonlyMap<string, unknown>;
}

/**
 * The component's children by type. A test holds this table against what the component declares, in both directions.
 */
export const componentChildren: Readonly<Record<string, ChildForm>> = {
  [types.application]: {
    suffix: /^application$/,
    properties: [
      "displayName",
      "description",
      "serviceManagementReference",
      "owners",
      "requiredResourceAccesses",
      "signInAudience",
      "preventDuplicateNames",
    ],
    settled: new Map([["api", { requestedAccessTokenVersion: 1 }]]),
  },
  [types.servicePrincipal]: {
    suffix: /^service-principal$/,
    properties: ["clientId", "owners", "accountEnabled"],
  },
  [types.applicationPassword]: {
    suffix: /^secret-[ab]$/,
    properties: ["applicationId", "displayName", "endDate", "rotateWhenChanged"],
  },
  [types.applicationCertificate]: {
    suffix: /^certificate-.+$/,
    properties: ["applicationId", "value", "endDate", "type", "encoding"],
  },
  [types.federatedCredential]: {
    suffix: /^federated-.+$/,
    properties: ["applicationId", "displayName", "description", "issuer", "subject", "audiences"],
  },
  [types.flexibleFederatedCredential]: {
    suffix: /^federated-.+$/,
    properties: [
      "applicationId",
      "displayName",
      "description",
      "issuer",
      "claimsMatchingExpression",
      "audience",
    ],
  },
  [types.delegatedGrant]: {
    suffix: /^consent(-.+)?$/,
    properties: ["servicePrincipalObjectId", "resourceServicePrincipalObjectId", "claimValues"],
  },
  [types.appRoleAssignment]: {
    suffix: /^role-.+$/,
    properties: ["principalObjectId", "resourceObjectId", "appRoleId"],
  },
  [types.azureRoleAssignment]: { suffix: /^access-.+$/ },
  [types.azureRoleDefinition]: { suffix: /^custom-role-.+$/ },
  [types.vaultSecret]: { suffix: /^vault(-.+)?$/ },
};
