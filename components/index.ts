export type * from "./clientArgs";
export { completeDicomApi, type DicomApi } from "./dicomApi";
export { type ClientNodes, DicomServiceClient } from "./dicomServiceClient";
export { readTenantContext } from "./tenantContext";
