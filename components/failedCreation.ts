import { children, stackOfUrn } from "./childNames";
import { identitiesCommand } from "./managedIdentity";
import { outsideFacts } from "./outsideFacts";
import { jsonText, plainMessage } from "./plainText";

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

/** Makes the lines of a message out of a failed creation; undefined when it failed for another reason. */
type Explanation = (failed: FailedCreation) => readonly string[] | undefined;

const explanations: Readonly<Record<string, Explanation>> = {
  [children.application.type]: (failed) => {
    const id = /^.*An existing "azuread_application".*\(ID: "([0-9a-f-]+)"\)/ims.exec(failed.error)?.[1];
    return id === undefined
      ? missingOwner(failed)
      : manage(failed, id, {
          kind: "application",
          look: `az ad app show --id ${id}`,
          importId: `/applications/${id}`,
          otherwise: "give this client another displayName",
        });
  },
  [children.servicePrincipal.type]: (failed) => {
    const id = /A resource with the ID "([0-9a-f-]+)" already exists/i.exec(failed.error)?.[1];
    return id === undefined
      ? undefined
      : manage(failed, id, {
          kind: "service principal",
          look: `az ad sp show --id ${id}`,
          importId: `/servicePrincipals/${id}`,
          otherwise: "find out whose it is before you continue",
        });
  },
  [children.secret.type]: ({ name, error }) => refusedSecretMessage(name, error),
  [children.consent.type]: (failed) => {
    const { servicePrincipalObjectId: client, resourceServicePrincipalObjectId: resource } = failed.inputs;
    return failed.error.includes("Permission entry already exists") &&
      typeof client === "string" &&
      typeof resource === "string"
      ? existingConsentMessage(failed, tenantWideGrantId(client, resource))
      : refusedConsentMessage(failed.name, failed.error);
  },
  [children.appRole.type]: (failed) => {
    const { principalObjectId, resourceObjectId, appRoleId } = failed.inputs;
    return failed.error.includes("Permission being assigned already exists")
      ? [
          `The app role "${failed.name}" cannot be assigned: the client already has it. ${origin}`,
          "Look up the id of the assignment, let this stack manage it, and run pulumi up again:",
          `  az rest --method GET --url "${graphOfCloud}/v1.0/servicePrincipals/${String(principalObjectId)}/appRoleAssignments" --query "value[?appRoleId=='${String(appRoleId)}'].id"`,
          `  ${importCommand(failed, `/servicePrincipals/${String(resourceObjectId)}/appRoleAssignedTo/<id>`)}`,
        ]
      : undefined;
  },
  [children.federatedCredential.type]: (failed) => {
    const application = applicationOf(failed);
    const remove = [
      "Only if nobody signs in with it, delete it instead; it holds no secret:",
      `  # az ad app federated-credential delete --id ${application} --federated-credential-id <id>`,
    ];
    if (/Conflict.*FederatedIdentityCredential with name/s.test(failed.error)) {
      return [
        `The federated credential "${failed.name}" cannot be created: the application has one named ${String(failed.inputs["displayName"])}. ${origin}`,
        "If its subject replaces a claimsMatchingExpression, give it another name. Otherwise look at it first:",
        listFederatedCredentials(application),
        ...takeOverFederated(failed, `${application}/federatedIdentityCredential/<id>`),
        ...remove,
      ];
    }
    return failed.error.includes("combination of issuer and subject must be unique")
      ? [
          `The federated credential "${failed.name}" cannot be created: the application has another one with its issuer and subject. ${origin}`,
          "If you have renamed it, set formerName to its previous name. Otherwise look at it:",
          listFederatedCredentials(application),
          "Declare it under its existing name, or, to give it another:",
          ...remove,
        ]
      : undefined;
  },
  [children.flexibleFederatedCredential.type]: (failed) => {
    if (!failed.error.includes("adding flexible federated identity credential for")) return undefined;
    const application = applicationOf(failed);
    const path = `applications/${application}/federatedIdentityCredentials`;
    return [
      `The federated credential "${failed.name}" cannot be created, and the provider does not say why: either the application has one named ${String(failed.inputs["displayName"])}, or 20, or Entra refuses the expression, or the deploying identity does not own the application.`,
      "If its claimsMatchingExpression replaces a subject, give it another name. Otherwise look at what is there:",
      listFederatedCredentials(application),
      origin,
      ...takeOverFederated(failed, `/${path}/<id>`),
      "Only if nobody signs in with it, delete it instead; it holds no secret:",
      `  # az rest --method DELETE --url "${graphOfCloud}/${beta}/${path}/<id>"`,
      "If none has its name, this shows what Entra says; it creates the credential where Entra takes it, for you to import:",
      `  # az rest --method POST --url "${graphOfCloud}/${beta}/${path}" --body ${inSingleQuotes(
        jsonText(
          {
            name: failed.inputs["displayName"],
            issuer: failed.inputs["issuer"],
            audiences: [failed.inputs["audience"]],
            claimsMatchingExpression: {
              value: failed.inputs["claimsMatchingExpression"],
              languageVersion: 1,
            },
          },
          0,
        ),
      )}`,
    ];
  },
  [children.access.type]: (failed) => {
    const id = existingArmId(failed);
    if (id === undefined) return missingPrincipal(failed) ?? equalAssignment(failed);
    return [
      `The Azure role "${failed.name}" cannot be assigned: the assignment already exists. ${origin}`,
      "Look at it first:",
      `  ${showCommand(id)}`,
      ...takeOver(failed, id, "If it is this client's"),
      "Only if it grants something else, delete it instead; whoever has the role through it loses it:",
      `  # az role assignment delete --ids ${quotedForShell(id)}`,
    ];
  },
  [children.vaultSecret.type]: (failed) => {
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
      ];
    }
    const id = existingArmId(failed);
    return id === undefined
      ? undefined
      : manage(failed, id, {
          kind: "vault secret",
          look: `az rest --method GET --url ${quotedForShell(`${id}?api-version=2023-07-01`)} --query tags`,
          importId: id,
          otherwise: "choose another vault.secretName",
        });
  },
};

