import { objectOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

const replacing = ["endDate", "rotateWhenChanged"];

/** Secrets can be re-minted by the program, and nothing freezes them. */
export const secretRotation = resourcePolicy(
  {
    name: "secret-rotation",
    displayName: "Secrets rotate",
    description: "Every client secret has a trigger that replaces it, and its schedule is not ignored.",
    severity: "medium",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Set rotateWhenChanged, and remove endDate and rotateWhenChanged from ignoreChanges. The component does both; increase secret.reissue to replace a secret.",
    url: "https://www.pulumi.com/registry/packages/azuread/api-docs/applicationpassword/",
    tags: ["credentials"],
    config: {},
  },
  ofType(types.applicationPassword),
  ({ properties }, _config, report) => {
    if (Object.keys(objectOf(properties, "rotateWhenChanged")).length === 0) {
      report(
        "It has no rotateWhenChanged, so a leaked secret cannot be replaced; give it a value that you can change.",
      );
    }
  },
  ({ options }, _config, report) => {
    const frozen = options.ignoreChanges.filter((path) =>
      replacing.some((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`)),
    );
    if (frozen.length > 0 || options.ignoreChanges.includes("*")) {
      report(
        `Its ignoreChanges names ${(frozen.length > 0 ? frozen : ["*"]).join(" and ")}, so it never rotates; remove that.`,
      );
    }
  },
);
