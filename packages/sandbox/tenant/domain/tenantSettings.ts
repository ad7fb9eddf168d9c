import type { Directory } from "../state/directory";
import type { SettingsRecord } from "../state/records";

/**
 * The DICOM services of Azure remember decisions for up to five minutes; here they do not, unless told to, so that a change of roles
 * shows at once. For the same reason the report on the use of credentials is not late.
 */
export const defaultSettings: SettingsRecord = {
  id: "settings",
  clockOffset: 0,
  dicomRoleCacheSeconds: 0,
  objectQuota: 250,
  // Of a tenant without a verified domain of its own (learn.microsoft.com, Entra service limits and restrictions).
  directoryQuota: 50_000,
  contestedPermissions: "strict",
  signInReportDelaySeconds: 0,
};

/** The settings of this sandbox; what the state of an older version does not say is as by default. */
export function tenantSettings(directory: Directory): SettingsRecord {
  return { ...defaultSettings, ...directory.settings.get(defaultSettings.id) };
}
