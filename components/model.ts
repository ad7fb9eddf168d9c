export { type Access, readAccess } from "./access";
export { isGuid, parseDicomScope } from "./azureResourceId";
export { type CalendarDay, formatCalendarDay, formatMidnight, parseCalendarDay } from "./calendarDate";
export {
  certificateEndDate,
  certificateEndProblem,
  certificateProblem,
  type ClientCertificate,
} from "./certificate";
export { certificateName, clientShape } from "./clientSchema";
export { type ConsentMode, defaultConsent } from "./consent";
export {
  completeDicomApi,
  type DicomApi,
  type DicomApiSettings,
  dicomServiceUrl,
  fhirClientId,
} from "./dicomApi";
export { isBuiltInRole, readRole } from "./dicomRole";
export { defaultFederatedAudience } from "./federatedCredential";
export { permissionRequests } from "./permissionRequests";
export { formatPath } from "./problem";
export { roleAssignmentName } from "./roleAssignmentName";
export { endDateOf, maximumLifetimeDays, planSecrets, type SecretGeneration } from "./secretSchedule";
export {
  type ClientConfig,
  ConfigError,
  type RawStackConfig,
  readStackConfig,
  type StackConfig,
} from "./stack/config";
export { isMapping } from "./stack/mapping";
export { parseVaultId } from "./vault";
