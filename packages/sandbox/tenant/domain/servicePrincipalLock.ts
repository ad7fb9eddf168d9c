import type { Directory } from "../state/directory";
import { applicationByAppId } from "./directoryObjects";
import { badRequest } from "./directoryRefusals";

type LockedProperty = "keyCredentials" | "passwordCredentials" | "tokenEncryptionKeyId";

/**
 * Checks that the application's instance property lock lets a property of its service principal change (Microsoft Graph reference,
 * servicePrincipalLockConfiguration; code and text are reported in Azure/azure-cli, issue 28734). Every credential here is one for
 * sign-ins, whose usage is `Verify`.
 *
 * @param appId of the application
 * @throws Refusal when the property is locked
 */
export function checkNotLocked(directory: Directory, appId: string, property: LockedProperty): void {
  const lock = applicationByAppId(directory, appId)?.properties.servicePrincipalLockConfiguration;
  if (lock?.isEnabled !== true) return;
  const locked =
    property === "tokenEncryptionKeyId" ? lock.tokenEncryptionKeyId : lock.credentialsWithUsageVerify;
  if (lock.allProperties === true || locked === true) {
    throw badRequest(`Property ${property} is invalid.`, "CannotUpdateLockedServicePrincipalProperty");
  }
}
