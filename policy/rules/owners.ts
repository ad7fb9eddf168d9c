import { z } from "zod";
import { listOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";
import { productionStacks } from "../pack/stacks";
import { isStackIn } from "../pack/urn";

/** Somebody answers for every client. */
export const owners = resourcePolicy(
  {
    name: "owners",
    displayName: "Owners",
    description: "Every application and service principal has an owner, and in production a second one.",
    severity: "medium",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Name object ids of users or service principals under owners. The component adds the deploying identity.",
    url: "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
    tags: ["structure", "production"],
    config: {
      productionStacks,
      productionOwners: z
        .int()
        .min(1)
        .max(100)
        .default(2)
        .describe("How many owners an application or service principal has at least in production."),
    },
  },
  ofType(types.application, types.servicePrincipal),
  ({ urn, properties }, config, report) => {
    const least = isStackIn(urn, config.productionStacks) ? config.productionOwners : 1;
    const count = new Set(listOf(properties, "owners").map((owner) => String(owner).toLowerCase())).size;
    if (count < least) {
      report(
        least === 1
          ? "It has no owner; name one under owners."
          : `It has ${count === 1 ? "1 owner" : `${count} owners`}, but ${least} are required in production; name more under owners.`,
      );
    }
  },
);
