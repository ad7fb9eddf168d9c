import type { Policies } from "@pulumi/policy";
import { azureRole, azureRoleScope, privilegedAzureRole } from "./rules/azureRole";
import { clientComponent } from "./rules/clientComponent";
import { customRole } from "./rules/customRole";
import { credentialEndDate } from "./rules/credentialEndDate";
import { existingPrincipal } from "./rules/existingPrincipal";
import { grantedPermissions } from "./rules/grantedPermissions";
import { hiddenCredentials } from "./rules/hiddenCredentials";
import { ownPrincipal } from "./rules/ownPrincipal";
import { owners } from "./rules/owners";
import { privilegedPermissions } from "./rules/privilegedPermissions";
import { protection } from "./rules/protection";
import { requestedPermissions } from "./rules/requestedPermissions";
import { secretlessStacks } from "./rules/secretlessStacks";
import { secretOutput } from "./rules/secretOutput";
import { secretRotation } from "./rules/secretRotation";
import { singleTenant } from "./rules/singleTenant";
import { uniqueName } from "./rules/uniqueName";
import { userSignIn } from "./rules/userSignIn";

/** Every policy of the pack, in the order of the documentation. */
export const policies: Policies = [
  clientComponent,
  existingPrincipal,
  owners,
  protection,
  uniqueName,
  credentialEndDate,
  secretRotation,
  secretOutput,
  secretlessStacks,
  hiddenCredentials,
  singleTenant,
  userSignIn,
  requestedPermissions,
  grantedPermissions,
  privilegedPermissions,
  ownPrincipal,
  azureRole,
  customRole,
  privilegedAzureRole,
  azureRoleScope,
];
export { PolicyConfigError } from "./pack/policyConfig";
