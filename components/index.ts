export { DicomServiceClient, type DicomServiceClientArgs } from "./dicomServiceClient";
export type { ClientAccess } from "./access";
export type { ClientCertificate } from "./certificate";
export { completeDicomApi, type DicomApi, type DicomApiSettings } from "./dicomApi";
export type { FederatedCredential } from "./federatedCredential";
export type { ApiPermission } from "./permission";
export type { SecretSchedule } from "./secretSchedule";
export { readTenantContext, type ResourceApi, type TenantContext } from "./tenantContext";
export type { SecretVault } from "./vault";
