import * as pulumi from "@pulumi/pulumi";
import * as azuread from "@pulumi/azuread";
import { declareAccess } from "./accessAssignments";
import { type ClientAccess, readAccess } from "./access";
import { calendarDayOf, parseCalendarDay } from "./calendarDate";
import type { ClientCertificate } from "./certificate";
import { clientArgsProblems } from "./clientArgsProblems";
import { declareCertificates, declareFederatedCredentials, declareSecrets } from "./clientCredentials";
import { type ApplicationParts, type ClientParts, diesWithApplication } from "./clientParts";
import { adminConsentUrl, defaultConsent } from "./consent";
import { applicationSettings, servicePrincipalSettings } from "./declaredSettings";
import { declareConsent } from "./consentGrants";
import { completeDicomApi, type DicomApiSettings, dicomServiceUrl } from "./dicomApi";
import type { FederatedCredential } from "./federatedCredential";
import type { ApiPermission } from "./permission";
import { permissionRequests, requiredResourceAccesses } from "./permissionRequests";
import { formatPath } from "./problem";
import { applicationHooks, clientHooks, creationHooks } from "./clientHooks";
import { endDateOf, type SecretSchedule } from "./secretSchedule";
import { fromTenant, readTenantContext, type TenantContext } from "./tenantContext";
import type { SecretVault } from "./vault";
import { declareVaultSecret } from "./vaultSecret";

/** Type of the component. */
export const componentType = "dicom-service-client:index:DicomServiceClient";

/** Arguments of {@link DicomServiceClient}. */
export interface DicomServiceClientArgs {
  /**
   * Name that people see in the portal, 1 to 256 characters, unique in the tenant. Required. Example: `Imaging gateway (dev)`.
   * Source: https://learn.microsoft.com/graph/api/resources/application (displayName).
   */
  displayName: pulumi.Input<string>;
  /**
   * What the client is for, up to 1024 characters. Default none. Example: `Stores studies from the hospital's modalities`.
   * Source: https://learn.microsoft.com/graph/api/resources/application (description).
   */
  description?: pulumi.Input<string>;
  /**
   * Object ids of further owners (users or service principals). Default none: the deploying identity is always an owner, because
   * `Application.ReadWrite.OwnedBy` lets it manage only what it owns. Example: `["00000000-0000-0000-0000-000000000000"]`.
   * Source: https://learn.microsoft.com/graph/permissions-reference (Application.ReadWrite.OwnedBy).
   */
  owners?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Reference into a service or asset management database. Default none. Example: `CMDB-4711`.
   * Source: https://learn.microsoft.com/graph/api/resources/application (serviceManagementReference).
   */
  serviceManagementReference?: pulumi.Input<string>;
  /**
   * Azure roles on DICOM services. Default none, with which the service refuses every call of the client with 403. Example:
   * `[{ dicomService: "/subscriptions/…/workspaces/hospital/dicomservices/pacs", role: "reader" }]`.
   * Source: https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac .
   */
  access?: ClientAccess[];
  /**
   * Who gives the tenant-wide consent: `managed` (this stack, the default), `external` (an administrator) or `none`. Example:
   * `external`. Source: https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent .
   */
  consent?: string;
  /**
   * Permissions of further APIs. Default none: the client asks for the DICOM scope alone. Example:
   * `[{ api: "fhir", roles: ["system.all.read"] }]`.
   * Source: https://learn.microsoft.com/azure/healthcare-apis/register-application .
   */
  permissions?: ApiPermission[];
  /**
   * Schedule of the client secrets. Default none: the client gets no secret. Example: `{ from: "2026-11-23" }`.
   * Source: https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials .
   */
  secret?: SecretSchedule;
  /**
   * Certificates that the client may sign in with, instead of or in addition to a secret. Default none. Example:
   * `[{ name: "gateway", pem: "…" }]`.
   * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials .
   */
  certificates?: ClientCertificate[];
  /**
   * Issuers whose tokens the client may sign in with: at most 20. Default none. Example:
   * `[{ name: "github-dev", issuer: "https://token.actions.githubusercontent.com", subject: "repo:contoso@123456/pacs@456789:environment:dev" }]`.
   * Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations .
   */
  federatedCredentials?: FederatedCredential[];
  /**
   * Says that a client without secret, certificate and federated credential is meant. Default: such a client is refused. Example:
   * `none`, the only value.
   */
  credentials?: string;
  /**
   * Key vault that the current secret is written to. Default none: it is in the stack's outputs only. Example:
   * `{ id: "/subscriptions/…/vaults/kv-imaging", secretName: "imaging-gateway-dicom" }`.
   * Source: https://github.com/Azure/KeyVault-Secrets-Rotation-AADApp-PowerShell (tags and expiry).
   */
  vault?: SecretVault;
  /**
   * Whether Pulumi refuses to delete the client: its application, service principal, consent and roles. Secrets, certificates
   * and federated credentials still rotate, and a refused destroy leaves them alone. Default `false`. Example: `true`.
   */
  protect?: boolean;
  /** The UTC day that counts as today for the schedule. Default: today. Example: `2026-11-23`. */
  asOf?: string;
  /**
   * The DICOM service's API, if it differs from the public cloud's. Default: the public cloud's. Example:
   * `{ audience: "https://dicom.example.us", … }`.
   * Source: https://learn.microsoft.com/azure/healthcare-apis/get-access-token .
   */
  api?: DicomApiSettings;
  /**
   * What `readTenantContext` returned, to read the tenant once for many clients. Default: read for this client. Example:
   * `await readTenantContext(completeDicomApi({}))`.
   */
  tenant?: pulumi.Input<TenantContext>;
}