/** The address of Microsoft Graph in the cloud that az is signed in to; az has it with a slash at its end in some clouds only. */
const graphOfCloud =
  "$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | sed 's|/$||')";

/** Object id of the application that a credential was to be added to. */
function applicationOf({ inputs }: FailedCreation): string {
  return String(inputs["applicationId"]).replace("/applications/", "");
}

const beta = outsideFacts.claimsMatchingVersion.value;

/** Not by the Azure CLI's own list, which fails on flexible ones: https://github.com/Azure/azure-cli/issues/32816 */
function listFederatedCredentials(application: string): string {
  return `  az rest --method GET --url "${graphOfCloud}/${beta}/applications/${application}/federatedIdentityCredentials" --query "value[].{id: id, name: name, issuer: issuer, subject: subject, expression: claimsMatchingExpression.value}" --output table`;
}

function takeOverFederated(failed: FailedCreation, id: string): readonly string[] {
  return [
    "Let this stack manage it, with the id that the list shows, and run pulumi up again:",
    `  ${importCommand(failed, id)}`,
  ];
}

function inSingleQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const origin = "An interrupted run of this stack may have left it behind.";

/**
 * What to do about a child that could not be created: the tenant refuses it, or it exists although the stack does not manage it, as
 * after a run that was cut off or whose answer was lost. The provider's own messages name no way on.
 *
 * @returns undefined when the creation failed for another reason.
 */
export function failedCreationMessage(failed: FailedCreation): string | undefined {
  const lines = failed.error.includes("expected non-empty ID")
    ? notReadBackMessage(failed)
    : explanations[failed.type]?.(failed);
  return lines && plainMessage(lines);
}

/** The provider's own words for it, "expected non-empty ID for new state", tell nobody what has happened. */
function notReadBackMessage({ name, component }: FailedCreation): readonly string[] {
  return [
    `"${name}" was created, but Entra did not show it yet when it was read back, so the stack does not know it.`,
    `Run pulumi up again: if the object already exists, the error names the command with which the stack can go on. A secret is issued again; npx dicom-ops audit --stack ${stackOfUrn(component)} reports the one left behind.`,
  ];
}

/** Of an application that is to get an owner who is none: the tenant's answer names the id, or what has it. */
function missingOwner({ name, inputs, error }: FailedCreation): readonly string[] | undefined {
  const owners: readonly unknown[] = Array.isArray(inputs["owners"]) ? inputs["owners"] : [];
  const id = owners.find((owner) => typeof owner === "string" && error.includes(owner));
  return typeof id === "string" && /Request_ResourceNotFound|'owners'/.test(error)
    ? [
        `The application "${name}" cannot be created: the tenant has no user and no service principal with the object id ${id}, which owners names.`,
        ...missingOwnerCure(id),
      ]
    : undefined;
}

/** How to find the object id that belongs in the place of one that nobody has. */
export function missingOwnerCure(id: string): string[] {
  return [
    "Name an object id of one of them. If this is a client id, or for a person, these show it:",
    `  az ad sp show --id ${id} --query id --output tsv`,
    "  az ad user show --id '<user principal name>' --query id --output tsv",
  ];
}

