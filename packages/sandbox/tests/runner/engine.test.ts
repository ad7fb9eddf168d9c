import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { makeCertificates } from "../../tenant/core/certificates";
import { executableOnPath } from "../../toolchain/executableOnPath";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";
import { withSession } from "entra-sandbox";
import { TestSandbox } from "lab";

describe("the environment of the sandbox's engine", function () {
  this.timeout(60_000);
  const sandbox = new TestSandbox();
  after(() => sandbox.remove());

  it("lets operations find the CLI that the sandbox has found, instead of installing one in the sandbox", async () => {
    const cli = await ensurePulumiCli();
    const { config: _own, ...options } = sandbox.options("Pulumi.sandbox.yaml");
    await withSession(options, async ({ environment }) => {
      assert.equal(await executableOnPath("pulumi", environment), cli.path);
    });
  });

  it("has it trust what the user trusts, beside the sandbox", async () => {
    const hospital = sandbox.file("hospital.pem");
    const { ca } = await makeCertificates(new Date(), 30);
    writeFileSync(hospital, ca.certificate);
    const { config: _own, ...options } = sandbox.options("Pulumi.sandbox.yaml");
    const variables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] as const;
    const before = variables.map((name) => process.env[name]);
    for (const name of variables) process.env[name] = hospital;
    try {
      await withSession(options, async ({ environment, tenant }) => {
        for (const name of variables) {
          const trusted = await readFile(environment[name] ?? "", "utf8");
          assert.ok(trusted.includes(ca.certificate.trim()), name);
          assert.ok(trusted.includes((await readFile(tenant.caFile, "utf8")).trim()), name);
        }
      });
    } finally {
      variables.forEach((name, index) => {
        const value = before[index];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      });
    }
  });
});