/**
 * A service client application for the DICOM service of Azure Health Data Services, complete enough to work: application,
 * service principal, required permission, consent, client secrets on a schedule, and Azure roles on the DICOM services.
 *
 * Children are named `<name>-<suffix>`, and these names are part of the state. To rename a client without recreating it, give
 * the former name as an alias in the options, `aliases: [{ name: "former-name" }]`; its children follow.
 */
export class DicomServiceClient extends pulumi.ComponentResource {
  /** Application (client) id: what consumers sign in with. */
  public readonly clientId: pulumi.Output<string>;
  /** Object id of the application. */
  public readonly objectId: pulumi.Output<string>;
  /** Object id of the service principal. */
  public readonly servicePrincipalId: pulumi.Output<string>;
  /** Directory (tenant) id. */
  public readonly tenantId: pulumi.Output<string>;
  /** Audience of the tokens that the DICOM service accepts. */
  public readonly audience: pulumi.Output<string>;
  /** What to ask the token endpoint for: the audience followed by `/.default`. */
  public readonly scope: pulumi.Output<string>;
  /** Address of the token endpoint. */
  public readonly tokenUrl: pulumi.Output<string>;
  /** Addresses of the DICOM services that `access` names. */
  public readonly dicomServiceUrls: pulumi.Output<string[]>;
  /** Value of the current client secret. A Pulumi secret. */
  public readonly clientSecret: pulumi.Output<string | undefined>;
  /** Value of the client secret before the current one, while it is valid. A Pulumi secret. */
  public readonly previousClientSecret: pulumi.Output<string | undefined>;
  /** Key id of the current client secret. */
  public readonly secretId: pulumi.Output<string | undefined>;
  /** When the current client secret ends, such as `2027-05-22T00:00:00Z`. */
  public readonly secretExpiresOn: pulumi.Output<string | undefined>;
  /** Day on which the next secret is issued, such as `2027-04-22`. */
  public readonly nextRotationOn: pulumi.Output<string | undefined>;
  /** Key id of the client secret before the current one, while it is valid. */
  public readonly previousSecretId: pulumi.Output<string | undefined>;
  /** Page on which an administrator consents; only with `consent: external`. */
  public readonly consentUrl: pulumi.Output<string | undefined>;

