import { deletedSecretCure } from "./deletedVaultSecret";
import { existingConsentMessage, tenantWideGrantId } from "./existingConsent";

/** A child of a client that could not be created. */
export interface FailedCreation {
  /** Type token of the resource. */
  readonly type: string;
  /** Name of the resource. */
  readonly name: string;
  /** URN of the client's component. */
  readonly component: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the provider has said. */
  readonly error: string;
}

/** Makes a message out of a failed creation; undefined when it failed for another reason. */
type Explanation = (failed: FailedCreation) => string | undefined;

const application = "azuread:index/application:Application";
const servicePrincipal = "azuread:index/servicePrincipal:ServicePrincipal";
const appRoleAssignment = "azuread:index/appRoleAssignment:AppRoleAssignment";

const explanations: Readonly<Record<string, Explanation>> = {
  [application]: (failed) => {
    const id = /^.*An existing "azuread_application".*\(ID: "([0-9a-f-]+)"\)/ims.exec(failed.error)?.[1];
    return (
      id && manage(failed, "application", id, `/applications/${id}`, "give this client another displayName")
    );
  },
  [servicePrincipal]: (failed) => {
    const id = /A resource with the ID "([0-9a-f-]+)" already exists/i.exec(failed.error)?.[1];
    return (
      id &&
      manage(
        failed,
        "service principal",
        id,
        `/servicePrincipals/${id}`,
        "find out whose it is before you continue",
      )
    );
  },
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": (
    failed,
  ) => {
    const client = failed.inputs["servicePrincipalObjectId"];
    const resource = failed.inputs["resourceServicePrincipalObjectId"];
    return failed.error.includes("Permission entry already exists") &&
      typeof client === "string" &&
      typeof resource === "string"
      ? existingConsentMessage(failed.name, failed.component, tenantWideGrantId(client, resource))
      : undefined;
  },
  [appRoleAssignment]: (failed) => {
    const { principalObjectId, resourceObjectId, appRoleId } = failed.inputs;
    return failed.error.includes("Permission being assigned already exists")
      ? [
          `The app role "${failed.name}" cannot be assigned: the client already has it. ${origin}`,
          "Look up the id of the assignment, let this stack manage it, and run pulumi up again:",
          `  az rest --method GET --url "${graphOfCloud}v1.0/servicePrincipals/${String(principalObjectId)}/appRoleAssignments" --query "value[?appRoleId=='${String(appRoleId)}'].id"`,
          `  ${importCommand(failed, `/servicePrincipals/${String(resourceObjectId)}/appRoleAssignedTo/<id>`)}`,
        ].join("\n")
      : undefined;
  },
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": (failed) => {
    const { applicationId, displayName } = failed.inputs;
    const application = String(applicationId).replace("/applications/", "");
    const look = `  az ad app federated-credential list --id ${application} --query "[].{id: id, name: name, issuer: issuer, subject: subject}" --output table`;
    const takeOver = [
      "Let this stack manage it, with the id that the list shows, and run pulumi up again:",
      `  ${importCommand(failed, `${application}/federatedIdentityCredential/<id>`)}`,
    ];
    const remove = [
      "Only if nobody signs in with it, delete it instead; it holds no secret:",
      `  # az ad app federated-credential delete --id ${application} --federated-credential-id <id>`,
    ];
    if (/Conflict.*FederatedIdentityCredential with name/s.test(failed.error)) {
      return [
        `The federated credential "${failed.name}" cannot be created: the application has one named ${String(displayName)}. ${origin}`,
        "Look at it first:",
        look,
        ...takeOver,
        ...remove,
      ].join("\n");
    }
    return failed.error.includes("combination of issuer and subject must be unique")
      ? [
          `The federated credential "${failed.name}" cannot be created: the application has another one with its issuer and subject. ${origin}`,
          "If you have renamed it, set formerName to its previous name. Otherwise look at it:",
          look,
          "Declare it under its existing name, or, to give it another:",
          ...remove,
        ].join("\n")
      : undefined;
  },
  "azure-native:authorization:RoleAssignment": (failed) => {
    const id = existingArmId(failed);
    return id === undefined
      ? undefined
      : [
          `The Azure role "${failed.name}" cannot be assigned: the assignment already exists. ${origin}`,
          "Look at it first:",
          `  az rest --method GET --url '${id}?api-version=2022-04-01' --query properties`,
          `If it is this client's, let this stack manage it: write assignmentName: ${id.slice(id.lastIndexOf("/") + 1)} under its access, import it, and run pulumi up again:`,
          `  ${importCommand(failed, id)}`,
          "Only if it grants something else, delete it instead; whoever has the role through it loses it:",
          `  # az role assignment delete --ids '${id}'`,
        ].join("\n");
  },
  "azure-native:keyvault:Secret": (failed) => {
    const { vaultName, secretName } = failed.inputs;
    if (/deleted but recoverable state/.test(failed.error)) {
      return [
        `The vault secret "${failed.name}" cannot be created: the key vault holds a deleted secret with its name, and reserves the name until it is purged.`,
        ...deletedSecretCure({
          vaultName: String(vaultName),
          secretName: String(secretName),
          resource: failed.name,
          component: failed.component,
        }),
      ].join("\n");
    }
    const id = existingArmId(failed);
    return id && manage(failed, "vault secret", id, id, "choose another vault.secretName");
  },
};

