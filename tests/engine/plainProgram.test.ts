import assert from "node:assert/strict";
import type { ResourceTransform } from "@pulumi/pulumi";
import { seedResourceIds } from "entra-sandbox";
import { TestSandbox } from "lab";
import type { DicomServiceClientArgs } from "../../components/clientArgs";
import { DicomServiceClient } from "../../components/dicomServiceClient";

const gateway: DicomServiceClientArgs = {
  displayName: "Gateway",
  access: [{ dicomService: seedResourceIds.dicomService }],
  secret: { from: "2026-11-23" },
  asOf: "2026-11-24",
};

describe("a program of its own that uses the component", function () {
  this.timeout(120_000);
  const sandbox = new TestSandbox();
  after(() => sandbox.remove());

  it("is told everything that is wrong with its arguments, without a stack trace", async () => {
    await sandbox.use(sandbox.configure({}), async ({ stack }) => {
      let said = "";
      const program = (): Promise<void> => {
        new DicomServiceClient("gateway", { ...gateway, displayName: "", access: [{ role: "writer" }] });
        return Promise.resolve();
      };
      await assert.rejects(stack.preview({ program, onOutput: (text) => (said += text) }));
      assert.match(said, /The DICOM service client "gateway" has 3 problems; nothing has been created/);
      assert.match(said, /^\s*displayName: must have 1 to 256 characters$/m);
      assert.match(said, /^\s*access\[0\]: needs either dicomService or workspace/m);
      assert.doesNotMatch(said, /^\s+at |InputPropertiesError|propertyPath/m);
    });
  });

  it("adjusts children by transforms, and reads them from nodes", async () => {
    const tagged: ResourceTransform = ({ type, props, opts }) =>
      type === "azuread:index/servicePrincipal:ServicePrincipal"
        ? { props: { ...props, notes: "Asked for by radiology" }, opts }
        : undefined;
    await sandbox.use(sandbox.configure({}), async ({ stack }) => {
      await stack.up({
        program: () => {
          const { nodes } = new DicomServiceClient("gateway", gateway, { transforms: [tagged] });
          return Promise.resolve({
            notes: nodes.servicePrincipal?.notes,
            roles: nodes.access.map(({ id }) => id),
          });
        },
      });
      const outputs = await stack.outputs();
      assert.equal(outputs["notes"]?.value, "Asked for by radiology");
      assert.match(JSON.stringify(outputs["roles"]?.value), /roleAssignments\/[0-9a-f-]{36}/);
    });
  });
});
