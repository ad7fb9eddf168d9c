import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";
import { productionStacks } from "../pack/stacks";
import { isStackIn } from "../pack/urn";

/** A slip does not delete a client in production. */
export const protection = resourcePolicy(
  {
    name: "protection",
    displayName: "Protected in production",
    description: "Applications and service principals in production are protected from deletion.",
    severity: "medium",
    enforcementLevel: "mandatory",
    remediationSteps: "Set protect: true on the client, or on the resource's options.",
    url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    tags: ["structure", "production"],
    config: { productionStacks },
  },
  ofType(types.application, types.applicationRegistration, types.servicePrincipal),
  ({ urn, options }, config, report) => {
    if (isStackIn(urn, config.productionStacks) && !options.protect) {
      report("It is not protected, so pulumi destroy deletes it; set protect: true.");
    }
  },
);
