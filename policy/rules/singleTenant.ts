import { isSet, textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

const thisTenant = "AzureADMyOrg";

/** Clients are known in one tenant only. */
export const singleTenant = resourcePolicy(
  {
    name: "single-tenant",
    displayName: "Single tenant",
    description: "An application can sign in only to its own tenant.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps: `Set signInAudience to ${thisTenant}, or leave it out.`,
    url: "https://learn.microsoft.com/azure/healthcare-apis/register-application",
    tags: ["sign-in"],
    config: {},
  },
  ofType(types.application, types.applicationRegistration),
  ({ properties }, _config, report) => {
    const audience = textOf(properties, "signInAudience");
    if (audience !== undefined && audience !== thisTenant) {
      report(`Its signInAudience is ${audience}; write ${thisTenant}.`);
    }
  },
  // The property of the provider's first releases.
  ({ properties }, _config, report) => {
    if (isSet(properties, "availableToOtherTenants")) {
      report("Its availableToOtherTenants is true; remove it.");
    }
  },
);