/** An object that exists already. */
interface Existing {
  readonly kind: string;
  /** The command that shows whose it is. */
  readonly look: string;
  readonly importId: string;
  /** What to do when it is somebody else's. */
  readonly otherwise: string;
}

function manage(
  failed: FailedCreation,
  id: string,
  { kind, look, importId, otherwise }: Existing,
): readonly string[] {
  return [
    `The ${kind} "${failed.name}" cannot be created: it already exists, as ${id}. ${origin}`,
    "Look at it first:",
    `  ${look}`,
    "Either let this stack manage it, by importing it and running pulumi up again:",
    `  ${importCommand(failed, importId)}`,
    `or, if it is somebody else's, ${otherwise}.`,
  ];
}

type Child = Pick<FailedCreation, "type" | "name" | "component">;

/**
 * The command that lets a stack manage a child that exists.
 *
 * @param id in the provider's form
 */
export function importCommand(child: Child, id: string): string {
  return importByWord(child, quotedForShell(id));
}

/** Without its stack, the command would work on the one that is selected. */
function importByWord({ type, name, component }: Child, word: string): string {
  return `pulumi import ${type} ${quotedForShell(name)} ${word} --parent ${quotedForShell(`component=${component}`)} --protect=false --stack ${stackOfUrn(component)}`;
}

/**
 * A word of a command. Resource groups may have parentheses in their names, app roles nearly anything, the URN of what has a parent a `$`,
 * and a placeholder must not redirect anything.
 */
export function quotedForShell(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : inSingleQuotes(text);
}

/** Of a client without an application, whose identity is named by hand. */
function missingPrincipal({ name, inputs, error }: FailedCreation): readonly string[] | undefined {
  if (!error.includes("PrincipalNotFound")) return undefined;
  return [
    `The Azure role "${name}" cannot be assigned: the tenant has no principal ${String(inputs["principalId"])}.`,
    "If the client has application: none, correct runsOn.managedIdentity; this lists the user-assigned identities with their ids:",
    `  ${identitiesCommand}`,
    "Otherwise run pulumi up again: a service principal that was just made can take a moment to be known to Azure.",
  ];
}

/**
 * Azure refuses a second assignment of the same role to the same principal at the same scope, whatever its name, and tells the name of
 * the first without hyphens. Source: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (RoleAssignmentExists)
 */
function equalAssignment(failed: FailedCreation): readonly string[] | undefined {
  if (!failed.error.includes("RoleAssignmentExists")) return undefined;
  const { scope, principalId } = failed.inputs;
  const name = /existing role assignment is ([0-9a-f-]{32,36})/i.exec(failed.error)?.[1];
  const id = `${String(scope)}/providers/Microsoft.Authorization/roleAssignments/${name === undefined ? "<name>" : hyphenated(name)}`;
  return [
    `The Azure role "${failed.name}" cannot be assigned: the client has it already, by an assignment of another name that somebody made.`,
    ...equalAssignmentCure(
      failed,
      id,
      name === undefined
        ? `az role assignment list --scope ${quotedForShell(String(scope))} --query "[?principalId=='${String(principalId)}'].[name, roleDefinitionName, condition]"`
        : showCommand(id),
    ),
  ];
}

/**
 * The ways on from an assignment, under another name, of the role that a client is to get.
 *
 * @param id resource id of the assignment
 * @param look the command that shows it
 */
export function equalAssignmentCure(child: Child, id: string, look: string = showCommand(id)): string[] {
  return [
    "Look at it first:",
    `  ${look}`,
    ...takeOver(child, id, "If it has no condition"),
    "Otherwise delete it, so that pulumi up can make its own; until then the client is refused:",
    `  # az role assignment delete --ids ${quotedForShell(id)}`,
  ];
}

function hyphenated(guid: string): string {
  return guid
    .replaceAll("-", "")
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function showCommand(assignment: string): string {
  return `az rest --method GET --url ${quotedForShell(`${assignment}?api-version=2022-04-01`)} --query properties`;
}

function takeOver(child: Child, assignment: string, when: string): readonly string[] {
  const name = assignment.slice(assignment.lastIndexOf("/") + 1);
  return [
    `${when}, let this stack manage it: write assignmentName: ${name} under its access, import it, and run pulumi up again:`,
    `  ${importCommand(child, assignment)}`,
  ];
}

/** The id in pulumi-azure-native's refusal to create what exists. */
function existingArmId({ error }: FailedCreation): string | undefined {
  return /cannot create already existing resource '([^']+)'/.exec(error)?.[1];
}

