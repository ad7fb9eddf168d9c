import { appRoleActions } from "./appRoles";
import { applicationActions } from "./applications";
import { azureRoleActions } from "./azureRoles";
import { certificateActions } from "./certificates";
import { consentActions } from "./consents";
import { directoryRoleActions } from "./directoryRoles";
import { federatedCredentialActions } from "./federatedCredentials";
import { ownerActions } from "./owners";
import { policyActions } from "./policies";
import { GivenValues, type ActionDefinition, type PortalAction } from "./portalAction";
import { registerActions } from "./registerApplication";
import { secretActions } from "./secrets";
import { servicePrincipalActions } from "./servicePrincipals";
import { tenantActions } from "./tenantActions";
import { workloadTokenActions } from "./workloadTokens";

const definitions: readonly ActionDefinition[] = [
  ...registerActions,
  ...applicationActions,
  ...servicePrincipalActions,
  ...secretActions,
  ...certificateActions,
  ...federatedCredentialActions,
  ...workloadTokenActions,
  ...ownerActions,
  ...consentActions,
  ...appRoleActions,
  ...directoryRoleActions,
  ...azureRoleActions,
  ...policyActions,
  ...tenantActions,
];

/** Everything that can be done at the portal, in the order in which the help lists it. */
export const portalActions: readonly PortalAction[] = definitions.map((action) => ({
  ...action,
  run: (portal, values) => action.run(new GivenValues(portal, values)),
}));
