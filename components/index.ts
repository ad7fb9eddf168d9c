export { DicomServiceClient, type DicomServiceClientArgs } from "./dicomServiceClient";
export type { AccessArgs } from "./access";
export type { DicomApiArgs } from "./dicomApi";
export type { SecretScheduleArgs } from "./secretSchedule";
export type { TenantContext } from "./tenantContext";
