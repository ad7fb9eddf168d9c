import { certificateNameIn, childKey, children as kinds } from "dicom-service-client/model";
import type { Federation } from "./configuredFederation";
import type { DeployedResource } from "./deployedResource";
import { lastPart } from "./lastPart";

/** A secret of the application, as the state knows it. */
export interface DeployedSecret {
  /** Name of the Pulumi resource, such as `imaging-gateway-secret-a`. */
  readonly resource: string;
  readonly slot: "a" | "b";
  readonly keyId: string;
  readonly displayName: string;
  /** When it starts, as Microsoft Graph writes it; "" when the state does not say. */
  readonly startsAt: string;
  /** When it ends, as Microsoft Graph writes it. */
  readonly endsAt: string;
  /** Count of reissues with which it was issued. */
  readonly reissue: string;
}

/** A certificate of the application, as the state knows it. */
export interface DeployedCertificate {
  readonly resource: string;
  /** Name in the configuration. */
  readonly name: string;
  /**
   * What the resource's name says of it, see `certificateKey`: a refresh changes what the state has of a certificate, but no names.
   * Those of earlier versions say {@link name} alone.
   */
  readonly key: string;
  readonly keyId: string;
  readonly endsAt: string;
  /** The certificate in PEM, where the state holds it in plain text: the provider takes it for a secret. */
  readonly pem?: string;
}

/** A federated identity credential, as the state knows it. */
export interface DeployedFederatedCredential extends Federation {
  readonly resource: string;
  readonly id: string;
}

/** A consent for the whole tenant, as the state knows it. */
export interface DeployedConsent {
  readonly resource: string;
  readonly id: string;
  /** Object id of the API's service principal. */
  readonly resourceId: string;
  readonly scopes: readonly string[];
}

/** An app role, as the state knows it. */
export interface DeployedAppRole {
  readonly resource: string;
  readonly id: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  /** Object id of the principal that it was given to. */
  readonly principalId: string;
}

/** An Azure role assignment, as the state knows it. */
export interface DeployedAzureRole {
  readonly resource: string;
  /** Resource id of the role assignment. */
  readonly id: string;
  readonly scope: string;
  /** GUID of the role definition. */
  readonly roleId: string;
  /** Object id of the principal that it was given to. */
  readonly principalId: string;
}

/** The application's properties as they were last deployed. */
export interface DeployedApplication {
  readonly displayName: string;
  readonly description: string;
  readonly serviceManagementReference: string;
  readonly signInAudience: string;
  /** Object ids in lower case. */
  readonly owners: readonly string[];
  readonly requiredAccess: readonly DeployedRequiredAccess[];
  /** What the program has set, named as in the provider; what the provider filled in is left out. */
  readonly declared: Readonly<Record<string, unknown>>;
}

/** The service principal as it was last deployed. */
export interface DeployedServicePrincipal {
  /** Object ids in lower case. */
  readonly owners: readonly string[];
  /** What the program has set, named as in the provider; what the provider filled in is left out. */
  readonly declared: Readonly<Record<string, unknown>>;
}

/** Ids by which a client can be looked for although the state has lost a part of it. */
export interface LastKnownIds {
  readonly clientId?: string;
  readonly objectId?: string;
  readonly servicePrincipalId?: string;
}

export interface DeployedRequiredAccess {
  readonly api: string;
  readonly permissions: readonly { readonly id: string; readonly type: string }[];
}

/** A client as it was last deployed. Parts that a failed update has not reached are absent. */
export interface DeployedClient {
  readonly name: string;
  readonly urn: string;
  readonly clientId?: string;
  /** Object id of the application. */
  readonly objectId?: string;
  readonly servicePrincipalId?: string;
  readonly tenantId?: string;
  readonly audience?: string;
  readonly tokenUrl?: string;
  readonly dicomServiceUrls: readonly string[];
  /** Whether a managed identity was given the roles itself: there was no application, which outputs would name. */
  readonly isManagedIdentity: boolean;
  /** From wherever the state still has them: the resources, the component's outputs, or what hangs on them. */
  readonly lastKnown: LastKnownIds;
  readonly application?: DeployedApplication;
  readonly servicePrincipal?: DeployedServicePrincipal;
  /** Resource ids of the secrets in key vaults. */
  readonly vaultSecrets: readonly string[];
  readonly secrets: readonly DeployedSecret[];
  readonly certificates: readonly DeployedCertificate[];
  readonly federatedCredentials: readonly DeployedFederatedCredential[];
  readonly consents: readonly DeployedConsent[];
  readonly appRoles: readonly DeployedAppRole[];
  readonly azureRoles: readonly DeployedAzureRole[];
}

