import {
  type CalendarDay,
  certificateEndDate,
  certificateEndProblem,
  certificateName,
  certificateProblem,
  type ConsentMode,
  defaultFederatedAudience,
  type DicomApi,
  fhirClientId,
  formatCalendarDay,
  parseCalendarDay,
  parseDicomScope,
  readRole,
  roleAssignmentName,
} from "dicom-service-client/model";
import { certificatePem } from "./certificatePem";
import { slug } from "./clientName";
import type { LiveRegistration, RegisteredCertificate, RegisteredRole } from "./liveRegistration";

/** A client's configuration as a stack file writes it, keys in the order of the documentation. */
export type WrittenClient = Readonly<Record<string, unknown>>;

/** A client's configuration that describes a registration, and what of the registration it cannot describe. */
export interface ClientBlock {
  readonly client: WrittenClient;
  /** Why an object is left out, by its id. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/**
 * Writes the configuration that declares a registration as it is.
 *
 * @param deployer object id of the deploying identity, which is an owner without being named
 * @param asOf the day that counts as today; a managed secret is issued from it on
 */
export function clientBlock(
  live: LiveRegistration,
  dicom: DicomApi,
  deployer: string,
  asOf: CalendarDay,
): ClientBlock {
  const { application } = live;
  const leftOut = new Map<string, string>();
  const certificates = writtenCertificates(live, asOf, leftOut);
  const federatedCredentials = writtenFederatedCredentials(live, leftOut);
  const needsSecret =
    application.passwordCredentials.length > 0 || certificates.length + federatedCredentials.length === 0;
  const client = {
    displayName: application.displayName,
    description: textOrNothing(application.description),
    owners: listOrNothing(furtherOwners(live, deployer)),
    serviceManagementReference: textOrNothing(application.serviceManagementReference),
    access: listOrNothing(writtenAccess(live, leftOut)),
    consent: consentMode(live, dicom),
    permissions: listOrNothing(writtenPermissions(live, dicom)),
    secret: needsSecret ? { from: formatCalendarDay(asOf) } : undefined,
    certificates: listOrNothing(certificates),
    federatedCredentials: listOrNothing(federatedCredentials),
  };
  return {
    client: Object.fromEntries(Object.entries(client).filter(([, value]) => value !== undefined)),
    leftOut,
  };
}

/** The owners that have to be named, in lower case: application and service principal have the same owners when declared. */
function furtherOwners(live: LiveRegistration, deployer: string): readonly string[] {
  const ids = [...live.applicationOwners, ...live.servicePrincipalOwners].map(({ id }) => id.toLowerCase());
  return [...new Set(ids)].filter((id) => id !== deployer.toLowerCase()).sort();
}

function writtenAccess(
  { azureRoles, servicePrincipal }: LiveRegistration,
  leftOut: Map<string, string>,
): readonly object[] {
  return azureRoles.flatMap((role) => {
    const obstacle = accessObstacle(role);
    if (obstacle !== undefined) {
      leftOut.set(role.id, obstacle);
      return [];
    }
    const { scope } = role.properties;
    const name = lastPart(role.id).toLowerCase();
    const roleId = lastPart(role.properties.roleDefinitionId).toLowerCase();
    const isComputed = name === roleAssignmentName(scope, servicePrincipal?.id ?? "", roleId);
    return [
      {
        [parseDicomScope(scope)?.dicomService === undefined ? "workspace" : "dicomService"]: scope,
        role: ["reader", "owner"].find((known) => readRole(known) === roleId) ?? roleId,
        ...(isComputed ? {} : { assignmentName: name }),
      },
    ];
  });
}

function accessObstacle({ properties }: RegisteredRole): string | undefined {
  if (parseDicomScope(properties.scope) === undefined) {
    return "access names DICOM services and workspaces only; this role is at another scope";
  }
  if (properties.condition !== "" || properties.description !== "") {
    return `it has a ${properties.condition === "" ? "description" : "condition"}, which access cannot declare`;
  }
  return undefined;
}

/** Managed when the tenant-wide consent to the DICOM scope is there already. */
function consentMode({ consents, apis }: LiveRegistration, dicom: DicomApi): ConsentMode {
  const api = apis.find(({ clientId }) => clientId === dicom.clientId.toLowerCase());
  const isGiven = consents.some(
    ({ consentType, resourceId }) =>
      consentType === "AllPrincipals" && resourceId === api?.servicePrincipalId,
  );
  return isGiven ? "managed" : "none";
}

function writtenPermissions({ application, apis }: LiveRegistration, dicom: DicomApi): readonly object[] {
  return application.requiredResourceAccess
    .filter(({ resourceAppId }) => resourceAppId.toLowerCase() !== dicom.clientId.toLowerCase())
    .map(({ resourceAppId, resourceAccess }) => {
      const clientId = resourceAppId.toLowerCase();
      const api = apis.find((one) => one.clientId === clientId);
      // An id that the API does not publish stays as it is: the check of the tenant then names it.
      const named = (kind: "Scope" | "Role", names: Readonly<Record<string, string>> = {}): string[] =>
        resourceAccess
          .filter(({ type }) => type === kind)
          .map(({ id }) => names[id.toLowerCase()] || id)
          .sort();
      const [scopes, roles] = [named("Scope", api?.scopes), named("Role", api?.roles)];
      return {
        api: clientId === fhirClientId ? "fhir" : clientId,
        ...(scopes.length === 0 ? {} : { scopes }),
        ...(roles.length === 0 ? {} : { roles }),
      };
    });
}

function writtenCertificates(
  { certificates }: LiveRegistration,
  asOf: CalendarDay,
  leftOut: Map<string, string>,
): readonly object[] {
  const written: { readonly name: string; readonly pem: string; readonly expiresOn?: string }[] = [];
  for (const certificate of certificates) {
    const read = readCertificate(certificate, asOf);
    if (typeof read === "string") {
      leftOut.set(certificate.keyId, read);
    } else if (written.some(({ pem }) => pem === read.pem)) {
      leftOut.set(certificate.keyId, "it is the same certificate as another entry");
    } else {
      const wanted = slug(certificate.displayName.replace(/^CN=/i, "")).slice(0, 40);
      const name = certificateName.safeParse(wanted).success ? wanted : "certificate";
      const taken = written.filter((one) => one.name === name || one.name.startsWith(`${name}-`)).length;
      written.push({ name: taken === 0 ? name : `${name}-${taken + 1}`, ...read });
    }
  }
  return written;
}

/** The certificate as it can be declared, or why it cannot be. */
function readCertificate(
  { key, type, usage, endDateTime }: RegisteredCertificate,
  asOf: CalendarDay,
): { readonly pem: string; readonly expiresOn?: string } | string {
  if (type !== "AsymmetricX509Cert" || usage !== "Verify") return `it is of the kind ${type} for ${usage}`;
  if (!key) {
    return "Microsoft Graph does not send the certificate itself; get its PEM file from who made it, and declare it under certificates with file";
  }
  const pem = certificatePem(key);
  const problem = certificateProblem(pem, asOf);
  if (problem !== undefined) return `it ${problem}`;
  if (certificateEndDate({ name: "", pem }) === endDateTime) return { pem };
  const day = endDateTime.endsWith("T00:00:00Z") ? parseCalendarDay(endDateTime) : undefined;
  const expiresOn = day === undefined ? undefined : formatCalendarDay(day);
  if (expiresOn === undefined || certificateEndProblem(expiresOn, pem, asOf) !== undefined) {
    return `it ends at ${endDateTime || "no time"}, which expiresOn cannot declare`;
  }
  return { pem, expiresOn };
}

function writtenFederatedCredentials(
  { federatedCredentials }: LiveRegistration,
  leftOut: Map<string, string>,
): readonly object[] {
  return federatedCredentials.flatMap(({ id, name, issuer, subject, audiences, description }) => {
    const [audience, ...others] = audiences;
    if (audience === undefined || others.length > 0 || subject === "") {
      leftOut.set(id, "a declared credential has a subject and exactly one audience");
      return [];
    }
    return [
      {
        name,
        issuer,
        subject,
        ...(audience === defaultFederatedAudience ? {} : { audience }),
        ...(description === "" ? {} : { description }),
      },
    ];
  });
}

function textOrNothing(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function listOrNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
