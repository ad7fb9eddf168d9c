import type { Application } from "@pulumi/azuread/application";
import type { ApplicationCertificate } from "@pulumi/azuread/applicationCertificate";
import type { ApplicationFederatedIdentityCredential } from "@pulumi/azuread/applicationFederatedIdentityCredential";
import type { ApplicationFlexibleFederatedIdentityCredential } from "@pulumi/azuread/applicationFlexibleFederatedIdentityCredential";
import type { ApplicationPassword } from "@pulumi/azuread/applicationPassword";
import type { AppRoleAssignment } from "@pulumi/azuread/appRoleAssignment";
import type { ServicePrincipal } from "@pulumi/azuread/servicePrincipal";
import type { ServicePrincipalDelegatedPermissionGrant } from "@pulumi/azuread/servicePrincipalDelegatedPermissionGrant";
import * as pulumi from "@pulumi/pulumi";
import { declareAccess } from "./access";
import { declareApplication, declaredOwners } from "./application";
import { declareCertificates } from "./certificates";
import type { ClientParts } from "./child";
import { componentType } from "./childNames";
import type { ClientOutputs, DicomServiceClientArgs } from "./clientArgs";
import { declareConsents } from "./consent";
import { completeDicomApi } from "./dicomApi";
import { declareFederatedCredentials } from "./federatedCredentials";
import { type ManagedIdentity, managedIdentityOf } from "./managedIdentity";
import { type ClientIds, outputsOf } from "./outputs";
import { permissionRequests } from "./permissionRequests";
import { readArgs } from "./readArgs";
import { type DeclaredSecrets, declareSecrets } from "./secrets";
import { declareServicePrincipal } from "./servicePrincipal";
import { readTenantContext, readTenantWithoutApis } from "./tenantContext";
import { declareVaultSecret } from "./vaultSecret";

/**
 * The resources that a client is made of. Types come from single files of azuread, and azure-native's resources have a general type,
 * because every program that uses the component reads what is imported here: azure-native describes all of Azure in 16 MB.
 */
export interface ClientNodes {
  /** Undefined of a client without an application, like the service principal, which Azure manages then. */
  readonly application: Application | undefined;
  readonly servicePrincipal: ServicePrincipal | undefined;
  /** One or, during an overlap, two; the current one first. */
  readonly secrets: readonly ApplicationPassword[];
  readonly certificates: readonly ApplicationCertificate[];
  readonly federatedCredentials: readonly ApplicationFederatedIdentityCredential[];
  /** Federated credentials that match claims. */
  readonly flexibleFederatedCredentials: readonly ApplicationFlexibleFederatedIdentityCredential[];
  /** Delegated permission grants, one for each API with scopes. */
  readonly consents: readonly ServicePrincipalDelegatedPermissionGrant[];
  readonly appRoles: readonly AppRoleAssignment[];
  /** Of azure-native's type `authorization.RoleAssignment`. */
  readonly access: readonly pulumi.CustomResource[];
  /** Of azure-native's type `keyvault.Secret`. */
  readonly vaultSecret: pulumi.CustomResource | undefined;
}

/** A component whose properties are the outputs of a client. */
const ComponentWithOutputs = pulumi.ComponentResource as unknown as new (
  ...args: ConstructorParameters<typeof pulumi.ComponentResource>
) => pulumi.ComponentResource & ClientOutputs;

/**
 * A service client application for the DICOM service of Azure Health Data Services, complete enough to work: application,
 * service principal, required permission, consent, client secrets on a schedule, and Azure roles on the DICOM services. With
 * `application: none`, the roles alone, which a managed identity gets.
 *
 * Children are named `<name>-<suffix>`, and these names are part of the state. To rename a client without recreating it, give
 * the former name as an alias in the options, `aliases: [{ name: "former-name" }]`; its children follow.
 */
export class DicomServiceClient extends ComponentWithOutputs {
  /** The resources that the client is made of. To change what they are declared with, give `transforms` in the options. */
  public readonly nodes: ClientNodes;

  /**
   * @throws pulumi.RunError when arguments are wrong; it lists all of them.
   */
  constructor(name: string, args: DicomServiceClientArgs, opts?: pulumi.ComponentResourceOptions) {
    const asOf = readArgs(name, args);
    // Inputs stay out of the component's own state: asOf moves every day and would show up in every preview.
    super(componentType, name, {}, opts);

    const api = completeDicomApi(args.api ?? {});
    const identity = managedIdentityOf(args);
    const client: ClientParts = {
      name,
      component: this,
      settings: args,
      api,
      requests: permissionRequests(api, args.permissions ?? []),
      tenant:
        args.tenant ??
        (identity
          ? readTenantWithoutApis({ parent: this })
          : readTenantContext(api, args.permissions, { parent: this })),
      asOf,
    };
    const { ids, secrets, nodes } = identity ? withoutApplication(identity) : declareRegistration(client);
    const access = declareAccess(client, ids.servicePrincipalId);

    this.nodes = { ...nodes, access: access.assignments };
    this.publish(outputsOf({ ...client, ids, secrets, access }));
  }

  /** Every output costs a dozen promises, so what is known is registered as it is, and absence is said with one output. */
  private publish(outputs: Readonly<Record<string, unknown>>): void {
    const absent = pulumi.output(undefined);
    for (const [name, value] of Object.entries(outputs)) {
      const known = pulumi.Output.isInstance(value) ? value : pulumi.output(value);
      Object.assign(this, { [name]: value === undefined ? absent : known });
    }
    this.registerOutputs(outputs);
  }
}

/** What consumers sign in as, and what belongs to it. */
interface Registration {
  readonly ids: ClientIds;
  readonly secrets: DeclaredSecrets | undefined;
  readonly nodes: Omit<ClientNodes, "access">;
}

/** Declares the application of a client, its service principal and everything that hangs on them but Azure roles. */
function declareRegistration(client: ClientParts): Registration {
  const owners = declaredOwners(client);
  const application = declareApplication(client, owners);
  const secrets = declareSecrets(client, application);
  const secretsInOrder = secrets ? [secrets.current, ...(secrets.previous ? [secrets.previous] : [])] : [];
  const certificates = declareCertificates(client, application);
  const federated = declareFederatedCredentials(client, application);
  const credentials = [
    ...secretsInOrder,
    ...certificates,
    ...federated.federatedCredentials,
    ...federated.flexibleFederatedCredentials,
  ];
  const servicePrincipal = declareServicePrincipal(client, application, owners, credentials);
  const { grants, appRoles } = declareConsents(client, application, servicePrincipal);
  const vaultSecret = declareVaultSecret(client, application, secrets);
  return {
    ids: {
      clientId: application.clientId,
      objectId: application.objectId,
      servicePrincipalId: servicePrincipal.objectId,
    },
    secrets,
    nodes: {
      application,
      servicePrincipal,
      secrets: secretsInOrder,
      certificates,
      ...federated,
      consents: grants,
      appRoles,
      vaultSecret,
    },
  };
}

/** What Azure has made already: nothing is declared. */
function withoutApplication({ clientId, principalId }: ManagedIdentity): Registration {
  return {
    ids: { clientId, objectId: undefined, servicePrincipalId: principalId },
    secrets: undefined,
    nodes: {
      application: undefined,
      servicePrincipal: undefined,
      secrets: [],
      certificates: [],
      federatedCredentials: [],
      flexibleFederatedCredentials: [],
      consents: [],
      appRoles: [],
      vaultSecret: undefined,
    },
  };
}