/** Types of the component's children in the state. */
export const childTypes = {
  application: kinds.application.type,
  servicePrincipal: kinds.servicePrincipal.type,
  password: kinds.secret.type,
  certificate: kinds.certificate.type,
  federated: kinds.federatedCredential.type,
  flexible: kinds.flexibleFederatedCredential.type,
  consent: kinds.consent.type,
  appRole: kinds.appRole.type,
  azureRole: kinds.access.type,
  customRole: kinds.customRole.type,
  vaultSecret: kinds.vaultSecret.type,
} as const;

/** Gathers what belongs to one component of the state. */
export function deployedClient(
  component: DeployedResource,
  resources: readonly DeployedResource[],
): DeployedClient {
  const children = resources.filter(({ parent }) => parent === component.urn);
  const ofType = (type: string): readonly DeployedResource[] =>
    children.filter((child) => child.type === type);
  const [application] = ofType(childTypes.application);
  const [principal] = ofType(childTypes.servicePrincipal);
  const { name, outputs: published } = component;
  const isManagedIdentity =
    application === undefined &&
    principal === undefined &&
    typeof published["clientId"] === "string" &&
    typeof published["objectId"] !== "string";
  const ofIdentity = isManagedIdentity ? published : undefined;
  return {
    name,
    urn: component.urn,
    isManagedIdentity,
    ...optional("clientId", (application?.outputs ?? ofIdentity)?.["clientId"]),
    ...optional("objectId", application?.outputs["objectId"]),
    ...optional("servicePrincipalId", principal?.outputs["objectId"] ?? ofIdentity?.["servicePrincipalId"]),
    ...optional("tenantId", published["tenantId"]),
    ...optional("audience", published["audience"]),
    ...optional("tokenUrl", published["tokenUrl"]),
    dicomServiceUrls: texts(published["dicomServiceUrls"]),
    lastKnown: lastKnownIds(component, children),
    ...(application === undefined ? {} : { application: deployedApplication(application) }),
    ...(principal === undefined
      ? {}
      : {
          servicePrincipal: {
            owners: ownersOf(principal),
            declared: declaredInputs(principal.inputs),
          },
        }),
    vaultSecrets: ofType(childTypes.vaultSecret).map(({ id = "" }) => id),
    secrets: ofType(childTypes.password).map(({ name: resource, inputs, outputs }) => ({
      resource,
      slot: childKey(name, "secret", resource) === "b" ? "b" : "a",
      keyId: text(outputs["keyId"]),
      displayName: text(outputs["displayName"]),
      startsAt: text(outputs["startDate"]),
      endsAt: text(outputs["endDate"]),
      reissue: text(property(inputs["rotateWhenChanged"], "reissue")),
    })),
    certificates: ofType(childTypes.certificate).map(({ name: resource, inputs, outputs, id = "" }) => ({
      resource,
      name: certificateNameIn(childKey(name, "certificate", resource)),
      key: childKey(name, "certificate", resource),
      keyId: text(outputs["keyId"]) || lastPart(id),
      endsAt: text(outputs["endDate"]),
      ...optional("pem", inputs["value"]),
    })),
    federatedCredentials: [...ofType(childTypes.federated), ...ofType(childTypes.flexible)].map(
      ({ name: resource, inputs, outputs, id = "" }) => ({
        resource,
        name: text(outputs["displayName"] ?? inputs["displayName"]),
        id: text(outputs["credentialId"]) || lastPart(id),
        issuer: text(outputs["issuer"]),
        subject: text(outputs["subject"]),
        claimsMatchingExpression: text(outputs["claimsMatchingExpression"]),
        audiences: texts(outputs["audiences"] ?? [outputs["audience"]]),
      }),
    ),
    consents: ofType(childTypes.consent).map(({ name: resource, outputs, id = "" }) => ({
      resource,
      id: lastPart(id),
      resourceId: text(outputs["resourceServicePrincipalObjectId"]),
      scopes: texts(outputs["claimValues"]),
    })),
    appRoles: ofType(childTypes.appRole).map(({ name: resource, outputs, id = "" }) => ({
      resource,
      id: lastPart(id),
      resourceId: text(outputs["resourceObjectId"]),
      appRoleId: text(outputs["appRoleId"]),
      principalId: text(outputs["principalObjectId"]),
    })),
    azureRoles: ofType(childTypes.azureRole).map(({ name: resource, inputs, outputs, id = "" }) => ({
      resource,
      id,
      // An assignment that was taken over has its scope as the provider writes it: without the slash.
      scope: text(inputs["scope"] ?? outputs["scope"]).replace(/^\/?(?=.)/, "/"),
      roleId: lastPart(text(outputs["roleDefinitionId"])).toLowerCase(),
      principalId: text(inputs["principalId"] ?? outputs["principalId"]),
    })),
  };
}