  /**
   * @throws pulumi.InputPropertiesError when arguments are wrong; it lists all of them.
   */
  constructor(name: string, args: DicomServiceClientArgs, opts?: pulumi.ComponentResourceOptions) {
    const asOf = args.asOf === undefined ? calendarDayOf(new Date()) : parseCalendarDay(args.asOf);
    const problems = clientArgsProblems(args, asOf);
    if (problems.length > 0 || asOf === undefined) {
      throw new pulumi.InputPropertiesError({
        message: `the arguments of the DICOM service client "${name}" are wrong`,
        errors: problems.map(({ path, message }) => ({ propertyPath: formatPath(path), reason: message })),
      });
    }
    // Inputs stay out of the component's own state: asOf moves every day and would show up in every preview.
    super(componentType, name, {}, opts);

    clientHooks()?.clients.add(name);
    const api = completeDicomApi(args.api ?? {});
    const requests = permissionRequests(api, args.permissions ?? []);
    const tenant = args.tenant ?? readTenantContext(api, args.permissions, { parent: this });
    const deployer = fromTenant(tenant, ({ deployingIdentityId }) => deployingIdentityId);
    const owners =
      args.owners === undefined && typeof deployer === "string"
        ? ownerIds([deployer])
        : pulumi.all([deployer, args.owners ?? []]).apply(([id, others]) => ownerIds([id, ...others]));
    const protect = args.protect ?? false;

    const application = new azuread.Application(
      `${name}-application`,
      {
        displayName: args.displayName,
        ...(args.description === undefined ? {} : { description: args.description }),
        ...(args.serviceManagementReference === undefined
          ? {}
          : { serviceManagementReference: args.serviceManagementReference }),
        ...applicationSettings,
        preventDuplicateNames: true,
        owners,
        requiredResourceAccesses: fromTenant(tenant, (context) =>
          requiredResourceAccesses(requests, context),
        ),
      },
      { parent: this, protect, ...applicationHooks() },
    );

    const ofApplication: ApplicationParts = { name, component: this, application };
    const secrets = args.secret && declareSecrets(ofApplication, args.secret, asOf);
    const credentials = [
      ...(secrets ? [secrets.current] : []),
      ...(secrets?.previous ? [secrets.previous] : []),
      ...declareCertificates(ofApplication, args.certificates ?? []),
      ...declareFederatedCredentials(ofApplication, args.federatedCredentials ?? [], api.loginUrl),
    ];

    const servicePrincipal = new azuread.ServicePrincipal(
      `${name}-service-principal`,
      { clientId: application.clientId, owners, ...servicePrincipalSettings },
      {
        ...diesWithApplication(ofApplication),
        ...creationHooks(),
        protect,
        // Credentials rotate, so they cannot be protected themselves. A destroy has to get past what depends on them first.
        ...(protect ? { dependsOn: credentials } : {}),
      },
    );

    const parts: ClientParts = { ...ofApplication, servicePrincipal, tenant, protect };
    const consent = args.consent ?? defaultConsent;
    if (consent === "managed") {
      declareConsent(parts, requests);
    }
    const accesses = (args.access ?? []).map(readAccess).filter((access) => access !== undefined);
    declareAccess(parts, accesses);
    if (accesses.length === 0) {
      void pulumi.log.warn(
        `the client "${name}" has no access: it will get tokens, but the DICOM service will refuse every call with 403. Name a DICOM service under access.`,
        this,
      );
    }
    if (args.vault && args.secret && secrets) {
      declareVaultSecret(parts, args.vault, args.secret, secrets);
    }

    // Every output costs a dozen promises, so what is known already is registered as it is, and absence is said with one output.
    const known = {
      tenantId: fromTenant(tenant, ({ tenantId }) => tenantId),
      audience: api.audience,
      scope: `${api.audience}/.default`,
      tokenUrl: fromTenant(tenant, ({ tenantId }) => `${api.loginUrl}/${tenantId}/oauth2/v2.0/token`),
      dicomServiceUrls: accesses.flatMap(({ scope }) =>
        scope.dicomService === undefined ? [] : [dicomServiceUrl(api, scope.workspace, scope.dicomService)],
      ),
      secretExpiresOn: secrets && endDateOf(secrets.plan.current),
      nextRotationOn: secrets?.plan.nextRotationOn,
    };
    const absent = pulumi.output(undefined);
    this.clientId = application.clientId;
    this.objectId = application.objectId;
    this.servicePrincipalId = servicePrincipal.objectId;
    this.tenantId = pulumi.output(known.tenantId);
    this.audience = pulumi.output(known.audience);
    this.scope = pulumi.output(known.scope);
    this.tokenUrl = pulumi.output(known.tokenUrl);
    this.dicomServiceUrls = pulumi.output(known.dicomServiceUrls);
    this.clientSecret = secrets ? pulumi.secret(secrets.current.value) : absent;
    this.previousClientSecret = secrets?.previous ? pulumi.secret(secrets.previous.value) : absent;
    this.secretId = secrets?.current.keyId ?? absent;
    this.secretExpiresOn = secrets ? pulumi.output(known.secretExpiresOn) : absent;
    this.nextRotationOn = secrets ? pulumi.output(known.nextRotationOn) : absent;
    this.previousSecretId = secrets?.previous?.keyId ?? absent;
    this.consentUrl =
      consent === "external"
        ? pulumi
            .all([this.tenantId, application.clientId])
            .apply(([tenantId, clientId]) => adminConsentUrl(api.loginUrl, tenantId, clientId))
        : absent;
    this.registerOutputs({
      clientId: this.clientId,
      objectId: this.objectId,
      servicePrincipalId: this.servicePrincipalId,
      clientSecret: this.clientSecret,
      previousClientSecret: this.previousClientSecret,
      secretId: this.secretId,
      previousSecretId: this.previousSecretId,
      consentUrl: this.consentUrl,
      ...known,
    });
  }
}

/** Owners as the provider keeps them: in lower case, sorted, each once. */
function ownerIds(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].sort();
}