/** Entra's own answer about a consent that was given by hand names neither the existing grant nor a way on. */
function existingConsentMessage(failed: FailedCreation, grantId: string): readonly string[] {
  return [
    `The consent "${failed.name}" cannot be created: the client already has one for this API, granted by hand or left behind by an interrupted run. It is the grant ${grantId}.`,
    "Look at it first:",
    `  az rest --method GET --url "${graphOfCloud}/v1.0/oauth2PermissionGrants/${grantId}"`,
    "Either let this stack manage it, by importing it and running pulumi up again:",
    `  ${importCommand(failed, `/oauth2PermissionGrants/${grantId}`)}`,
    "or leave consent to administrators, with consent: external.",
  ];
}

/**
 * The id that Microsoft Graph gives the tenant-wide grant between two service principals: both object ids as 16 bytes in .NET's
 * order, in base64url.
 */
function tenantWideGrantId(clientId: string, resourceId: string): string {
  return Buffer.concat([guidBytes(clientId), guidBytes(resourceId)]).toString("base64url");
}

/** A GUID's bytes as .NET orders them: the first three groups have their lowest byte first. */
function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replace(/-/g, ""), "hex");
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}

/**
 * What to do about a secret that the tenant refuses by its policy on the credentials of applications. Source:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
 *
 * @param name name of the secret's resource.
 * @param said what the provider says of the failure.
 * @returns undefined when something else is wrong.
 */
function refusedSecretMessage(name: string, said: string): readonly string[] | undefined {
  if (said.includes("CredentialTypeNotAllowedAsPerAppPolicy")) {
    return [
      `The secret "${name}" cannot be created: the tenant's app management policy forbids secrets on applications.`,
      "Give the client a federated credential (federatedCredentials) or a certificate (certificates) instead of a secret,",
      "or have an administrator exempt the application from the policy.",
    ];
  }
  return said.includes("CredentialInvalidLifetimeAsPerAppPolicy")
    ? [
        `The secret "${name}" cannot be created: it lives longer than the tenant's app management policy allows. Lower lifetimeDays.`,
      ]
    : undefined;
}

/**
 * What to do about a consent that the deploying identity may not give, of which Entra does not say what is missing.
 *
 * @param name name of the consent's resource.
 * @param said what the provider says of the failure.
 * @returns undefined when something else is wrong.
 */
function refusedConsentMessage(name: string, said: string): readonly string[] | undefined {
  return said.includes("Authorization_RequestDenied")
    ? [
        `The consent "${name}" cannot be given: the deploying identity lacks the Microsoft Graph application permission`,
        "DelegatedPermissionGrant.ReadWrite.All. Have it granted, or leave consent to administrators, with consent: external.",
      ]
    : undefined;
}

/** A vault secret that cannot be created, because a deleted one has its name. */
export interface DeletedVaultSecret {
  readonly vaultName: string;
  readonly secretName: string;
  /** Name of the resource. */
  readonly resource: string;
  /** URN of the client's component. */
  readonly component: string;
  /** When a vault with purge protection purges it by itself, as a UTC day; absent where it can be purged, or that is not known. */
  readonly keptUntil?: string;
}

/**
 * The ways on from a deleted secret. Recovering it alone is not enough: the provider refuses to create what exists. Source:
 * https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
 */
export function deletedSecretCure({
  vaultName,
  secretName,
  resource,
  component,
  keptUntil,
}: DeletedVaultSecret): string[] {
  const named = `--vault-name ${vaultName} --name ${secretName}`;
  const child = { type: children.vaultSecret.type, name: resource, component };
  const id = `"$(az keyvault show --name ${vaultName} --query id --output tsv)/secrets/${secretName}"`;
  return [
    "Look at it first:",
    `  az keyvault secret show-deleted ${named} --query "{tags: tags, deletedDate: deletedDate}"`,
    "To keep using it, recover it and import it into this stack. If the client has not been deployed yet, run pulumi up without its vault first. Then",
    `  az keyvault secret recover ${named}`,
    `  ${importByWord(child, id)}`,
    ...(keptUntil === undefined
      ? [
          "and run pulumi up with the vault. Or choose another vault.secretName. Or, if nobody needs its former values, purge it, which cannot be undone, and which a vault with purge protection refuses:",
          `  # az keyvault secret purge ${named}`,
        ]
      : [
          `and run pulumi up with the vault. Or choose another vault.secretName. The vault has purge protection, so nobody can purge the secret; the vault does so on ${keptUntil}.`,
        ]),
  ];
}