function deployedApplication({ inputs, outputs }: DeployedResource): DeployedApplication {
  return {
    displayName: text(outputs["displayName"]),
    description: text(outputs["description"]),
    serviceManagementReference: text(outputs["serviceManagementReference"]),
    signInAudience: text(outputs["signInAudience"]),
    owners: ownersOf({ inputs }),
    requiredAccess: list(inputs["requiredResourceAccesses"]).map((entry) => ({
      api: text(property(entry, "resourceAppId")),
      permissions: list(property(entry, "resourceAccesses")).map((access) => ({
        id: text(property(access, "id")),
        type: text(property(access, "type")),
      })),
    })),
    declared: declaredInputs(inputs),
  };
}

function ownersOf({ inputs }: Pick<DeployedResource, "inputs">): readonly string[] {
  return texts(inputs["owners"])
    .map((id) => id.toLowerCase())
    .sort();
}

function lastKnownIds(component: DeployedResource, children: readonly DeployedResource[]): LastKnownIds {
  const found = (...ofTypes: readonly (readonly [type: string, output: string])[]): string | undefined =>
    ofTypes
      .flatMap(([type, output]) =>
        [component, ...children]
          .filter((resource) => resource.type === type)
          .map(({ inputs, outputs }) => lastPart(text(outputs[output] ?? inputs[output]))),
      )
      .find((id) => id !== "");
  const { application, servicePrincipal, password, certificate, federated, flexible } = childTypes;
  const { consent, appRole, azureRole } = childTypes;
  return {
    ...optional(
      "clientId",
      found([application, "clientId"], [servicePrincipal, "clientId"], [component.type, "clientId"]),
    ),
    ...optional(
      "objectId",
      found(
        [application, "objectId"],
        [component.type, "objectId"],
        [password, "applicationId"],
        [certificate, "applicationId"],
        [federated, "applicationId"],
        [flexible, "applicationId"],
      ),
    ),
    ...optional(
      "servicePrincipalId",
      found(
        [servicePrincipal, "objectId"],
        [component.type, "servicePrincipalId"],
        [consent, "servicePrincipalObjectId"],
        [appRole, "principalObjectId"],
        [azureRole, "principalId"],
      ),
    ),
  };
}

/**
 * Inputs without those that the provider filled in, which it names in `__defaults`: after a refresh they hold what is live, not what
 * is declared.
 */
function declaredInputs(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const filledIn = texts(inputs["__defaults"]);
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name !== "__defaults" && !filledIn.includes(name))
      .map(([name, value]) => [name, declaredValue(value)]),
  );
}

function declaredValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(declaredValue);
  return value !== null && typeof value === "object"
    ? declaredInputs(value as Readonly<Record<string, unknown>>)
    : value;
}

function optional<Name extends string>(name: Name, value: unknown): { [N in Name]?: string } {
  return (typeof value === "string" ? { [name]: value } : {}) as { [N in Name]?: string };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function property(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>)[name] : undefined;
}
