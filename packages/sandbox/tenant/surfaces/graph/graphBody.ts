import type { Input } from "../../core/request";
import { type BodySchema, BodySchemaError } from "../../core/bodySchema";
import { notImplemented } from "../../core/refusal";
import { badRequest, invalidValue, valueRequired } from "../../domain/directoryRefusals";

type Properties = Readonly<Record<string, unknown>>;

/** The JSON object that a request carries. */
export function parseBody(input: Input): Properties {
  try {
    const body = JSON.parse(input.body.toString("utf8")) as unknown;
    if (body !== null && typeof body === "object" && !Array.isArray(body)) return body as Properties;
  } catch {
    // answered below, as every other body that is not an object
  }
  throw badRequest(
    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    "BadRequest",
  );
}

/** The body of a creation, in which an empty list of secrets asks for none. */
export function withoutNoPasswords({ passwordCredentials, ...body }: Properties): Properties {
  const none = passwordCredentials === undefined || passwordCredentials === null;
  return none || (Array.isArray(passwordCredentials) && passwordCredentials.length === 0)
    ? body
    : { ...body, passwordCredentials };
}

/**
 * What Graph's metadata declares of a type and a caller may send, and this tenant does not take: told apart from a property that does
 * not exist.
 */
const notTaken: Readonly<Record<string, readonly string[]>> = {
  Application: [
    "appManagementPolicies",
    "authenticationBehaviors",
    "certification",
    "createdOnBehalfOf",
    "extensionProperties",
    "federatedIdentityCredentials",
    "homeRealmDiscoveryPolicies",
    "isDisabled",
    "logo",
    "managerApplications",
    "owners",
    "passwordCredentials",
    "synchronization",
    "tokenIssuancePolicies",
    "tokenLifetimePolicies",
    "uniqueName",
    "verifiedPublisher",
  ],
  PasswordCredential: ["passwordCredential.customKeyIdentifier"],
  ServicePrincipal: [
    "addIns",
    "appManagementPolicies",
    "appRoleAssignedTo",
    "appRoleAssignments",
    "appRoles",
    "claimsMappingPolicies",
    "delegatedPermissionClassifications",
    "displayName",
    "endpoints",
    "federatedIdentityCredentials",
    "homeRealmDiscoveryPolicies",
    "homepage",
    "info",
    "isDisabled",
    "logoutUrl",
    "memberOf",
    "oauth2PermissionGrants",
    "oauth2PermissionScopes",
    "owners",
    "passwordCredentials",
    "remoteDesktopSecurityConfiguration",
    "replyUrls",
    "resourceSpecificApplicationPermissions",
    "samlMetadataUrl",
    "servicePrincipalNames",
    "servicePrincipalType",
    "synchronization",
    "tokenIssuancePolicies",
    "tokenLifetimePolicies",
    "verifiedPublisher",
  ],
};

/**
 * Reads the properties of a body.
 * @param resource type name for error texts, for example `Application`
 * @param before the value a PATCH merges into
 * @throws Refusal naming the property that is unknown, missing or of the wrong type
 */
export function readProperties<T>(
  properties: Properties,
  schema: BodySchema<T>,
  resource: string,
  before?: T,
): T {
  try {
    return schema.read(properties, "", before);
  } catch (error) {
    if (!(error instanceof BodySchemaError)) throw error;
    const { problem, property } = error;
    const isNotTaken = problem === "unknown" && notTaken[resource]?.includes(property) === true;
    if (problem === "notImplemented" || isNotTaken) {
      throw notImplemented(`the property '${property}' in the body for a ${resource}`);
    }
    if (problem === "unknown") throw badRequest(`Invalid property '${property}'.`);
    throw problem === "required" ? valueRequired(property, resource) : invalidValue(property, resource);
  }
}

/** Reads the whole body; see {@link readProperties}. */
export function readBody<T>(input: Input, schema: BodySchema<T>, resource: string, before?: T): T {
  return readProperties(parseBody(input), schema, resource, before);
}

/** The addresses in an annotation such as `owners@odata.bind`; empty when it is absent. */
export function readAddresses(properties: Properties, name: string): readonly string[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw badRequest(`Invalid value specified for property '${name}'.`);
  }
  return value;
}

/** The address in the body of a `$ref` request. */
export function readReference(input: Input): string {
  const value = parseBody(input)["@odata.id"];
  if (typeof value !== "string") throw badRequest("Invalid URL format specified in payload.");
  return value;
}
