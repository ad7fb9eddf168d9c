import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { program } from "../../components/stack/program";
import { Administrator, seedResourceIds } from "entra-sandbox";
import { TestSandbox } from "lab";

const gateway = {
  displayName: "Gateway",
  access: [{ dicomService: seedResourceIds.dicomService }],
  secret: { from: "2026-11-23" },
};

describe("a consent that somebody gave by hand", function () {
  this.timeout(60_000);
  const sandbox = new TestSandbox();
  let grantId: string;
  let said = "";

  before(async () => {
    await sandbox.use(
      sandbox.configure({ gateway: { ...gateway, consent: "external" } }),
      async ({ stack, tenant }) => {
        await stack.up();
        const outputs = await stack.outputs();
        const { servicePrincipalId, consentUrl } =
          (outputs["clients"]?.value as Record<string, { servicePrincipalId: string; consentUrl: string }>)[
            "gateway"
          ] ?? assert.fail();
        assert.match(consentUrl, /\/adminconsent\?client_id=[0-9a-f-]{36}$/);
        const administrator = new Administrator(tenant);
        const filter = encodeURIComponent("appId eq '75e725bf-66ce-4cea-9b9a-5c4caae57f33'");
        const apis = await administrator.graph("GET", `servicePrincipals?$filter=${filter}`);
        const { id } = (await administrator.graph("POST", "oauth2PermissionGrants", {
          clientId: servicePrincipalId,
          resourceId: (apis as { readonly value: readonly { readonly id: string }[] }).value[0]?.id,
          consentType: "AllPrincipals",
          scope: "Dicom.ReadWrite",
        })) as { readonly id: string };
        grantId = id;
        administrator.signOut();
      },
    );
  });
  after(() => sandbox.remove());

  it("is named by its id, with the two ways on", async () => {
    await sandbox.use(sandbox.configure({ gateway }), async ({ stack }) => {
      await assert.rejects(stack.up({ onOutput: (text) => (said += text) }));
    });
    assert.ok(said.includes(`It is the grant ${grantId}.`), said);
    assert.ok(
      said.includes(`gateway-consent /oauth2PermissionGrants/${grantId} --parent component=urn:pulumi:`),
      said,
    );
    assert.match(said, /or leave consent to administrators, with consent: external\./);
  });

  // `pulumi import` itself needs the language host, which the engine tests do without; this imports the same id under the
  // same name and parent by the resource option of that name.
  it("can be adopted by the id, name and parent of the command that the message shows", async () => {
    const command =
      /pulumi import (\S+) (\S+) (\S+) --parent component=(\S+) --protect=false --stack sandbox$/m.exec(said);
    const [, type, name, id, parent] = command ?? assert.fail("the message names no command");
    await sandbox.use(sandbox.configure({ gateway }), async ({ stack }) => {
      await stack.up({
        program: async () => {
          pulumi.runtime.registerStackTransformation(({ type: of, name: as, props, opts }) =>
            of === type && as === name && id !== undefined
              ? { props, opts: { ...opts, import: id } satisfies pulumi.CustomResourceOptions }
              : undefined,
          );
          return program();
        },
      });
      const exported: { readonly deployment: unknown } = await stack.exportStack();
      const { resources } = exported.deployment as {
        readonly resources: readonly {
          readonly type: string;
          readonly id?: string;
          readonly parent?: string;
        }[];
      };
      const adopted = resources.find((resource) => resource.type === type);
      assert.deepEqual([adopted?.id, adopted?.parent], [id, parent]);
      await stack.up({ expectNoChanges: true });
    });
  });

  it("may also stay with administrators", async () => {
    await sandbox.use(
      sandbox.configure({ gateway: { ...gateway, consent: "external" } }),
      async ({ stack }) => {
        await stack.preview();
      },
    );
  });
});
