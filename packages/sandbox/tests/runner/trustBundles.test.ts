import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reset } from "../../commands/reset";
import { SandboxFolder } from "../../runner/sandboxFolder";
import { trustBundles } from "../../runner/trustBundles";
import { makeCertificates } from "../../tenant/core/certificates";

describe("what shells of serve are told to trust", () => {
  let base: string;
  let folder: SandboxFolder;
  let sandboxCa: string;
  let hospitalCa: string;
  let notes: string[];

  beforeEach(async () => {
    base = mkdtempSync(join(tmpdir(), "trust-"));
    folder = new SandboxFolder(join(base, "sandbox"));
    mkdirSync(folder.root);
    sandboxCa = (await makeCertificates(new Date(), 30)).ca.certificate;
    hospitalCa = (await makeCertificates(new Date(), 30)).ca.certificate;
    writeFileSync(join(base, "ca.pem"), sandboxCa);
    writeFileSync(join(base, "hospital.pem"), hospitalCa);
    notes = [];
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const handOut = (environment: NodeJS.ProcessEnv): Promise<Record<string, string>> =>
    trustBundles(folder.trust, join(base, "ca.pem"), environment, (line) => notes.push(line));

  const certificates = (bundle: Record<string, string>, variable: string): string[] =>
    (
      readFileSync(bundle[variable] ?? assert.fail(variable), "utf8").match(
        /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
      ) ?? []
    ).map((pem) => new X509Certificate(pem).fingerprint256);
  const print = (pem: string): string => new X509Certificate(pem).fingerprint256;

  it("is what the user trusts, from a file or a folder, and the sandbox", async () => {
    const hospital = join(base, "hospital.pem");
    mkdirSync(join(base, "authorities"));
    writeFileSync(join(base, "authorities", "one.pem"), hospitalCa);
    const bundles = await handOut({
      NODE_EXTRA_CA_CERTS: hospital,
      SSL_CERT_FILE: hospital,
      REQUESTS_CA_BUNDLE: join(base, "authorities"),
      CURL_CA_BUNDLE: hospital,
    });
    for (const variable of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]) {
      assert.deepEqual(certificates(bundles, variable), [print(hospitalCa), print(sandboxCa)], variable);
    }
    assert.deepEqual(notes, []);
  });

  it("is what the tools trust by themselves where the user said nothing, or something that cannot be read", async () => {
    const bundles = await handOut({ SSL_CERT_FILE: join(base, "nothing.pem") });
    assert.deepEqual(certificates(bundles, "NODE_EXTRA_CA_CERTS"), [print(sandboxCa)]);
    for (const variable of ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]) {
      const trusted = certificates(bundles, variable);
      assert.ok(trusted.length > 50, `${variable}: ${String(trusted.length)}`);
      assert.equal(trusted.at(-1), print(sandboxCa));
    }
    assert.equal(notes.length, 1);
    assert.match(notes.join(), /SSL_CERT_FILE names .*nothing\.pem, which contains no readable certificates/);
  });

  it("does not grow when serve is run in a shell that it has set up, whose authority is that of an earlier tenant", async () => {
    const first = await handOut({ SSL_CERT_FILE: join(base, "hospital.pem") });
    const next = (await makeCertificates(new Date(), 30)).ca.certificate;
    writeFileSync(join(base, "ca.pem"), next);
    const second = await handOut(first);
    assert.deepEqual(certificates(second, "SSL_CERT_FILE"), [print(hospitalCa), print(next)]);
    assert.deepEqual(certificates(second, "NODE_EXTRA_CA_CERTS"), [print(next)]);
  });

  it("is still there after a reset, without the sandbox", async () => {
    writeFileSync(join(folder.root, "port"), "1");
    const bundles = await handOut({ NODE_EXTRA_CA_CERTS: join(base, "hospital.pem") });
    assert.equal(await reset(folder, (line) => notes.push(line)), 0);
    assert.deepEqual(certificates(bundles, "NODE_EXTRA_CA_CERTS"), [print(hospitalCa)]);
    assert.ok(certificates(bundles, "SSL_CERT_FILE").length > 50);
    assert.throws(() => readFileSync(join(folder.root, "port")));
    assert.match(notes.join(), /stays for shells that still use the environment of serve/);
  });

  it("is neither touched by other commands, nor left behind by a sandbox that was never served", async () => {
    const ofEngine = (): Promise<unknown> =>
      trustBundles(folder.engineTrust, join(base, "ca.pem"), {}, () => undefined);
    const handedOut = await handOut({ NODE_EXTRA_CA_CERTS: join(base, "hospital.pem") });
    await ofEngine();
    assert.deepEqual(certificates(handedOut, "NODE_EXTRA_CA_CERTS"), [print(hospitalCa), print(sandboxCa)]);
    rmSync(folder.trust, { recursive: true });
    assert.equal(await reset(folder, (line) => notes.push(line)), 0);
    assert.ok(!existsSync(folder.root));
    assert.doesNotMatch(notes.join(), /stays for shells/);
  });
});
