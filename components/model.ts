export { type Access, readAccess } from "./access";
export { applicationSettings } from "./application";
export { isGuid, parseDicomScope } from "./azureResourceId";
export { type CalendarDay, formatCalendarDay, formatMidnight, parseCalendarDay } from "./calendarDate";
export {
  canonicalPem,
  certificateEndDate,
  certificateEndProblem,
  certificateKey,
  certificateNameIn,
  certificateProblem,
  keyProblem,
  usableCertificateCommand,
} from "./certificate";
export { certificateName } from "./certificates";
export { type ChildKind, childKey, childName, children, componentType } from "./childNames";
export { equalAssignmentCure, importCommand, missingOwnerCure } from "./failedCreation";
export { identitiesCommand } from "./managedIdentity";
export { fulfils, isClaimLike, matchesClaims, parseClaimsMatching } from "./claimsMatching";
export type { ClientCertificate, DicomApiSettings } from "./clientArgs";
export { clientFields } from "./clientSchema";
export { type ConsentMode, defaultConsent } from "./consent";
export { completeDicomApi, type DicomApi, dicomServiceUrl, fhirClientId } from "./dicomApi";
export { isBuiltInRole, readRole } from "./dicomRole";
export { exchangeAudience, exchangeAudiences, publicExchangeAudience } from "./exchangeAudience";
export { apiKey, permissionClientId, permissionRequests } from "./permissionRequests";
export { type OutsideFact, outsideFacts } from "./outsideFacts";
export { jsonText, plainLines, plainText, yamlText } from "./plainText";
export { formatPath, type Problem, similarTo } from "./problem";
export { roleAssignmentName } from "./roleAssignmentName";
export { roleOwner } from "./uploaderRoleId";
export { endDateOf, maximumLifetimeDays, planSecrets, type SecretGeneration } from "./secretSchedule";
export {
  type ClientConfig,
  ConfigError,
  configKeys,
  type RawStackConfig,
  readStackConfig,
  type StackConfig,
} from "./stack/config";
export { servicePrincipalSettings } from "./servicePrincipal";
export { unknownKeyProblems } from "./stack/configKeys";
export { isMapping } from "./stack/mapping";
export { stackFileProblems } from "./stack/stackFile";
export { deletedVaultSecretProblem, missingVaultProblem, vaultElsewhereProblem } from "./vaultProblems";
export { uploaderDataActions } from "./uploaderRole";
export { parseVaultId } from "./vaultSecret";
