import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { seedResourceIds } from "entra-sandbox";
import { makeCertificate, TestSandbox } from "lab";

const reader = "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a";
const fhir = "4f6778d8-5aef-43dc-a1ff-b073724b9495";
const { dicomService, keyVault } = seedResourceIds;
const workspace = dicomService.slice(0, dicomService.indexOf("/dicomservices/"));

/** What one client means, written in one way. */
interface Writing {
  readonly dicomService: string;
  readonly workspace: string;
  readonly role: string;
  readonly api: string;
  readonly vault: string;
  readonly secretName: string;
  readonly certificate: string;
}

const usual = {
  dicomService,
  workspace,
  role: "reader",
  api: "fhir",
  vault: keyVault,
  secretName: "gateway-dicom",
};
const unusual = {
  dicomService: `${dicomService.replace("/dicomservices/", "/dicomServices/")}/`,
  workspace: workspace.toUpperCase(),
  role: reader.toUpperCase(),
  api: fhir.toUpperCase(),
  vault: keyVault.replace("resourceGroups/", "resourcegroups/").toUpperCase(),
  secretName: "Gateway-DICOM",
};

describe("what a client means, whatever way it is written", function () {
  this.timeout(90_000);
  let sandbox: TestSandbox;
  let files: { readonly usual: string; readonly unusual: string; readonly renewed: string };
  beforeEach(async () => {
    sandbox = new TestSandbox();
    const [first, second] = [
      await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z"),
      await makeCertificate("2026-11-01T00:00:00Z", "2028-11-01T00:00:00Z"),
    ];
    const file = (name: string, text: string): string => {
      writeFileSync(sandbox.file(name), text);
      return sandbox.file(name);
    };
    files = {
      usual: file("usual.pem", first.pem),
      unusual: file("unusual.pem", `subject=CN = gateway\r\n${first.pem.replaceAll("\n", "\r\n")}`),
      renewed: file("renewed.pem", second.pem),
    };
  });
  afterEach(() => sandbox.remove());

  function configure(writing: Writing): string {
    return sandbox.configure(
      {
        gateway: {
          displayName: "Gateway",
          access: [
            { dicomService: writing.dicomService, role: writing.role },
            { workspace: writing.workspace, role: "owner" },
          ],
          permissions: [{ api: writing.api, scopes: ["user_impersonation"] }],
          secret: { from: "2026-11-23" },
          vault: { id: writing.vault, secretName: writing.secretName },
          certificates: [{ name: "modality-20261123", file: writing.certificate }],
        },
      },
      { asOf: "2026-11-24" },
    );
  }

  for (const [what, first, then] of [
    ["the usual way and then another", usual, unusual],
    ["an unusual way and then the usual", unusual, usual],
  ] as const) {
    it(`is deployed once when it is written ${what}`, async () => {
      const [before, after] = first === usual ? [files.usual, files.unusual] : [files.unusual, files.usual];
      await sandbox.use(configure({ ...first, certificate: before }), ({ stack }) => stack.up());
      await sandbox.use(configure({ ...then, certificate: after }), async ({ stack }) => {
        await stack.preview({ expectNoChanges: true });
        const { summary } = await stack.up();
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
      });
    });
  }

  it("is made anew when it means something else", async () => {
    await sandbox.use(configure({ ...usual, certificate: files.usual }), ({ stack }) => stack.up());
    const changed = configure({ ...usual, secretName: "other", role: "owner", certificate: files.renewed });
    await sandbox.use(changed, async ({ stack }) => {
      const { summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { create: 3, delete: 3, same: 8 });
      await stack.preview({ expectNoChanges: true });
    });
  });

  describe("on a stack that an earlier version deployed", () => {
    /** The state as the version before wrote it for the unusual way: names and scopes as they were written. */
    async function asBefore(): Promise<void> {
      await sandbox.use(configure({ ...unusual, certificate: files.unusual }), async ({ stack }) => {
        await stack.up();
        const state = await stack.exportStack();
        const text = JSON.stringify(state.deployment);
        const former = text
          .replace(/(gateway-certificate-modality-20261123)\.[0-9a-f]{8}/g, "$1")
          .replace(/gateway-vault-[a-z.-]+/g, "gateway-vault")
          .replaceAll("-imaging-reader", `-imaging-${reader}`)
          .replaceAll("gateway-consent-fhir", `gateway-consent-${fhir}`)
          .replace(/"scope":"(subscriptions\/[^"]+)"/g, (_, scope: string) => `"scope":"/${scope}"`);
        assert.notEqual(former, text);
        await stack.importStack({ ...state, deployment: JSON.parse(former) as unknown });
      });
    }

    for (const [what, writing] of [
      ["as it was", unusual],
      ["another way", usual],
    ] as const) {
      it(`stays as it is when it is written ${what}`, async () => {
        await asBefore();
        const config = configure({ ...writing, certificate: files.usual });
        await sandbox.use(config, async ({ stack }) => {
          await stack.preview({ expectNoChanges: true });
          const { summary } = await stack.up();
          assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
        });
      });
    }

    it("is refused, with a way on, when a certificate is renewed in the same update", async () => {
      await asBefore();
      const config = configure({ ...usual, certificate: files.renewed });
      await sandbox.use(config, async ({ stack }) => {
        let said = "";
        await assert.rejects(stack.preview({ onOutput: (text) => (said += text) }));
        const command = /--show-ids --stack sandbox[^]*# pulumi state delete '(urn:[^']+)'/.exec(said);
        const { resources = [] } = (await stack.exportStack()).deployment as {
          readonly resources?: readonly { readonly urn: string }[];
        };
        assert.ok(
          resources.some(({ urn }) => urn === command?.[1]),
          said,
        );
      });
    });
  });
});
