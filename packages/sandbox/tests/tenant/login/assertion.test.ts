import assert from "node:assert/strict";
import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type JWTPayload, SignJWT } from "jose";
import { seed } from "../../../tenant/seed";
import { keyCredential, testCertificate, type TestCertificate } from "../support/testCertificate";
import { resources, type TestApplication, TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

/* Marks in titles: C confirmed, L likely; two marks are for text and for status. */
describe("Token endpoint: client assertions", () => {
  let tenant: TestTenant;
  let client: TestApplication;
  let certificate: TestCertificate;

  before(async () => {
    tenant = await TestTenant.start();
    client = await tenant.application("asserting");
    certificate = await testCertificate(new Date("2026-11-01T00:00:00Z"), new Date("2027-01-01T00:00:00Z"));
    const token = await tenant.adminToken();
    const json = { keyCredentials: [keyCredential(certificate)] };
    (await tenant.call("PATCH", `/v1.0/applications/${client.id}`, { token, json })).expect(204);
  });
  after(() => tenant.stop());

  const present = (
    assertion: string,
    type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  ): Promise<TestAnswer> =>
    tenant.tokenRequest({
      grant_type: "client_credentials",
      client_id: client.appId,
      client_assertion: assertion,
      client_assertion_type: type,
      scope: `${resources.dicom}/.default`,
    });
  const expectRefusal = (
    answer: TestAnswer,
    status: number,
    error: string,
    number: number,
    text: RegExp,
  ): void => {
    answer.expect(status);
    assert.equal(answer.at("error"), error);
    assert.deepEqual(answer.at("error_codes"), [number]);
    assert.match(answer.textAt("error_description"), text);
  };
  const seconds = (): number => Math.floor(tenant.clock.now().getTime() / 1000);

  describe("signed with a certificate", () => {
    const thumbprint = (of: TestCertificate): string =>
      createHash("sha1").update(new X509Certificate(of.certificate).raw).digest("base64url");
    const sign = (
      claims: JWTPayload = {},
      by = certificate,
      header: object = { x5t: thumbprint(by) },
    ): Promise<string> =>
      new SignJWT({
        iss: client.appId,
        sub: client.appId,
        aud: `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`,
        nbf: seconds(),
        exp: seconds() + 600,
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", ...header })
        .sign(createPrivateKey(by.key));

    it("is accepted, with x5t, x5t#S256, or the thumbprint as kid in base64url or hex", async () => {
      const { raw } = new X509Certificate(certificate.certificate);
      const sha1 = createHash("sha1").update(raw).digest();
      for (const header of [
        { x5t: sha1.toString("base64url") },
        // as MSAL for Python and the Azure CLI write it
        { x5t: `${sha1.toString("base64url")}=` },
        { "x5t#S256": createHash("sha256").update(raw).digest("base64url") },
        { kid: `${sha1.toString("base64url")}=` },
        { kid: sha1.toString("hex").toUpperCase() },
      ]) {
        (await present(await sign({}, certificate, header))).expect(200);
      }
    });

    it("700027 for a certificate that is not registered [C, L status]", async () => {
      const other = await testCertificate(new Date("2026-11-01T00:00:00Z"), new Date("2027-01-01T00:00:00Z"));
      const text = new RegExp(
        "^AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application\\. " +
          `\\[Reason - The key was not found\\., .* for app Id '${client.appId}'\\.`,
      );
      expectRefusal(await present(await sign({}, other)), 401, "invalid_client", 700027, text);
    });

    it("700027 for a signature by another key under a registered name [C, L status]", async () => {
      const other = await testCertificate(new Date("2026-11-01T00:00:00Z"), new Date("2027-01-01T00:00:00Z"));
      const forged = await sign({}, other, { x5t: thumbprint(certificate) });
      const text = /The provided signature value did not match the expected signature value/;
      expectRefusal(await present(forged), 401, "invalid_client", 700027, text);
    });

    it("is refused with a key that is not RSA or too short, although Graph has taken the certificates [C, L status]", async () => {
      const day = (date: string): Date => new Date(`${date}T00:00:00Z`);
      const curved = await testCertificate(day("2026-11-01"), day("2027-01-01"), "EC");
      const short = await testCertificate(day("2026-11-01"), day("2027-01-01"), "RSA of 1024 bits");
      const other = await tenant.application("curved");
      const token = await tenant.adminToken();
      const json = { keyCredentials: [keyCredential(curved), keyCredential(short)] };
      (await tenant.call("PATCH", `/v1.0/applications/${other.id}`, { token, json })).expect(204);
      const refused = async (assertion: string): Promise<TestAnswer> =>
        tenant.tokenRequest({
          grant_type: "client_credentials",
          client_id: other.appId,
          client_assertion: assertion,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          scope: `${resources.dicom}/.default`,
        });
      const claims = { iss: other.appId, sub: other.appId };
      expectRefusal(
        await refused(await sign(claims, curved, { alg: "ES256", x5t: thumbprint(curved) })),
        400,
        "invalid_request",
        5002738,
        /^AADSTS5002738: Invalid JWT token\. 'ES256' is not a supported signature algorithm\./,
      );
      expectRefusal(
        await refused(await sign(claims, certificate, { x5t: thumbprint(curved) })),
        400,
        "invalid_request",
        5002730,
        /^AADSTS5002730: Invalid JWT token\. Unsupported key for the signing algorithm\./,
      );
      expectRefusal(
        await refused(await sign(claims, certificate, { x5t: thumbprint(short) })),
        401,
        "invalid_client",
        50032,
        /^AADSTS50032: RSA key size 1024 is less than the minimum required 2048 bits\./,
      );
    });

    it("is refused for another audience, past its time, without an end, or with another subject", async () => {
      for (const [claims, number] of [
        [{ aud: "https://elsewhere.example" }, 700023],
        [{ exp: seconds() - 3600 }, 700024],
        [{ exp: undefined }, 700024],
        [{ sub: seed.pipeline.appId }, 700021],
      ] as const) {
        const answer = await present(await sign(claims as JWTPayload));
        assert.deepEqual(answer.expect(401).at("error_codes"), [number]);
      }
    });

    it("is refused once the certificate has ended", async () => {
      const moved = await TestTenant.start({ clock: tenant.clock });
      try {
        const late = await moved.application("late");
        const json = {
          keyCredentials: [{ ...keyCredential(certificate), endDateTime: "2026-11-24T00:00:00Z" }],
        };
        const token = await moved.adminToken();
        (await moved.call("PATCH", `/v1.0/applications/${late.id}`, { token, json })).expect(204);
        await moved.running.control("PUT", "clock", { now: "2026-11-25T00:00:00Z" });
        const exp = Date.parse("2026-11-25T00:10:00Z") / 1000;
        const aud = `${moved.url}/${seed.tenantId}/oauth2/v2.0/token`;
        const assertion = await sign({ iss: late.appId, sub: late.appId, aud, exp });
        const answer = await moved.tokenRequest({
          grant_type: "client_credentials",
          client_id: late.appId,
          client_assertion: assertion,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          scope: `${resources.dicom}/.default`,
        });
        expectRefusal(answer, 401, "invalid_client", 700027, /The key used is expired/);
      } finally {
        await moved.stop();
      }
    });

    it("is refused when it is no JWT, or of another type", async () => {
      (await present("nonsense")).expect(400);
      (await present(await sign(), "urn:example:other")).expect(400);
    });
  });

  describe("federated", () => {
    const issuer = "https://token.actions.githubusercontent.com";
    const subject = "repo:contoso/imaging:environment:dev";

    before(async () => {
      await trust("github", issuer, subject);
    });

    const trust = async (name: string, trusted: string, of: string): Promise<void> => {
      const json = { name, issuer: trusted, subject: of, audiences: ["api://AzureADTokenExchange"] };
      const path = `/v1.0/applications/${client.id}/federatedIdentityCredentials`;
      (await tenant.call("POST", path, { token: await tenant.adminToken(), json })).expect(201);
    };
    const issue = async (claims: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const answer = await tenant.running.control("POST", "assertion", { issuer, subject, ...claims });
      return (answer.json as { readonly assertion: string }).assertion;
    };
    const match = (what: string): RegExp =>
      new RegExp(`: No matching federated identity record found for presented assertion ${what}\\. `);

    it("is accepted when issuer, subject and audience are those of a credential", async () => {
      const token = (await present(await issue())).expect(200).textAt("access_token");
      const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as JWTPayload;
      assert.equal(claims.appidacr, "2");
      assert.equal(claims.oid, client.servicePrincipalId);
    });

    for (const [what, from, value, sub, claims] of [
      [
        "GitHub",
        issuer,
        "claims['sub'] matches 'repo:contoso@1/pacs@2:ref:refs/heads/?*' and claims['repository_id'] eq '2'",
        "repo:contoso@1/pacs@2:ref:refs/heads/main",
        { repository_id: "2" },
      ],
      [
        "GitLab",
        "https://gitlab.com",
        "claims['sub'] matches 'project_path:contoso/pacs:*' and claims['project_id'] eq '22'",
        "project_path:contoso/pacs:ref_type:branch:ref:main",
        { project_id: "22", namespace_id: "7", user_id: "3" },
      ],
      [
        "HCP Terraform",
        "https://app.terraform.io",
        "claims['sub'] matches 'organization:contoso:project:imaging:workspace:pacs:run_phase:*'",
        "organization:contoso:project:imaging:workspace:pacs:run_phase:plan",
        {},
      ],
    ] as const) {
      it(`is accepted for what a flexible credential matches of ${what}, and otherwise 700213`, async () => {
        const path = `/beta/applications/${client.id}/federatedIdentityCredentials`;
        const json = {
          name: what.replace(" ", "-"),
          issuer: from,
          claimsMatchingExpression: { value, languageVersion: 1 },
          audiences: ["api://AzureADTokenExchange"],
        };
        (await tenant.call("POST", path, { token: await tenant.adminToken(), json })).expect(201);
        const token = { issuer: from, subject: sub, claims };
        (await present(await issue(token))).expect(200);
        const others = [
          { ...token, subject: sub.replace("contoso", "fabrikam") },
          ...(Object.keys(claims).length === 0
            ? []
            : [
                { ...token, claims: {} },
                { ...token, claims: { repository_id: "20", project_id: "220" } },
              ]),
        ];
        for (const other of others) {
          const answer = await present(await issue(other));
          expectRefusal(answer, 401, "invalid_client", 700213, match(`subject '${other.subject}'`));
        }
      });
    }

    it("700211 for another issuer [C, L status]", async () => {
      const answer = await present(await issue({ issuer: "https://other.example" }));
      expectRefusal(answer, 401, "invalid_client", 700211, match("issuer 'https://other.example'"));
    });

    it("700212 for another audience [L]", async () => {
      const answer = await present(await issue({ audience: "api://other" }));
      expectRefusal(answer, 401, "invalid_client", 700212, match("audience 'api://other'"));
    });

    it("700213 for another subject [C]", async () => {
      const answer = await present(await issue({ subject: "repo:contoso/other:ref:main" }));
      expectRefusal(answer, 401, "invalid_client", 700213, match("subject 'repo:contoso/other:ref:main'"));
    });

    it("7002138 for a subject that differs in case only [C, L status]", async () => {
      const answer = await present(await issue({ subject: subject.toUpperCase() }));
      expectRefusal(
        answer,
        401,
        "invalid_client",
        7002138,
        /matches with case-insensitive comparison, but not with case-sensitive/,
      );
    });

    it("is refused past its time and with a signature of anybody else", async () => {
      const assertion = await issue({ lifetimeSeconds: 60 });
      tenant.clock.advance(3600);
      assert.deepEqual((await present(assertion)).expect(401).at("error_codes"), [700024]);
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const forged = await new SignJWT({
        iss: issuer,
        sub: subject,
        aud: "api://AzureADTokenExchange",
        exp: seconds() + 60,
      })
        .setProtectedHeader({ alg: "RS256" })
        .sign(privateKey);
      assert.deepEqual((await present(forged)).expect(400).at("error_codes"), [50027]);
    });

    describe("by an issuer on this machine", () => {
      const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      let server: Server;
      let local: string;

      before(async () => {
        server = createServer((request, response) => {
          const isConfiguration = request.url === "/.well-known/openid-configuration";
          const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "local", alg: "RS256", use: "sig" }];
          response.setHeader("content-type", "application/json");
          response.end(
            JSON.stringify(isConfiguration ? { issuer: local, jwks_uri: `${local}/keys` } : { keys }),
          );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        local = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
        await trust("local", local, "workload");
      });
      after(() => {
        server.closeAllConnections();
        server.close();
      });

      const issueLocally = (key = privateKey): Promise<string> =>
        new SignJWT({ iss: local, sub: "workload", aud: "api://AzureADTokenExchange", exp: seconds() + 60 })
          .setProtectedHeader({ alg: "RS256", kid: "local" })
          .sign(key);

      it("is verified with the keys that its discovery document names", async () => {
        (await present(await issueLocally())).expect(200);
        const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
        (await present(await issueLocally(other.privateKey))).expect(400);
      });

      it("is refused when the issuer does not answer", async () => {
        await trust("gone", "http://127.0.0.1:1", "workload");
        const assertion = await new SignJWT({
          iss: "http://127.0.0.1:1",
          sub: "workload",
          aud: "api://AzureADTokenExchange",
        })
          .setProtectedHeader({ alg: "RS256" })
          .sign(privateKey);
        assert.deepEqual((await present(assertion)).expect(400).at("error_codes"), [50027]);
        assert.match(
          tenant.running.requests().at(-1)?.reason ?? "",
          /the keys of issuer http:\/\/127\.0\.0\.1:1 cannot be had/,
        );
      });
    });
  });
});