/** The address of Microsoft Graph, with a slash at its end, in the cloud that az is signed in to. */
const graphOfCloud = "$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)";

const origin = "An interrupted run of this stack may have left it behind.";

/**
 * What to do about an object that exists although the stack does not manage it: a run that was cut off, or whose answer was
 * lost, leaves such an object behind, and the provider's own message names no way on.
 *
 * @returns undefined when the creation failed for another reason.
 */
export function existingObjectMessage(failed: FailedCreation): string | undefined {
  return failed.error.includes("expected non-empty ID")
    ? notReadBackMessage(failed)
    : explanations[failed.type]?.(failed);
}

/** The provider's own words for it, "expected non-empty ID for new state", tell nobody what has happened. */
function notReadBackMessage({ name }: FailedCreation): string {
  return [
    `"${name}" was created, but Entra did not show it yet when it was read back, so the stack does not know it.`,
    "Run pulumi up again: if the object already exists, the error names the command with which the stack can go on. A secret is issued again; npx dicom-ops audit reports the one left behind.",
  ].join("\n");
}

function manage(
  failed: FailedCreation,
  kind: string,
  id: string,
  importId: string,
  otherwise: string,
): string {
  return [
    `The ${kind} "${failed.name}" cannot be created: it already exists, as ${id}. ${origin}`,
    "Either let this stack manage it, by importing it and running pulumi up again:",
    `  ${importCommand(failed, importId)}`,
    `or, if it is somebody else's, ${otherwise}.`,
  ].join("\n");
}

function importCommand(failed: FailedCreation, id: string): string {
  return `pulumi import ${failed.type} ${failed.name} ${quotedForShell(id)} --parent component=${failed.component} --protect=false`;
}

/** Resource groups may have parentheses in their names, and a placeholder must not redirect anything. */
function quotedForShell(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text}'`;
}

/** The id in pulumi-azure-native's refusal to create what exists. */
function existingArmId({ error }: FailedCreation): string | undefined {
  return /cannot create already existing resource '([^']+)'/.exec(error)?.[1];
}

/** What follows the client's name and a hyphen in the names of its children, by the last part of their types. */
const suffixes: Readonly<Record<string, RegExp>> = {
  Application: /^application$/,
  ServicePrincipal: /^service-principal$/,
  ApplicationPassword: /^secret-[ab]$/,
  ApplicationCertificate: /^certificate-/,
  ApplicationFederatedIdentityCredential: /^federated-/,
  ServicePrincipalDelegatedPermissionGrant: /^consent(-|$)/,
  AppRoleAssignment: /^role-/,
  RoleAssignment: /^access-/,
  Secret: /^vault-/,
};

/**
 * The URN of the component that a child belongs to: that of the client whose name the child's starts with.
 *
 * @param clients the names of all clients of the program.
 */
export function componentUrn(
  { urn, type }: { readonly urn: string; readonly type: string },
  clients: Iterable<string>,
): string {
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  const suffix = suffixes[type.slice(type.lastIndexOf(":") + 1)];
  const client = [...clients]
    .filter((one) => name.startsWith(`${one}-`) && suffix?.test(name.slice(one.length + 1)))
    .reduce((longest, one) => (one.length > longest.length ? one : longest), "");
  return `${urn.slice(0, urn.lastIndexOf("$"))}::${client}`;
}
