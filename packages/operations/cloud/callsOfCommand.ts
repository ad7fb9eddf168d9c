import type { Call } from "./call";
import { calls } from "./calls";

/** The commands that need rights. */
export type CommandName = "audit" | "verify" | "adopt" | "init" | "rights --check";

/** The calls that each command makes; whatever it reads of APIs and roles on the way included. */
export const callsOfCommand: Readonly<Record<CommandName, readonly Call[]>> = {
  audit: [
    calls.application,
    calls.applicationsByClientId,
    calls.certificates,
    calls.applicationOwners,
    calls.federatedCredentials,
    calls.servicePrincipal,
    calls.servicePrincipalsByClientId,
    calls.servicePrincipalOwners,
    calls.consents,
    calls.appRoles,
    calls.memberships,
    calls.namesakes,
    calls.deletedApplications,
    calls.deletedApplicationsOfName,
    calls.subscriptions,
    calls.roleAssignmentsOfSubscription,
    calls.roleDefinition,
  ],
  verify: [
    calls.application,
    calls.certificates,
    calls.federatedCredentials,
    calls.roleAssignmentsOfPrincipal,
    calls.roleDefinition,
    calls.dicomService,
    calls.dicomServicesOfWorkspace,
    calls.vault,
    calls.vaultSecret,
  ],
  adopt: [
    calls.application,
    calls.applicationsByClientId,
    calls.applicationsByName,
    calls.allDeletedApplications,
    calls.certificates,
    calls.applicationOwners,
    calls.federatedCredentials,
    calls.servicePrincipal,
    calls.servicePrincipalsByClientId,
    calls.servicePrincipalOwners,
    calls.consents,
    calls.appRoles,
    calls.memberships,
    calls.deletedServicePrincipals,
    calls.subscriptions,
    calls.roleAssignmentsOfClient,
  ],
  init: [calls.subscriptions, calls.dicomServicesOfSubscription, calls.defaultAppManagementPolicy],
  "rights --check": [
    calls.application,
    calls.applicationOwners,
    calls.servicePrincipal,
    calls.servicePrincipalOwners,
    calls.appRoles,
    calls.roleAssignmentsOfPrincipal,
    calls.roleDefinition,
  ],
};
