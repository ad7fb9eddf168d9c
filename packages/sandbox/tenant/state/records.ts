import type { AppRole, PermissionScope } from "@microsoft/microsoft-graph-types";
import type { ApplicationProperties } from "../domain/applicationProperties";
import type { ClaimsMatchingExpression } from "../domain/claimsMatching";
import type { ServicePrincipalProperties } from "../domain/servicePrincipalProperties";

/** A type of the client library's, as that of something that is never changed. */
export type DeepReadonly<T> = T extends object ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> } : T;

/** Anything kept in a table. Records are plain JSON, frozen, and linked to each other by id only. */
export interface Identified {
  readonly id: string;
}

export interface UserRecord extends Identified {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly mail: string | null;
  readonly jobTitle: string | null;
  /** Template ids of the directory roles the user holds. */
  readonly directoryRoles: readonly string[];
}

/** A client secret: everything but its value, of which only a salted hash is kept. */
export interface PasswordRecord {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  /** First three characters of the value. */
  readonly hint: string;
  /** 16 random bytes, base64url. */
  readonly salt: string;
  /** SHA-256 of salt and value, base64url. */
  readonly hash: string;
}

export interface KeyRecord {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly type: string;
  readonly usage: string;
  readonly customKeyIdentifier: string | null;
  /** DER of the certificate, base64. */
  readonly certificate: string;
}

export interface FederatedCredentialRecord extends Identified {
  readonly name: string;
  readonly issuer: string;
  /** Null of a flexible one. */
  readonly subject: string | null;
  /** Absent in states of versions that knew no flexible ones. */
  readonly claimsMatchingExpression?: ClaimsMatchingExpression | null;
  readonly description: string | null;
  readonly audiences: readonly string[];
}

export interface ApplicationRecord extends Identified {
  readonly appId: string;
  readonly createdDateTime: string;
  /** Object id of the caller that made it; null for seeded ones. */
  readonly createdBy: string | null;
  readonly properties: ApplicationProperties;
  readonly ownerIds: readonly string[];
  readonly passwords: readonly PasswordRecord[];
  readonly keys: readonly KeyRecord[];
  readonly federatedCredentials: readonly FederatedCredentialRecord[];
}

/** What a service principal shows of an application that lives in another tenant. */
export interface PublishedApplication {
  readonly displayName: string;
  readonly ownerTenantId: string;
  readonly signInAudience: string;
  /** Beyond the application id itself. */
  readonly servicePrincipalNames: readonly string[];
  readonly appRoles: readonly DeepReadonly<AppRole>[];
  readonly oauth2PermissionScopes: readonly DeepReadonly<PermissionScope>[];
}

export interface ServicePrincipalRecord extends Identified {
  readonly appId: string;
  readonly createdDateTime: string;
  /** Object id of the caller that made it; null for seeded ones. */
  readonly createdBy: string | null;
  readonly properties: ServicePrincipalProperties;
  readonly ownerIds: readonly string[];
  readonly passwords: readonly PasswordRecord[];
  readonly keys: readonly KeyRecord[];
  /** Template ids of the directory roles that it holds; absent: none. */
  readonly directoryRoles?: readonly string[];
  /** Values of custom security attributes, by attribute set and attribute; absent: none. */
  readonly customSecurityAttributes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether it is that of a managed identity, which has no application; absent: it is not. */
  readonly isManagedIdentity?: boolean;
  /** Of a user-assigned managed identity; absent: none. */
  readonly federatedCredentials?: readonly FederatedCredentialRecord[];
  /** Null when the application is registered in this tenant. */
  readonly published: PublishedApplication | null;
}

export interface GrantRecord extends Identified {
  readonly clientId: string;
  readonly consentType: string;
  readonly principalId: string | null;
  readonly resourceId: string;
  readonly scope: string;
}

export interface AppRoleAssignmentRecord extends Identified {
  readonly appRoleId: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly createdDateTime: string;
}

/** A soft-deleted object with everything that went with it. The id is the object's own. */
export interface DeletedItemRecord extends Identified {
  readonly deletedDateTime: string;
  readonly application: ApplicationRecord | null;
  readonly servicePrincipal: ServicePrincipalRecord | null;
  readonly grants: readonly GrantRecord[];
  readonly appRoleAssignments: readonly AppRoleAssignmentRecord[];
}

