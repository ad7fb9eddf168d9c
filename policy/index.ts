import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

new PolicyPack("dicom-service-client-policies", {
  displayName: "DICOM service clients",
  provider: "azuread",
  policies,
});
