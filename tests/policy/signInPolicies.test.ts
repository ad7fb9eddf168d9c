import assert from "node:assert/strict";
import { types } from "../../policy/pack/resourceTypes";
import { singleTenant } from "../../policy/rules/singleTenant";
import { userSignIn } from "../../policy/rules/userSignIn";
import { examine, passed, unknownText, violated } from "./examine";

const application = { type: types.application };
const registration = { type: types.applicationRegistration };

describe("policies on signing in", () => {
  describe("single-tenant", () => {
    it("accepts the own tenant, which is also the provider's default", async () => {
      for (const props of [{}, { signInAudience: "AzureADMyOrg" }]) {
        assert.deepEqual(await examine(singleTenant, { ...application, props }), passed);
      }
    });

    it("objects to any wider audience", async () => {
      for (const resource of [application, registration]) {
        assert.deepEqual(
          await examine(singleTenant, { ...resource, props: { signInAudience: "AzureADMultipleOrgs" } }),
          violated("Its signInAudience is AzureADMultipleOrgs; write AzureADMyOrg."),
        );
      }
    });

    it("objects to the property that the provider had before", async () => {
      assert.deepEqual(
        await examine(singleTenant, {
          type: "azure:ad/application:Application",
          props: { availableToOtherTenants: true },
        }),
        violated("Its availableToOtherTenants is true; remove it."),
      );
    });

    it("waits for an audience that a preview does not know", async () => {
      assert.deepEqual(
        await examine(singleTenant, { ...application, props: { signInAudience: unknownText } }),
        {
          violations: [],
          notYet: ["string value at .signInAudience can't be known during preview"],
        },
      );
    });
  });

  describe("user-sign-in", () => {
    it("accepts an application that nobody signs in to", async () => {
      const props = {
        web: { redirectUris: [], implicitGrant: { accessTokenIssuanceEnabled: false } },
        fallbackPublicClientEnabled: false,
      };
      for (const resource of [application, { ...application, props }, registration]) {
        assert.deepEqual(await examine(userSignIn, resource), passed);
      }
      assert.deepEqual(
        await examine(userSignIn, { type: types.fallbackPublicClient, props: { enabled: false } }),
        passed,
      );
    });

    it("objects to redirect URIs of every platform at once", async () => {
      const redirectUris = ["https://localhost"];
      const props = {
        web: { redirectUris },
        singlePageApplication: { redirectUris },
        publicClient: { redirectUris },
      };
      assert.deepEqual(
        await examine(userSignIn, { ...application, props }),
        violated(
          "Its web.redirectUris is not empty; a service client has no reply URL.",
          "Its singlePageApplication.redirectUris is not empty; a service client has no reply URL.",
          "Its publicClient.redirectUris is not empty; a service client has no reply URL.",
        ),
      );
      assert.deepEqual(
        await examine(userSignIn, { type: types.redirectUris, props: { applicationId: unknownText } }),
        violated("It gives an application redirect URIs; a service client has no reply URL."),
      );
    });

    it("objects to the implicit grant", async () => {
      const props = {
        web: { implicitGrant: { accessTokenIssuanceEnabled: true, idTokenIssuanceEnabled: true } },
      };
      assert.deepEqual(
        await examine(userSignIn, { ...application, props }),
        violated(
          "It allows the implicit grant through accessTokenIssuanceEnabled and idTokenIssuanceEnabled; remove that.",
        ),
      );
      assert.deepEqual(
        await examine(userSignIn, { ...registration, props: { implicitIdTokenIssuanceEnabled: true } }),
        violated("It allows the implicit grant through implicitIdTokenIssuanceEnabled; remove that."),
      );
    });

    it("objects to public client flows", async () => {
      assert.deepEqual(
        await examine(userSignIn, { ...application, props: { fallbackPublicClientEnabled: true } }),
        violated("It allows public client flows through fallbackPublicClientEnabled; remove that."),
      );
      assert.deepEqual(
        await examine(userSignIn, { type: types.fallbackPublicClient, props: { enabled: true } }),
        violated("It allows public client flows through enabled; remove that."),
      );
    });

    it("objects to the properties that the provider had before", async () => {
      const props = {
        replyUrls: ["https://localhost"],
        oauth2AllowImplicitFlow: true,
        publicClient: true,
      };
      assert.deepEqual(
        await examine(userSignIn, { type: "azure:ad/application:Application", props }),
        violated(
          "Its replyUrls is not empty; a service client has no reply URL.",
          "Its oauth2AllowImplicitFlow is true; remove that.",
          "Its publicClient is true; remove that.",
        ),
      );
    });

    it("judges the rest of what a preview does not know in part", async () => {
      const props = { web: { redirectUris: unknownText }, fallbackPublicClientEnabled: true };
      assert.deepEqual(await examine(userSignIn, { ...application, props }), {
        violations: ["It allows public client flows through fallbackPublicClientEnabled; remove that."],
        notYet: ["string value at .web.redirectUris can't be known during preview"],
      });
    });
  });
});