/** Registration of a resource provider in the subscription; the id is its namespace. */
export interface ResourceProviderRecord extends Identified {
  readonly registrationState: "Registered" | "Registering" | "NotRegistered";
}

/** An Azure resource; the id is its full resource id. */
export interface ResourceRecord extends Identified {
  readonly name: string;
  readonly type: string;
  readonly location: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The id is the role definition's GUID. */
export interface RoleDefinitionRecord extends Identified {
  readonly roleName: string;
  readonly description: string;
  readonly type: "BuiltInRole" | "CustomRole";
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  readonly assignableScopes: readonly string[];
  readonly createdOn: string;
  readonly updatedOn: string;
}

/** The id is the full resource id in lower case. */
export interface RoleAssignmentRecord extends Identified {
  readonly name: string;
  /** As the caller wrote it. */
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly description: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly createdBy: string;
  readonly updatedBy: string;
}

/** One version of a key vault secret. */
export interface VaultSecretVersion {
  /** 32 hexadecimal digits. */
  readonly version: string;
  /** The value, encrypted with a key that is not part of the state. */
  readonly sealedValue: string;
  readonly contentType: string | null;
  readonly enabled: boolean;
  /** Seconds since 1970, as are the other times. */
  readonly notBefore: number | null;
  readonly expires: number | null;
  readonly created: number;
  readonly updated: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A secret of a key vault, oldest version first. The id is its resource id in lower case. */
export interface VaultSecretRecord extends Identified {
  readonly name: string;
  readonly vaultId: string;
  readonly versions: readonly VaultSecretVersion[];
  /** When it was deleted, in seconds since 1970; null while it is not. */
  readonly deleted: number | null;
}

/** One version of a key vault key: an RSA key pair. */
export interface VaultKeyVersion {
  /** 32 hexadecimal digits. */
  readonly version: string;
  /** The private key in PEM (PKCS #8), encrypted with a key that is not part of the state. */
  readonly sealedKey: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** A key of a key vault, oldest version first. The id is its resource id in lower case. */
export interface VaultKeyRecord extends Identified {
  readonly name: string;
  readonly vaultId: string;
  readonly versions: readonly VaultKeyVersion[];
}

/** One stored DICOM instance; the id is its SOP instance UID within the partition of the service. */
export interface DicomInstanceRecord extends Identified {
  /** Resource id of the DICOM service, lower case. */
  readonly serviceId: string;
  /** Data partition; absent of the default one, in which everything lies of a service without partitions. */
  readonly partition?: string;
  /** Attributes in the DICOM JSON model, pixel data left out. */
  readonly attributes: DicomAttributes;
  /** The stored file in base64; absent of the studies that every service is made with, whose files follow from their attributes. */
  readonly file?: string;
}

/** An entry of a DICOM service's change feed; the id is its number within the service. */
export interface DicomChangeRecord extends Identified {
  /** Resource id of the DICOM service, lower case. */
  readonly serviceId: string;
  /** Counts from 1 within the service. */
  readonly sequence: number;
  readonly partition: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly action: "create" | "delete";
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
}

/** Attributes in the DICOM JSON model, by eight hexadecimal digits of the tag. */
export type DicomAttributes = Readonly<
  Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>
>;

/** The tenant's default policy on the credentials of applications; one record. */
export type PolicyRecord = Identified & {
  readonly isEnabled: boolean;
  readonly displayName: string;
  readonly description: string;
  readonly applicationRestrictions: PolicyRestrictions;
  readonly servicePrincipalRestrictions: PolicyRestrictions;
};

/** A policy that can be assigned to applications and service principals. */
export interface AssignedPolicy extends Identified {
  readonly displayName: string;
  /** Ids of the objects that it is assigned to; absent: none. */
  readonly objectIds?: readonly string[];
}

/** A policy on credentials for the applications and service principals that it is assigned to. */
export interface AppManagementPolicyRecord extends AssignedPolicy {
  readonly isEnabled: boolean;
  readonly description: string;
  readonly restrictions: PolicyRestrictions;
}

/** The policies on tokens and sign-in, by what Microsoft Graph calls their collections. */
export const tokenPolicyKinds = [
  "claimsMappingPolicies",
  "homeRealmDiscoveryPolicies",
  "tokenIssuancePolicies",
  "tokenLifetimePolicies",
] as const;
export type TokenPolicyKind = (typeof tokenPolicyKinds)[number];

/** A policy on tokens or sign-in. It is kept and assigned; the tokens of this tenant do not follow it. */
export interface TokenPolicyRecord extends AssignedPolicy {
  readonly kind: TokenPolicyKind;
  readonly description: string | null;
  /** One text in JSON. */
  readonly definition: readonly string[];
  readonly isOrganizationDefault: boolean;
}

export interface PolicyRestrictions {
  readonly passwordCredentials: readonly PolicyRestriction[];
  readonly keyCredentials: readonly PolicyRestriction[];
}

export interface PolicyRestriction {
  readonly restrictionType: string;
  /** ISO 8601 duration, for example `P180D`. */
  readonly maxLifetime: string | null;
  /** Applies to applications made from then on; null for all. */
  readonly restrictForAppsCreatedAfterDateTime: string | null;
  readonly state: string;
  /** Callers to whom the restriction does not apply; absent or null: none. */
  readonly excludeActors?: ActorExemptions | null;
}

/** Exempts callers that have one of these values in a custom security attribute. */
export interface ActorExemptions {
  readonly customSecurityAttributes: readonly ActorExemption[];
}

export interface ActorExemption {
  /** Attribute set and attribute, as in `AttributeSetName_AttributeName`. */
  readonly id: string;
  readonly operator: string;
  readonly value: string | null;
}

/** When a secret or certificate was signed in with. The id is its key id. */
export interface SignInRecord extends Identified {
  readonly appId: string;
  readonly appObjectId: string;
  readonly servicePrincipalId: string;
  /** The object that the credential lies on. */
  readonly origin: "application" | "servicePrincipal";
  readonly keyType: "clientSecret" | "certificate";
  readonly createdDateTime: string;
  readonly expirationDateTime: string;
  /** At most one a UTC hour, oldest first; as far back as a report may be late. */
  readonly uses: readonly SignInUse[];
}

/** One sign-in with a credential. */
export interface SignInUse {
  readonly at: string;
  readonly requestId: string;
  /** Id of the service principal that the token is for. */
  readonly resourceId: string;
}

/** Settings of this sandbox; one record, id `settings`. */
export interface SettingsRecord extends Identified {
  /** Milliseconds that the tenant's time is ahead of the given clock. */
  readonly clockOffset: number;
  /** How long the DICOM services remember a decision about a caller, in seconds. */
  readonly dicomRoleCacheSeconds: number;
  /** How many objects a caller without a directory role may create. */
  readonly objectQuota: number;
  /** How many objects the directory may hold. */
  readonly directoryQuota: number;
  /**
   * What permissions count about which documentation contradicts itself: `strict` those that no source denies, `lenient` all that
   * some source names.
   */
  readonly contestedPermissions: "strict" | "lenient";
  /** How long it takes until the report on credentials shows a sign-in, in seconds. */
  readonly signInReportDelaySeconds: number;
}

/** Every table of the tenant with its record type. */
export interface Records {
  readonly users: UserRecord;
  readonly applications: ApplicationRecord;
  readonly servicePrincipals: ServicePrincipalRecord;
  readonly grants: GrantRecord;
  readonly appRoleAssignments: AppRoleAssignmentRecord;
  readonly deletedItems: DeletedItemRecord;
  readonly resourceProviders: ResourceProviderRecord;
  readonly resources: ResourceRecord;
  readonly roleDefinitions: RoleDefinitionRecord;
  readonly roleAssignments: RoleAssignmentRecord;
  readonly vaultSecrets: VaultSecretRecord;
  readonly vaultKeys: VaultKeyRecord;
  readonly dicomInstances: DicomInstanceRecord;
  readonly dicomChanges: DicomChangeRecord;
  readonly policies: PolicyRecord;
  readonly appManagementPolicies: AppManagementPolicyRecord;
  readonly signIns: SignInRecord;
  readonly tokenPolicies: TokenPolicyRecord;
  readonly settings: SettingsRecord;
}
