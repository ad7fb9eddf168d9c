import assert from "node:assert/strict";
import { types } from "../../policy/pack/resourceTypes";
import { credentialEndDatePolicy } from "../../policy/rules/credentialEndDate";
import { hiddenCredentials } from "../../policy/rules/hiddenCredentials";
import { secretlessStacks } from "../../policy/rules/secretlessStacks";
import { secretOutput } from "../../policy/rules/secretOutput";
import { secretRotation } from "../../policy/rules/secretRotation";
import { examine, passed, unknownText, violated } from "./examine";

const password = { type: types.applicationPassword };
const certificate = { type: types.applicationCertificate };

describe("policies on credentials", () => {
  describe("credential-end-date", () => {
    const policy = credentialEndDatePolicy(() => new Date("2026-11-24T09:00:00Z"));
    const ending = (endDate: string): object => ({ props: { endDate } });

    it("accepts ends up to the last allowed instant, and ends in the past", async () => {
      for (const endDate of ["2027-05-22T00:00:00Z", "2027-05-23T09:00:00Z", "2025-01-01T00:00:00Z"]) {
        assert.deepEqual(await examine(policy, { ...password, ...ending(endDate) }), passed);
      }
      assert.deepEqual(await examine(policy, { ...certificate, ...ending("2027-11-24T09:00:00Z") }), passed);
    });

    it("objects to an end that is too far away, by the baseline's id", async () => {
      assert.deepEqual(
        await examine(policy, { ...password, ...ending("2027-05-23T09:00:01Z") }),
        violated(
          "It ends on 2027-05-23T09:00:01Z, which is more than 180 days from now (CISA SCuBA MS.AAD.5.6v1: 180 days); choose an earlier end date.",
        ),
      );
      assert.deepEqual(
        await examine(policy, { ...certificate, ...ending("2027-11-24T09:00:01Z") }),
        violated(
          "It ends on 2027-11-24T09:00:01Z, which is more than 365 days from now (CISA SCuBA MS.AAD.5.7v1: 365 days); choose an earlier end date.",
        ),
      );
    });

    it("judges the whole life of a credential whose start is written, wherever today is in it", async () => {
      const living = (startDate: string, endDate: string): object => ({ props: { startDate, endDate } });
      assert.deepEqual(
        await examine(policy, { ...password, ...living("2026-09-01T00:00:00Z", "2027-02-28T00:00:00Z") }),
        passed,
      );
      assert.deepEqual(
        await examine(policy, { ...password, ...living("2025-01-01T00:00:00Z", "2026-12-31T00:00:00Z") }),
        violated(
          "It ends on 2026-12-31T00:00:00Z, which is more than 180 days after its start (CISA SCuBA MS.AAD.5.6v1: 180 days); choose an earlier end date.",
        ),
      );
      // It is born later, so it lives 180 days, but it is known for longer.
      assert.deepEqual(
        await examine(policy, { ...password, ...living("2027-01-01T00:00:00Z", "2027-06-30T00:00:00Z") }),
        violated(
          "It ends on 2027-06-30T00:00:00Z, which is more than 180 days from now; choose an earlier end date.",
        ),
      );
      assert.deepEqual(
        await examine(policy, { ...password, ...living("soon", "later") }),
        violated(
          'Its endDate "later" is not a point in time; write it like "2027-05-22T00:00:00Z".',
          'Its startDate "soon" is not a point in time; write it like "2027-05-22T00:00:00Z".',
        ),
      );
    });

    it("knows the credentials of other spellings of the provider", async () => {
      for (const type of [
        "azuread:index:ApplicationPassword",
        "azure:ad/applicationPassword:ApplicationPassword",
      ]) {
        assert.equal(
          (await examine(policy, { type, ...ending("2099-01-01T00:00:00Z") })).violations.length,
          1,
        );
      }
    });

    it("objects to a credential without an end", async () => {
      const violation =
        "It has no endDate, so Entra chooses one; set one at most 180 days from now (CISA SCuBA MS.AAD.5.6v1: 180 days).";
      assert.deepEqual(await examine(policy, { ...password, props: {} }), violated(violation));
      assert.deepEqual(
        await examine(policy, { ...password, props: { endDateRelative: "240h" } }),
        violated(`${violation} endDateRelative is deprecated and is not a replacement.`),
      );
    });

    it("objects to what is no instant", async () => {
      assert.deepEqual(
        await examine(policy, { ...password, ...ending("next year") }),
        violated('Its endDate "next year" is not a point in time; write it like "2027-05-22T00:00:00Z".'),
      );
    });

    it("takes other limits", async () => {
      const config = { maximumSecretDays: 90, maximumCertificateDays: 30 };
      for (const [resource, days] of [
        [password, 90],
        [certificate, 30],
      ] as const) {
        assert.deepEqual(
          await examine(policy, { ...resource, ...ending("2027-05-22T00:00:00Z") }, config),
          violated(
            `It ends on 2027-05-22T00:00:00Z, which is more than ${days} days from now; choose an earlier end date.`,
          ),
        );
      }
    });

    it("waits for an end that a preview does not know", async () => {
      assert.deepEqual(await examine(policy, { ...password, ...ending(unknownText) }), {
        violations: [],
        notYet: ["string value at .endDate can't be known during preview"],
      });
    });
  });

  describe("secret-rotation", () => {
    const rotating = { ...password, props: { rotateWhenChanged: { reissue: "0" } } };

    it("accepts a secret with a trigger", async () => {
      assert.deepEqual(await examine(secretRotation, rotating), passed);
      assert.deepEqual(
        await examine(secretRotation, { ...rotating, opts: { ignoreChanges: ["displayName"] } }),
        passed,
      );
    });

    it("objects to one without", async () => {
      for (const props of [{}, { rotateWhenChanged: {} }]) {
        assert.deepEqual(
          await examine(secretRotation, { ...password, props }),
          violated(
            "It has no rotateWhenChanged, so a leaked secret cannot be replaced; give it a value that you can change.",
          ),
        );
      }
    });

    it("objects to a schedule that is ignored", async () => {
      for (const [ignoreChanges, named] of [
        [["endDate"], "endDate"],
        [["displayName", "endDate", "rotateWhenChanged.reissue"], "endDate and rotateWhenChanged.reissue"],
        [["*"], "*"],
      ] as const) {
        assert.deepEqual(
          await examine(secretRotation, { ...rotating, opts: { ignoreChanges: [...ignoreChanges] } }),
          violated(`Its ignoreChanges names ${named}, so it never rotates; remove that.`),
        );
      }
    });

    it("accepts a trigger whose value a preview does not know, and waits for one that it does not know at all", async () => {
      assert.deepEqual(
        await examine(secretRotation, {
          ...password,
          props: { rotateWhenChanged: { reissue: unknownText } },
        }),
        passed,
      );
      assert.deepEqual(
        await examine(secretRotation, {
          ...password,
          props: { rotateWhenChanged: unknownText },
          opts: { ignoreChanges: ["endDate"] },
        }),
        {
          violations: ["Its ignoreChanges names endDate, so it never rotates; remove that."],
          notYet: ["string value at .rotateWhenChanged can't be known during preview"],
        },
      );
    });
  });

  describe("secret-output", () => {
    it("accepts a value that is marked as secret, known or not", async () => {
      const opts = { additionalSecretOutputs: ["value"] };
      assert.deepEqual(
        await examine(secretOutput, { ...password, opts, props: { value: unknownText } }),
        passed,
      );
    });

    it("objects to a value that is not", async () => {
      for (const type of [types.applicationPassword, types.servicePrincipalPassword]) {
        assert.deepEqual(
          await examine(secretOutput, { type, opts: { additionalSecretOutputs: ["keyId"] } }),
          violated('Its value is not marked as secret; add additionalSecretOutputs: ["value"].'),
        );
      }
    });
  });

  describe("secretless-stacks", () => {
    const config = { stacks: ["prod", "eu-*"] };

    it("accepts secrets where none are forbidden", async () => {
      assert.deepEqual(await examine(secretlessStacks, { ...password, stack: "prod" }), passed);
      assert.deepEqual(await examine(secretlessStacks, { ...password, stack: "dev" }, config), passed);
      assert.deepEqual(await examine(secretlessStacks, { ...certificate, stack: "prod" }, config), passed);
    });

    it("objects to a secret in a stack that is to have none, also before it is known", async () => {
      for (const stack of ["prod", "eu-north"]) {
        assert.deepEqual(
          await examine(
            secretlessStacks,
            { ...password, stack, props: { applicationId: unknownText } },
            config,
          ),
          violated(
            `It is a client secret, but the stack ${stack} must have none (CISA SCuBA MS.AAD.5.5v1); use a federated credential or a certificate.`,
          ),
        );
      }
    });

    it("objects to the other two kinds of secret, too", async () => {
      const ending =
        "a client secret, but the stack prod must have none (CISA SCuBA MS.AAD.5.5v1); use a federated credential or a certificate.";
      assert.deepEqual(
        await examine(secretlessStacks, { type: types.servicePrincipalPassword, stack: "prod" }, config),
        violated(`It is ${ending}`),
      );
      const inline = { type: types.application, stack: "prod" };
      assert.deepEqual(
        await examine(secretlessStacks, { ...inline, props: { password: { displayName: "a" } } }, config),
        violated(`It has ${ending}`),
      );
      assert.deepEqual(await examine(secretlessStacks, inline, config), passed);
    });

    it("objects to certificates and secrets where federation is demanded, and to no federated credential", async () => {
      const federation = { federationStacks: ["prod"] };
      for (const type of [types.applicationCertificate, types.servicePrincipalCertificate]) {
        assert.deepEqual(
          await examine(secretlessStacks, { type, stack: "prod" }, federation),
          violated(
            "It is a certificate, but clients of the stack prod sign in with federated credentials alone; use runsOn or federatedCredentials.",
          ),
        );
        assert.deepEqual(await examine(secretlessStacks, { type, stack: "dev" }, federation), passed);
      }
      assert.notDeepEqual(
        await examine(secretlessStacks, { ...password, stack: "prod" }, federation),
        passed,
      );
      assert.deepEqual(
        await examine(secretlessStacks, { type: types.federatedCredential, stack: "prod" }, federation),
        passed,
      );
    });
  });

  describe("hidden-credentials", () => {
    it("accepts credentials of the application", async () => {
      for (const resource of [
        password,
        certificate,
        { type: types.application, props: { displayName: unknownText } },
      ]) {
        assert.deepEqual(await examine(hiddenCredentials, resource), passed);
      }
    });

    it("objects to credentials of the service principal", async () => {
      for (const type of [
        types.servicePrincipalPassword,
        types.servicePrincipalCertificate,
        // Graph adds a pair of keys and a password to the service principal.
        "azuread:index/servicePrincipalTokenSigningCertificate:ServicePrincipalTokenSigningCertificate",
      ]) {
        assert.deepEqual(
          await examine(hiddenCredentials, { type, props: { servicePrincipalId: unknownText } }),
          violated(
            "It is a credential of the service principal, which the portal does not show; declare one of the application instead.",
          ),
        );
      }
    });

    it("objects to a secret among the certificates", async () => {
      assert.deepEqual(
        await examine(hiddenCredentials, { ...certificate, props: { type: "Symmetric" } }),
        violated(
          "It is a symmetric key, a secret among the certificates; declare an ApplicationPassword or a certificate instead.",
        ),
      );
    });

    it("objects to a password inside the application, and waits for one that is not known", async () => {
      assert.deepEqual(
        await examine(hiddenCredentials, {
          type: types.application,
          props: { password: { displayName: "inline" } },
        }),
        violated(
          "Its password is part of the application, where it cannot rotate; declare an ApplicationPassword instead.",
        ),
      );
      assert.deepEqual(
        await examine(hiddenCredentials, { type: types.application, props: { password: unknownText } }),
        { violations: [], notYet: ["string value at .password can't be known during preview"] },
      );
    });
  });
});
