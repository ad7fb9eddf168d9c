import {
  type CalendarDay,
  certificateEndDate,
  certificateEndProblem,
  certificateName,
  certificateProblem,
  clientFields,
  type ConsentMode,
  type DicomApi,
  exchangeAudience,
  fhirClientId,
  formatCalendarDay,
  parseCalendarDay,
  parseDicomScope,
  readAccess,
  roleAssignmentName,
} from "dicom-service-client/model";
import { liveCertificate } from "../cloud/certificateBytes";
import { configuredName, slug } from "./clientName";
import type { LiveKeyEntry } from "../audit/liveObjects";
import type { LiveRegistration, RegisteredRole } from "./liveRegistration";
import { lastPart } from "../project/lastPart";

/** A client's configuration as a stack file writes it, keys in the order of the documentation. */
export type WrittenClient = Readonly<Record<string, unknown>>;

/** A client's configuration that describes a registration, and what of the registration it cannot describe. */
export interface ClientBlock {
  readonly client: WrittenClient;
  /** Why an object is left out, by its id; of a requested permission by {@link requestId}. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/**
 * Writes the configuration that declares a registration as it is.
 *
 * @param deployer object id of the deploying identity, which is an owner without being named
 * @param owner of the custom roles that the client brings along
 * @param asOf the day that counts as today; a managed secret is issued from it on
 */
export function clientBlock(
  live: LiveRegistration,
  dicom: DicomApi,
  deployer: string,
  owner: string,
  asOf: CalendarDay,
): ClientBlock {
  const { application } = live;
  const leftOut = new Map<string, string>();
  const certificates = writtenCertificates(live, asOf, leftOut);
  const federatedCredentials = writtenFederatedCredentials(live, dicom, leftOut);
  const needsSecret =
    application.passwordCredentials.length > 0 || certificates.length + federatedCredentials.length === 0;
  const client = {
    // One without a name is renamed: the configuration wants one.
    displayName: textOrNothing("displayName", configuredName(application.displayName)) ?? application.appId,
    description: textOrNothing("description", application.description),
    owners: listOrNothing(furtherOwners(live, deployer)),
    serviceManagementReference: textOrNothing(
      "serviceManagementReference",
      application.serviceManagementReference,
    ),
    access: listOrNothing(writtenAccess(live, owner, leftOut)),
    consent: consentMode(live, dicom),
    permissions: listOrNothing(writtenPermissions(live, dicom, leftOut)),
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
  owner: string,
  leftOut: Map<string, string>,
): readonly object[] {
  const written: object[] = [];
  for (const role of azureRoles) {
    const { scope } = role.properties;
    const name = lastPart(role.id).toLowerCase();
    const roleId = lastPart(role.properties.roleDefinitionId).toLowerCase();
    const isComputed = name === roleAssignmentName(scope, servicePrincipal?.id ?? "", roleId);
    const at = { [parseDicomScope(scope)?.dicomService === undefined ? "workspace" : "dicomService"]: scope };
    const known = ["reader", "owner", "uploader"].find(
      (one) => readAccess({ ...at, role: one }, owner)?.roleId === roleId,
    );
    const entry = { ...at, role: known ?? roleId, ...(isComputed ? {} : { assignmentName: name }) };
    const obstacle = accessObstacle(role) ?? obstacleBeside("access", written, entry);
    if (obstacle === undefined) written.push(entry);
    else leftOut.set(role.id, obstacle);
  }
  return written;
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
  const api = apis.find(({ appId }) => appId === dicom.clientId.toLowerCase());
  const isGiven = consents.some(
    ({ consentType, resourceId }) => consentType === "AllPrincipals" && resourceId === api?.id,
  );
  return isGiven ? "managed" : "none";
}

/** Names one requested permission among what is left out. */
export function requestId(api: string, permission: string): string {
  return `${api}/${permission}`.toLowerCase();
}

/** Everything that is requested of one API, however many entries it has. */
export function requestsByApi({
  requiredResourceAccess,
}: LiveRegistration["application"]): ReadonlyMap<string, readonly { id: string; type: string }[]> {
  const byApi = new Map<string, Map<string, { id: string; type: string }>>();
  for (const { resourceAppId, resourceAccess } of requiredResourceAccess) {
    const api = resourceAppId.toLowerCase();
    const known = byApi.get(api) ?? new Map<string, { id: string; type: string }>();
    byApi.set(api, known);
    for (const { id, type } of resourceAccess) {
      known.set(`${type}/${id}`.toLowerCase(), { id: id.toLowerCase(), type });
    }
  }
  return new Map([...byApi].map(([api, requests]) => [api, [...requests.values()]] as const));
}

function writtenPermissions(
  { application, apis }: LiveRegistration,
  dicom: DicomApi,
  leftOut: Map<string, string>,
): readonly object[] {
  return [...requestsByApi(application)].flatMap(([clientId, requests]) => {
    const isDicom = clientId === dicom.clientId.toLowerCase();
    const api = apis.find(({ appId }) => appId === clientId);
    const named = (kind: "Scope" | "Role", names: Readonly<Record<string, string>> = {}): string[] =>
      requests
        .filter(({ type }) => type === kind)
        .flatMap(({ id }) => {
          const name = names[id];
          if (name) return [name];
          leftOut.set(
            requestId(clientId, id),
            api === undefined
              ? "the tenant has no service principal of this API, so none of its permissions can be declared"
              : "the API does not publish a name for it, so it cannot be declared",
          );
          return [];
        })
        .sort();
    // Every client asks for the DICOM scope, whether or not it says so.
    const scopes = named("Scope", api?.scopeNames).filter((scope) => !isDicom || scope !== dicom.scope);
    const roles = named("Role", api?.roleNames);
    for (const { id, type } of requests.filter((one) => !["Scope", "Role"].includes(one.type))) {
      leftOut.set(requestId(clientId, id), `it is of the type ${type}, and not a scope or a role`);
    }
    return scopes.length + roles.length === 0
      ? []
      : [
          {
            api: clientId === fhirClientId ? "fhir" : clientId,
            ...(scopes.length === 0 ? {} : { scopes }),
            ...(roles.length === 0 ? {} : { roles }),
          },
        ];
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
      const isFree = (one: string): boolean => written.every((other) => other.name !== one);
      let free = name;
      for (let number = 2; !isFree(free); number += 1) free = `${name}-${number}`;
      written.push({ name: free, ...read });
    }
  }
  return written;
}

/** The certificate as it can be declared, or why it cannot be. */
function readCertificate(
  { key, type, usage, endDateTime }: LiveKeyEntry,
  asOf: CalendarDay,
): { readonly pem: string; readonly expiresOn?: string } | string {
  if (type !== "AsymmetricX509Cert" || usage !== "Verify") return `it is of the kind ${type} for ${usage}`;
  if (!key) {
    return "Microsoft Graph does not send the certificate itself; get the PEM file from whoever created it, and declare it under certificates with file";
  }
  const pem = liveCertificate(key)?.toString();
  if (pem === undefined) return "it cannot be read";
  const problem = certificateProblem(pem, asOf);
  if (problem !== undefined) return `it ${problem}`;
  if (certificateEndDate({ name: "", pem }) === endDateTime) return { pem };
  const day = endDateTime?.endsWith("T00:00:00Z") ? parseCalendarDay(endDateTime) : undefined;
  const expiresOn = day === undefined ? undefined : formatCalendarDay(day);
  if (expiresOn === undefined || certificateEndProblem(expiresOn, pem, asOf) !== undefined) {
    return `it ends at ${endDateTime ?? "no time"}, which expiresOn cannot declare`;
  }
  return { pem, expiresOn };
}

function writtenFederatedCredentials(
  { federatedCredentials }: LiveRegistration,
  { loginUrl }: DicomApi,
  leftOut: Map<string, string>,
): readonly object[] {
  const written: object[] = [];
  for (const credential of federatedCredentials) {
    const { id, name, issuer, subject, claimsMatchingExpression, audiences, description } = credential;
    const [audience, ...others] = audiences;
    if (audience === undefined || others.length > 0) {
      leftOut.set(id, "a declared credential has exactly one audience");
      continue;
    }
    const entry = {
      name,
      issuer,
      ...(claimsMatchingExpression === "" ? { subject } : { claimsMatchingExpression }),
      ...(audience === exchangeAudience(loginUrl) ? {} : { audience }),
      ...(description === "" ? {} : { description }),
    };
    const obstacle = obstacleBeside("federatedCredentials", written, entry);
    if (obstacle === undefined) written.push(entry);
    else leftOut.set(id, obstacle);
  }
  return written;
}

/** Why an entry cannot stand in a list, by itself or behind the entries that are in it already; undefined when it can. */
function obstacleBeside(
  key: "access" | "federatedCredentials",
  before: readonly object[],
  entry: object,
): string | undefined {
  const { error } = clientFields[key].safeParse([...before, entry]);
  const messages = error?.issues.map(({ message }) => message.replace(/(?<= )(?=\[\d+\])/, key));
  return messages && `it cannot be declared: ${messages.join("; ")}`;
}

/** A text that the configuration takes, such as none of blanks alone. */
function textOrNothing(
  key: "displayName" | "description" | "serviceManagementReference",
  text: string,
): string | undefined {
  return clientFields[key].safeParse(text).success ? text : undefined;
}

function listOrNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
