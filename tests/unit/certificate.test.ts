import assert from "node:assert/strict";
import {
  canonicalPem,
  certificateEndDate,
  certificateEndProblem,
  certificateFingerprint,
  certificateProblem,
} from "../../components/certificate";
import { parseCalendarDay, type CalendarDay } from "../../components/calendarDate";
import { makeCertificate, type TestCertificate } from "lab";
import { fixedCertificates } from "./fixedCertificates";

describe("certificates", () => {
  const asOf = day("2026-11-23");
  let usual: TestCertificate;
  before(async () => {
    usual = await makeCertificate("2026-11-01T10:30:00Z", "2027-11-01T10:30:15Z");
  });

  it("takes a certificate that is valid", () => {
    assert.equal(certificateProblem(usual.pem, asOf), undefined);
  });

  it("refuses a private key, whatever comes with it, without repeating any of it", () => {
    for (const text of [usual.privateKeyPem, usual.pem + usual.privateKeyPem]) {
      const problem = certificateProblem(text, asOf);
      assert.match(problem ?? "", /holds a private key; give the certificate only/);
      const line = usual.privateKeyPem.split("\n")[1] ?? assert.fail("the key has no text");
      assert.ok(!problem?.includes(line));
    }
    for (const title of [
      "ENCRYPTED PRIVATE KEY",
      "EC PRIVATE KEY",
      "OPENSSH PRIVATE KEY",
      "PGP PRIVATE KEY BLOCK",
    ]) {
      const text = `-----BEGIN ${title}-----\nMIIabc\n-----END ${title}-----\n`;
      for (const whole of [text, usual.pem + text.replaceAll("-----", "---- ")]) {
        const problem = certificateProblem(whole, asOf) ?? "";
        assert.match(problem, /^holds a private key; /, title);
        assert.doesNotMatch(problem, /MIIabc/);
      }
    }
  });

  it("refuses a chain", () => {
    assert.match(certificateProblem(usual.pem + usual.pem, asOf) ?? "", /holds 2 certificates/);
  });

  it("refuses what is no certificate", () => {
    assert.match(certificateProblem("a certificate", asOf) ?? "", /is not a certificate in PEM/);
    assert.match(certificateProblem(usual.pem.replace(/MII/, "AAA"), asOf) ?? "", /is damaged/);
  });

  it("says how to convert a binary one, and how lines stay lines in YAML", () => {
    const binary = Buffer.from(usual.pem.replace(/-----[^-]+-----|\s/g, ""), "base64").toString("utf8");
    assert.match(certificateProblem(binary, asOf) ?? "", /openssl x509 -inform der -in '<file>' /);
    for (const joined of [usual.pem.trim().replaceAll("\n", " "), usual.pem.replaceAll("\n", "\\n")]) {
      assert.match(
        certificateProblem(joined, asOf) ?? "",
        /its lines are joined; YAML keeps them behind pem: \|/,
      );
    }
  });

  it("takes a certificate whatever stands around it, and however long its lines are", () => {
    const base64 = usual.pem.replace(/-----[^-]+-----|\s/g, "");
    for (const text of [
      `\ufeff${usual.pem.replaceAll("\n", "\r\n")}`,
      `Bag Attributes\n  friendlyName: gateway\nsubject=/CN=gateway\n${usual.pem}issued for a test\n`,
      `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`,
      usual.pem.replace(/$/gm, "  "),
    ]) {
      assert.equal(certificateProblem(text, asOf), undefined, text);
      assert.equal(canonicalPem(text), canonicalPem(usual.pem));
      assert.equal(certificateFingerprint(text), certificateFingerprint(usual.pem));
    }
  });

  it("refuses a certificate before and after its time", () => {
    assert.equal(certificateProblem(usual.pem, day("2026-10-31")), "is not valid before 2026-11-01");
    assert.equal(certificateProblem(usual.pem, day("2027-11-01")), "expired on 2027-11-01");
  });

  it("refuses an RSA key below 2048 bits", async () => {
    const weak = await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z", 1024);
    assert.match(certificateProblem(weak.pem, asOf) ?? "", /RSA key of 1024 bits; at least 2048/);
  });

  it("refuses keys that Entra accepts no signature of, with the command that makes a right one", () => {
    const later = day("2026-12-24");
    for (const [pem, message] of [
      [fixedCertificates.ec, /^has a key of the type ec \(prime256v1\); Entra refuses every sign-in/],
      [fixedCertificates.ed25519, /^has a key of the type ed25519; /],
      [fixedCertificates.rsaPss1024, /^has an RSA key of 1024 bits; at least 2048 are needed/],
    ] as const) {
      const problem = certificateProblem(pem, later) ?? "";
      assert.match(problem, message);
      assert.match(problem, /To create one: openssl req -x509 -newkey rsa:2048 /);
    }
    assert.equal(certificateProblem(fixedCertificates.rsaPss2048, later), undefined);
  });

  it("ends when the certificate ends, unless an earlier day is given", () => {
    assert.equal(certificateEndDate({ name: "c", pem: usual.pem }), "2027-11-01T10:30:15Z");
    assert.equal(
      certificateEndDate({ name: "c", pem: usual.pem, expiresOn: "2027-05-01" }),
      "2027-05-01T00:00:00Z",
    );
  });

  it("refuses an end in the past, and one after the certificate's own", () => {
    const problem = (expiresOn: string): string | undefined =>
      certificateEndProblem(expiresOn, usual.pem, asOf);
    assert.equal(problem("2027-05-01"), undefined);
    assert.match(problem("2026-11-23") ?? "", /2026-11-23 is in the past/);
    assert.match(problem("2027-11-02") ?? "", /after the certificate's own end on 2027-11-01/);
  });
});

function day(date: string): CalendarDay {
  return parseCalendarDay(date) ?? assert.fail(`${date} is no date`);
}
