import { objectOf, textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

/** No credential sits where the portal does not show it or where it cannot rotate. */
export const hiddenCredentials = resourcePolicy(
  {
    name: "hidden-credentials",
    displayName: "No hidden credentials",
    description:
      "Credentials belong to the application, as resources of their own; the service principal has none.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Use ApplicationPassword, ApplicationCertificate, ApplicationFederatedIdentityCredential or ApplicationFlexibleFederatedIdentityCredential, as the component does.",
    url: "https://learn.microsoft.com/entra/architecture/security-operations-applications",
    tags: ["credentials"],
    config: {},
  },
  ofType(
    types.servicePrincipalPassword,
    types.servicePrincipalCertificate,
    types.tokenSigningCertificate,
    types.application,
    types.applicationCertificate,
  ),
  ({ type, properties }, _config, report) => {
    if (type === types.applicationCertificate) {
      if (textOf(properties, "type") === "Symmetric") {
        report(
          "It is a symmetric key, a secret among the certificates; declare an ApplicationPassword or a certificate instead.",
        );
      }
    } else if (type !== types.application) {
      report(
        "It is a credential of the service principal, which the portal does not show; declare one of the application instead.",
      );
    } else if (Object.keys(objectOf(properties, "password")).length > 0) {
      report(
        "Its password is part of the application, where it cannot rotate; declare an ApplicationPassword instead.",
      );
    }
  },
);
