import { isSet } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

/** Applications cannot be mistaken for one another. */
export const uniqueName = resourcePolicy(
  {
    name: "unique-name",
    displayName: "Unique display names",
    description: "An application is not created if another one has the same display name.",
    severity: "low",
    enforcementLevel: "mandatory",
    remediationSteps: "Set preventDuplicateNames to true.",
    url: "https://www.pulumi.com/registry/packages/azuread/api-docs/application/",
    tags: ["structure"],
    config: {},
  },
  ofType(types.application),
  ({ properties }, _config, report) => {
    if (!isSet(properties, "preventDuplicateNames")) {
      report("Its preventDuplicateNames is not true, so it can get the same name as another application.");
    }
  },
);
