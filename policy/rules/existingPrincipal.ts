import { isSet } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

/** A stack does not take over, and so never deletes, a service principal that was there before. */
export const existingPrincipal = resourcePolicy(
  {
    name: "existing-principal",
    displayName: "No adopted service principals",
    description:
      "A service principal that exists already, such as the DICOM service's, is read and never managed.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Read the service principal with azuread.getServicePrincipal. With useExisting, pulumi destroy deletes it for the whole tenant.",
    url: "https://github.com/pulumi/pulumi-azuread/issues/2045",
    tags: ["structure"],
    config: {},
  },
  ofType(types.servicePrincipal),
  ({ properties }, _config, report) => {
    if (isSet(properties, "useExisting")) {
      report("Its useExisting is true, so pulumi destroy deletes what others use; read it instead.");
    }
  },
);
