export { commandLine } from "./commandLine";
export { Administrator } from "./portal/administrator";
export { grantAppRole, removeAppRole } from "./portal/appRoles";
export {
  assignAzureRole,
  azureRolesAt,
  removeRoleAssignment,
  type RoleAssignment,
} from "./portal/azureRoles";
export { findServicePrincipal } from "./portal/directory";
export { findApplication } from "./portal/findApplication";
export { addOwner } from "./portal/owners";
export type { ActionValues } from "./portal/portalAction";
export { portalActions } from "./portal/portalActions";
export { registerApplication, type RegisteredApplication } from "./portal/registerApplication";
export { addSecret, removeSecret } from "./portal/secrets";
export { type Engine, startEngine } from "./runner/engine";
export { chooseLanguageHost } from "./runner/languageHosts";
export { type PlainCliContext, startPlainCli } from "./runner/plainCli";
export {
  chooseProviders,
  type ChosenProvider,
  type ProviderChoice,
  userPulumiHome,
} from "./runner/providers";
export type { QuickStack } from "./runner/quickStack";
export { SandboxError } from "./runner/sandboxError";
export { SandboxFolder } from "./runner/sandboxFolder";
export { type Session, type SessionOptions, withSession } from "./runner/session";
export { recoverState } from "./runner/stateRecovery";
export { freePort, reachTenant, startOnSamePort } from "./runner/tenantAccess";
export { clearUserSettings } from "./runner/userSettings";
export { findProject, type Project, stackName } from "./runner/project";
export { prepareWorkspace } from "./runner/workspace";
export { HttpClient, type HttpMethod } from "./standIn/http/httpClient";
export { connectTenant } from "./tenant/connect";
export { makeCertificates } from "./tenant/core/certificates";
export type { Clock } from "./tenant/core/clock";
export type { FaultEffect } from "./tenant/core/faults";
export { applicationBodySchema } from "./tenant/domain/applicationProperties";
export { builtInRoleIds } from "./tenant/domain/builtInRoles";
export { firstPartyAppIds } from "./tenant/domain/firstPartyApplications";
export { matchesSecret, randomSecret } from "./tenant/domain/passwords";
export { grantId } from "./tenant/domain/relationIds";
export { defaultServicePrincipalProperties } from "./tenant/domain/servicePrincipalProperties";
export { seed, seedResourceIds } from "./tenant/seed";
export type { Snapshot } from "./tenant/state/directory";
export type { ApplicationRecord, Identified, ServicePrincipalRecord } from "./tenant/state/records";
export { readSnapshot, writeSnapshot } from "./tenant/state/snapshotFile";
export { vaultUri } from "./tenant/surfaces/dataPlaneAddresses";
export { startTenant, type Tenant, TenantError } from "./tenant/tenant";
export { executableOnPath } from "./toolchain/executableOnPath";
export { pinnedVersion } from "./toolchain/pinnedVersion";
export { ensurePulumiCli, installationRoot, type PulumiCli } from "./toolchain/pulumiCli";
export { ToolchainError } from "./toolchain/toolchainError";
