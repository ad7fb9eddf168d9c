import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

/** The values of secrets are encrypted in the state. */
export const secretOutput = resourcePolicy(
  {
    name: "secret-output",
    displayName: "Secret values are secret",
    description: "The value of every client secret is encrypted in the state and masked in output.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      'Declare the secret with an azuread SDK that marks its value, or add additionalSecretOutputs: ["value"] to its options.',
    url: "https://www.pulumi.com/docs/iac/concepts/options/additionalsecretoutputs/",
    tags: ["credentials"],
    config: {},
  },
  ofType(types.applicationPassword, types.servicePrincipalPassword),
  ({ options }, _config, report) => {
    if (!options.additionalSecretOutputs.includes("value")) {
      report('Its value is not marked as secret; add additionalSecretOutputs: ["value"].');
    }
  },
);
