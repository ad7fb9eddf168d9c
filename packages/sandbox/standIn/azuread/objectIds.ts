import { isGuid } from "../../guid";

/** Where an application is in Graph, and its resource id in Pulumi's state: `/applications/<object id>`. */
export function applicationPath(objectId: string): string {
  return `/applications/${objectId}`;
}

/** Where a service principal is in Graph, and its resource id in Pulumi's state: `/servicePrincipals/<object id>`. */
export function servicePrincipalPath(objectId: string): string {
  return `/servicePrincipals/${objectId}`;
}

/** How the real plugin names an application in its messages. */
export function applicationNamed(objectId: string): string {
  return `Application (Application: "${objectId}")`;
}

/** How the real plugin names a service principal in its messages. */
export function servicePrincipalNamed(objectId: string): string {
  return `Service Principal (Service Principal: "${objectId}")`;
}

function lastSegment(id: string, prefix: string, kind: string): string {
  const objectId = id.startsWith(prefix) ? id.slice(prefix.length) : "";
  if (objectId === "" || objectId.includes("/")) {
    throw new Error(`parsing the ${kind} ID: the ID "${id}" does not have the form "${prefix}<object id>"`);
  }
  return objectId;
}

/** The object id in an application's resource id. */
export function applicationIdIn(id: string): string {
  return lastSegment(id, "/applications/", "Application");
}

/** The object id in a service principal's resource id. */
export function servicePrincipalIdIn(id: string): string {
  return lastSegment(id, "/servicePrincipals/", "Service Principal");
}

/** Kinds of credentials of an application as they occur in resource ids. */
export type CredentialKind = "password" | "certificate" | "federatedIdentityCredential";

/** A credential's resource id: `<application object id>/<kind>/<key id>`. */
export function credentialId(applicationId: string, kind: CredentialKind, keyId: string): string {
  return `${applicationId}/${kind}/${keyId}`;
}

/** The parts of a credential's resource id. */
export function credentialIn(
  id: string,
  kind: CredentialKind,
): { readonly applicationId: string; readonly keyId: string } {
  const [applicationId = "", actualKind, keyId = "", ...rest] = id.split("/");
  if (actualKind !== kind || rest.length > 0 || !isGuid(applicationId) || !isGuid(keyId)) {
    throw new Error(
      `parsing the credential ID: the ID "${id}" does not have the form "<application object id>/${kind}/<key id>"`,
    );
  }
  return { applicationId, keyId };
}

/** A flexible federated credential's resource id, in which it is found in Graph. */
export function flexibleCredentialId(applicationId: string, keyId: string): string {
  return `${applicationPath(applicationId)}/federatedIdentityCredentials/${keyId}`;
}

/** The parts of a flexible federated credential's resource id. */
export function flexibleCredentialIn(id: string): { readonly applicationId: string; readonly keyId: string } {
  const [, applicationId, keyId] =
    /^\/applications\/([^/]+)\/federatedIdentityCredentials\/([^/]+)$/.exec(id) ?? [];
  if (applicationId === undefined || keyId === undefined) {
    throw new Error(
      `parsing the ApplicationIdFederatedIdentityCredential ID: the ID "${id}" does not have the form "/applications/<object id>/federatedIdentityCredentials/<credential id>"`,
    );
  }
  return { applicationId, keyId };
}

/** Whether two ids name the same object; Graph's GUIDs are compared without regard to case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
