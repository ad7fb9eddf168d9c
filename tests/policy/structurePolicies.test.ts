import assert from "node:assert/strict";
import { types } from "../../policy/pack/resourceTypes";
import { clientComponent } from "../../policy/rules/clientComponent";
import { existingPrincipal } from "../../policy/rules/existingPrincipal";
import { owners } from "../../policy/rules/owners";
import { protection } from "../../policy/rules/protection";
import { uniqueName } from "../../policy/rules/uniqueName";
import { examine, passed, unknownText, violated } from "./examine";

const application = { type: types.application };
const principal = { type: types.servicePrincipal };

describe("policies on the structure of a stack", () => {
  describe("client-component", () => {
    it("accepts what the component declares, however deep", async () => {
      assert.deepEqual(await examine(clientComponent, application), passed);
      const ancestors = ["contoso:index:Gateway", "dicom-service-client:index:DicomServiceClient"];
      assert.deepEqual(await examine(clientComponent, { ...application, ancestors }), passed);
    });

    it("objects to any azuread resource outside of the component", async () => {
      const violation = violated(
        "It is declared outside of dicom-service-client:index:DicomServiceClient; let that component declare it.",
      );
      assert.deepEqual(await examine(clientComponent, { ...application, ancestors: [] }), violation);
      assert.deepEqual(
        await examine(clientComponent, {
          type: "azuread:index/group:Group",
          ancestors: ["contoso:index:Team"],
        }),
        violation,
      );
    });

    it("says nothing of other providers, and of the component itself", async () => {
      for (const type of [
        "azure-native:storage:StorageAccount",
        "dicom-service-client:index:DicomServiceClient",
      ]) {
        assert.deepEqual(await examine(clientComponent, { type, ancestors: [] }), passed);
      }
    });

    it("lets other components be configured", async () => {
      const resource = { ...application, ancestors: ["contoso:index:Gateway"] };
      const config = { components: ["contoso:index:Gateway", "contoso:index:Viewer"] };
      assert.deepEqual(await examine(clientComponent, resource, config), passed);
      assert.deepEqual(
        await examine(clientComponent, { ...application, ancestors: [] }, config),
        violated(
          "It is declared outside of contoso:index:Gateway and contoso:index:Viewer; let that component declare it.",
        ),
      );
    });
  });

  describe("existing-principal", () => {
    it("accepts a service principal of the stack's own", async () => {
      assert.deepEqual(
        await examine(existingPrincipal, { ...principal, props: { clientId: unknownText } }),
        passed,
      );
      assert.deepEqual(
        await examine(existingPrincipal, { ...principal, props: { useExisting: false } }),
        passed,
      );
    });

    it("objects to one that existed before", async () => {
      assert.deepEqual(
        await examine(existingPrincipal, { ...principal, props: { useExisting: true } }),
        violated("Its useExisting is true, so that a destroy deletes what others use; read it instead."),
      );
    });

    it("waits for what a preview does not know", async () => {
      const { violations, notYet } = await examine(existingPrincipal, {
        ...principal,
        props: { useExisting: unknownText },
      });
      assert.deepEqual(violations, []);
      assert.deepEqual(notYet, ["string value at .useExisting can't be known during preview"]);
    });
  });

  describe("owners", () => {
    const owned = (...ids: readonly string[]): object => ({ props: { owners: ids } });

    it("accepts one owner anywhere but in production", async () => {
      for (const resource of [application, principal]) {
        assert.deepEqual(await examine(owners, { ...resource, ...owned("a") }), passed);
      }
    });

    it("objects to nobody being the owner", async () => {
      for (const props of [{}, { owners: [] }]) {
        assert.deepEqual(
          await examine(owners, { ...principal, props }),
          violated("It has no owner; name one under owners."),
        );
      }
    });

    it("wants two owners in production, and counts nobody twice", async () => {
      const production = { ...application, stack: "prod" };
      assert.deepEqual(await examine(owners, { ...production, ...owned("a", "b") }), passed);
      for (const ids of [["a"], ["a", "A"]]) {
        assert.deepEqual(
          await examine(owners, { ...production, ...owned(...ids) }),
          violated("It has 1 owner, but 2 are wanted in production; name more under owners."),
        );
      }
    });

    it("takes other names of production and other numbers", async () => {
      const config = { productionStacks: ["live-*"], productionOwners: 3 };
      const violation = violated("It has 2 owners, but 3 are wanted in production; name more under owners.");
      assert.deepEqual(
        await examine(owners, { ...application, ...owned("a", "b"), stack: "live-eu" }, config),
        violation,
      );
      for (const stack of ["live", "not-live-eu", "prod"]) {
        assert.deepEqual(
          await examine(owners, { ...application, ...owned("a", "b"), stack }, config),
          passed,
        );
      }
    });

    it("waits for owners that a preview does not know", async () => {
      assert.deepEqual(await examine(owners, { ...application, ...owned("a", unknownText) }), {
        violations: [],
        notYet: ["string value at .owners.1 can't be known during preview"],
      });
    });
  });

  describe("protection", () => {
    it("accepts what is protected in production, and anything elsewhere", async () => {
      assert.deepEqual(await examine(protection, application), passed);
      assert.deepEqual(
        await examine(protection, { ...principal, stack: "production", opts: { protect: true } }),
        passed,
      );
    });

    it("objects to what is not protected in production", async () => {
      const violation = violated("It is not protected, so that a destroy deletes it; set protect: true.");
      for (const resource of [application, principal]) {
        assert.deepEqual(await examine(protection, { ...resource, stack: "prod" }), violation);
      }
      const config = { productionStacks: ["*"] };
      assert.deepEqual(await examine(protection, application, config), violation);
    });

    it("needs no property, so that a preview judges it as well", async () => {
      const props = { displayName: unknownText };
      assert.deepEqual(
        await examine(protection, { ...application, props, opts: { protect: true }, stack: "prod" }),
        passed,
      );
    });
  });

  describe("unique-name", () => {
    it("accepts an application that keeps its name to itself", async () => {
      assert.deepEqual(
        await examine(uniqueName, { ...application, props: { preventDuplicateNames: true } }),
        passed,
      );
    });

    it("objects to one that does not", async () => {
      for (const props of [{}, { preventDuplicateNames: false }]) {
        assert.deepEqual(
          await examine(uniqueName, { ...application, props }),
          violated(
            "Its preventDuplicateNames is not true, so that it may get the name of another application.",
          ),
        );
      }
    });

    it("waits for what a preview does not know", async () => {
      assert.deepEqual(
        await examine(uniqueName, { ...application, props: { preventDuplicateNames: unknownText } }),
        {
          violations: [],
          notYet: ["string value at .preventDuplicateNames can't be known during preview"],
        },
      );
    });
  });
});
