import { isSet, listOf, objectOf } from "../pack/properties";
import { type Check, ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

const noRedirects = (platform: string): Check<Record<never, never>> => {
  return ({ type, properties }, _config, report) => {
    if (type === types.application && listOf(objectOf(properties, platform), "redirectUris").length > 0) {
      report(`Its ${platform}.redirectUris is not empty; a service client has no reply URL.`);
    }
  };
};

/** Nobody signs in to a service client. */
export const userSignIn = resourcePolicy(
  {
    name: "user-sign-in",
    displayName: "No sign-in of users",
    description: "A service client has no redirect URI, no implicit grant and no public client flow.",
    severity: "medium",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Remove redirect URIs, implicit grants and public client flows. Use a separate application for user sign-in.",
    url: "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
    tags: ["sign-in"],
    config: {},
  },
  ofType(types.application, types.applicationRegistration, types.redirectUris, types.fallbackPublicClient),
  noRedirects("web"),
  noRedirects("singlePageApplication"),
  noRedirects("publicClient"),
  // The properties of the provider's first releases.
  ({ properties }, _config, report) => {
    if (listOf(properties, "replyUrls").length > 0) {
      report("Its replyUrls is not empty; a service client has no reply URL.");
    }
  },
  ({ properties }, _config, report) => {
    for (const key of ["oauth2AllowImplicitFlow", "publicClient"]) {
      if (isSet(properties, key)) {
        report(`Its ${key} is true; remove that.`);
      }
    }
  },
  ({ type }, _config, report) => {
    if (type === types.redirectUris) {
      report("It gives an application redirect URIs; a service client has no reply URL.");
    }
  },
  ({ type, properties }, _config, report) => {
    const implicit =
      type === types.application
        ? ["accessTokenIssuanceEnabled", "idTokenIssuanceEnabled"].filter((key) =>
            isSet(objectOf(objectOf(properties, "web"), "implicitGrant"), key),
          )
        : ["implicitAccessTokenIssuanceEnabled", "implicitIdTokenIssuanceEnabled"].filter((key) =>
            isSet(properties, key),
          );
    if (implicit.length > 0) {
      report(`It allows the implicit grant through ${implicit.join(" and ")}; remove that.`);
    }
  },
  ({ type, properties }, _config, report) => {
    const key = type === types.fallbackPublicClient ? "enabled" : "fallbackPublicClientEnabled";
    if (isSet(properties, key)) {
      report(`It allows public client flows through ${key}; remove that.`);
    }
  },
);
