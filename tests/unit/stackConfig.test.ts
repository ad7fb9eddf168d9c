import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import Ajv from "ajv/dist/2020";
import { formatPath } from "../../components/problem";
import { ConfigError, type RawStackConfig, readStackConfig } from "../../components/stack/config";
import { unknownKeyProblems } from "../../components/stack/configKeys";
import { assertInert, hostileStrings, makeCertificate } from "lab";

const dicomService =
  "/subscriptions/6d5cf8c5-4f8e-4a43-8a7c-000000000001/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs";
const vault =
  "/subscriptions/6d5cf8c5-4f8e-4a43-8a7c-000000000001/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv-imaging";
const github = {
  name: "github-dev",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/pacs:environment:dev",
};
const flexible = {
  name: "github-flexible",
  issuer: github.issuer,
  claimsMatchingExpression: "claims['sub'] matches 'repo:a/b:*' and claims['repository_id'] eq '2'",
};
const now = new Date("2026-11-23T15:00:00Z");

/** What is wrong, in which configuration, at which path, and what is said of it. */
type SingleProblem = readonly [string, RawStackConfig, string, RegExp];

describe("stack configuration", () => {
  it("takes a complete client as it is", () => {
    const client = {
      displayName: "Imaging gateway (dev)",
      description: "Stores studies from the hospital's modalities",
      owners: ["9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0009"],
      serviceManagementReference: "CMDB-4711",
      access: [{ dicomService, role: "reader" }],
      consent: "managed",
      secret: { from: "2026-11-23", lifetimeDays: 180, overlapDays: 30, reissue: 0 },
    };
    const config = readStackConfig({ clients: { "imaging-gateway": client } }, now);
    assert.deepEqual(config, { clients: { "imaging-gateway": client }, api: {}, asOf: 20_780 });
  });

  it("takes today's date from the clock, in UTC, unless a day is pinned", () => {
    const clients = { a: { displayName: "A", credentials: "none" } };
    assert.equal(readStackConfig({ clients }, new Date("2026-11-23T23:59:59Z")).asOf, 20_780);
    assert.equal(readStackConfig({ clients, asOf: "today" }, new Date("2026-11-24T00:00:00Z")).asOf, 20_781);
    assert.equal(readStackConfig({ clients, asOf: "2026-11-24" }, now).asOf, 20_781);
  });

  it("takes the deploying identity from whoever is signed in, unless one is named", () => {
    const clients = { a: { displayName: "A", credentials: "none" } };
    const id = "9F1B5A3C-0c5d-4f3e-8a55-0a7d4f1f0009";
    assert.equal(readStackConfig({ clients }, now).deployingIdentity, undefined);
    assert.equal(
      readStackConfig({ clients, deployingIdentity: "signed-in" }, now).deployingIdentity,
      undefined,
    );
    assert.equal(
      readStackConfig({ clients, deployingIdentity: id }, now).deployingIdentity,
      id.toLowerCase(),
    );
    const [problem] = problemsWith({ clients, deployingIdentity: "pipeline@example.org" });
    assert.equal(problem?.[0], "deployingIdentity");
    assert.match(problem[1], /an object id/);
  });

  it("shows what is written as text", () => {
    for (const text of hostileStrings) {
      const client = {
        displayName: text,
        [text]: text,
        owners: [text],
        access: [{ dicomService: text, role: text }, { workspace: text }],
        consent: text,
        permissions: [{ api: text, scopes: [text], roles: [text] }],
        secret: { from: text, retired: text },
        certificates: [
          { name: text, file: text },
          { name: text, pem: text, expiresOn: text },
        ],
        federatedCredentials: [
          { name: text, issuer: text, subject: text },
          { name: text, issuer: github.issuer, claimsMatchingExpression: text },
        ],
        runsOn: { gitlab: { project: text, branch: text, url: text }, spiffe: { issuer: text, id: text } },
        vault: { id: text, secretName: text },
        formerNames: [text],
      };
      const raw: RawStackConfig = {
        clients: {
          [text]: client,
          other: client,
          none: { displayName: text, application: text, runsOn: text },
        },
        api: { [text]: text, clientId: text, audience: text, loginUrl: text, dicomServiceUrl: text },
        dicomService: text,
        asOf: text,
        deployingIdentity: text,
        environment: text,
        keyProblems: unknownKeyProblems({ [`clients:${text}`]: text }, "clients", []),
      };
      assert.throws(
        () => readStackConfig(raw, now),
        (error) => {
          assert.ok(error instanceof ConfigError && error.problems.length > 20);
          assertInert("text", error.message);
          return true;
        },
      );
    }
  });

  it("lists every problem at once, each with its path", () => {
    const problems = problemsWith({
      clients: {
        "Imaging Gateway": {
          displayName: "Gateway",
          descripton: "misspelt key",
          access: [
            { dicomService, role: "writer" },
            { dicomService: "/subscriptions/1/dicomservices/pacs" },
            { dicomService },
            { dicomService: dicomService.toUpperCase(), role: "Reader" },
            {},
          ],
          consent: "manged",
          secret: { from: "2026-02-30", lifetimeDays: 731, overlapDays: 30 },
        },
        research: {
          displayName: "gateway ",
          owners: ["someone@example.org"],
          secret: { from: "2026-11-24", lifetimeDays: 40, overlapDays: 21, reissue: -1 },
        },
        viewer: "A viewer",
        archive: { description: null },
      },
      api: { clientId: "4f6778d8-5aef-43dc-a1ff-b073724b9495" },
      asOf: "2026-11-23",
    });
    assert.deepEqual(
      problems.map(([path]) => path),
      [
        "api.clientId",
        'clients["Imaging Gateway"]',
        'clients["Imaging Gateway"].access[0].role',
        'clients["Imaging Gateway"].access[1].dicomService',
        'clients["Imaging Gateway"].access[4]',
        'clients["Imaging Gateway"].access[3]',
        'clients["Imaging Gateway"].consent',
        'clients["Imaging Gateway"].secret.from',
        'clients["Imaging Gateway"].secret.lifetimeDays',
        'clients["Imaging Gateway"].descripton',
        "clients.research.owners[0]",
        "clients.research.secret.reissue",
        "clients.research.secret.overlapDays",
        "clients.research.secret.from",
        "clients.viewer",
        "clients.archive.displayName",
        "clients.archive.description",
        "clients.archive",
        "clients.research.displayName",
      ],
    );
  });

  const single: readonly SingleProblem[] = [
    [
      "a name that the provider cannot look for",
      client({ displayName: "St. Mary's" }),
      "clients.a.displayName",
      /^must not have an apostrophe /,
    ],
    ["no clients at all", { clients: undefined }, "clients", /is missing/],
    ["an empty mapping of clients", { clients: {} }, "clients", /declares no client/],
    ["a list of clients", { clients: [] }, "clients", /must be a mapping, not a list/],
    [
      "an unknown key",
      client({ displayname: "x" }),
      "clients.a.displayname",
      /unknown key; known here: displayName, /,
    ],
    [
      "a role that does not exist",
      client({ access: [{ dicomService, role: "writer" }] }),
      "clients.a.access[0].role",
      /no role "writer"; write reader, owner, uploader or the GUID/,
    ],
    [
      "a role assignment that is not named by a GUID",
      client({ access: [{ dicomService, assignmentName: "reader-of-pacs" }] }),
      "clients.a.access[0].assignmentName",
      /"reader-of-pacs" is not the name of a role assignment \(a GUID\)/,
    ],
    [
      "a malformed resource id",
      client({ access: [{ dicomService: "pacs" }] }),
      "clients.a.access[0].dicomService",
      /"pacs" is not the resource id .* write it as \/subscriptions\//,
    ],
    [
      "a workspace in place of a service",
      client({ access: [{ dicomService: dicomService.replace(/\/dicomservices.*/, "") }] }),
      "clients.a.access[0].dicomService",
      /is not the resource id of a DICOM service/,
    ],
    [
      "a service in place of a workspace",
      client({ access: [{ workspace: dicomService }] }),
      "clients.a.access[0].workspace",
      /is not the resource id of a health workspace/,
    ],
    [
      "a misspelt consent",
      client({ consent: "manged" }),
      "clients.a.consent",
      /"manged" .* write managed, external, none/,
    ],
    [
      "a date that does not exist",
      client({ secret: { from: "2026-02-30" } }),
      "clients.a.secret.from",
      /not a calendar date/,
    ],
    [
      "a first day in the future",
      client({ secret: { from: "2026-11-24" } }),
      "clients.a.secret.from",
      /2026-11-24 is in the future/,
    ],
    [
      "the current secret as retired",
      client({ secret: { from: "2026-11-23", retired: "2026-11-23" } }),
      "clients.a.secret.retired",
      /the current secret starts on 2026-11-23 and cannot be retired/,
    ],
    [
      "a lifetime beyond 730 days",
      client({ secret: { from: "2026-11-23", lifetimeDays: 731 } }),
      "clients.a.secret.lifetimeDays",
      /731 is out of range/,
    ],
    [
      "an overlap beyond half the lifetime",
      client({ secret: { from: "2026-11-23", lifetimeDays: 61, overlapDays: 31 } }),
      "clients.a.secret.overlapDays",
      /31 is more than half .* write 30 or less/,
    ],
    [
      "a client without any credential",
      { clients: { a: { displayName: "A" } } },
      "clients.a",
      /has no credential to sign in with; give runsOn, federatedCredentials, certificates or secret, or write credentials: none/,
    ],
    [
      "a credential beside credentials: none",
      client({ secret: { from: "2026-11-23" }, credentials: "none" }),
      "clients.a.credentials",
      /is none although the client has secret/,
    ],
    [
      "a vault without a secret to keep",
      client({ vault: { id: vault, secretName: "a" } }),
      "clients.a.vault",
      /has no secret to store/,
    ],
    [
      "a malformed vault id",
      client({ secret: { from: "2026-11-23" }, vault: { id: "kv", secretName: "a" } }),
      "clients.a.vault.id",
      /"kv" is not the resource id of a key vault; write it as \/subscriptions\//,
    ],
    [
      "a federated issuer without https",
      client({ federatedCredentials: [{ ...github, issuer: "http://issuer.example" }] }),
      "clients.a.federatedCredentials[0].issuer",
      /"http:\/\/issuer\.example" is not an address that starts with https/,
    ],
    [
      "an issuer and subject that are there already",
      client({ federatedCredentials: [github, { ...github, name: "github-again" }] }),
      "clients.a.federatedCredentials[1].subject",
      /same issuer and subject as \[0\]/,
    ],
    [
      "an issuer and expression that are there already",
      client({ federatedCredentials: [flexible, { ...flexible, name: "again" }] }),
      "clients.a.federatedCredentials[1].claimsMatchingExpression",
      /same issuer and claimsMatchingExpression as \[0\]/,
    ],
    [
      "a federated credential without subject and expression",
      client({ federatedCredentials: [{ name: github.name, issuer: github.issuer }] }),
      "clients.a.federatedCredentials[0]",
      /^needs subject, or claimsMatchingExpression$/,
    ],
    [
      "a federated credential with subject and expression",
      client({ federatedCredentials: [{ ...github, ...flexible }] }),
      "clients.a.federatedCredentials[0]",
      /^has both subject and claimsMatchingExpression, .* remove the other$/,
    ],
    ...(
      [
        [
          "of an issuer that Entra matches no claims of",
          /Entra matches claims of .*; give a subject$/,
          "",
          "https://issuer.example",
        ],
        [
          "of a GitHub Enterprise Server",
          /Entra matches claims of /,
          "",
          "https://github.contoso.com/_services/token",
        ],
        ["of a GitLab under another domain", /Entra matches claims of /, "", "https://gitlab.contoso.de"],
        ["of a Terraform Enterprise", /Entra matches claims of /, "", "https://terraform.contoso.com"],
        ["in another language", /is not an expression: write claims\['<claim>'\] eq/, "claims.sub == 'a'"],
        [
          "with two blanks",
          /is not an expression/,
          "claims['sub']  eq 'a' and claims['repository_id'] eq '2'",
        ],
        ["with or", /is not an expression/, "claims['sub'] eq 'a' or claims['repository_id'] eq '2'"],
        ["that ends in and", /is not an expression/, "claims['sub'] eq 'a' and "],
        [
          "with a quote in a value",
          /is not an expression/,
          "claims['sub'] eq 'it''s' and claims['repository_id'] eq '2'",
        ],
        [
          "without an id",
          /must compare repository_id or repository_owner_id as well/,
          "claims['sub'] eq 'a'",
        ],
        ["without sub", /must compare sub as well/, "claims['repository_id'] eq '2'"],
        [
          "with a pattern of ids",
          /compares claims\['repository_id'\] by matches; of this issuer, Entra compares sub \(eq, matches\), /,
          "claims['sub'] eq 'a' and claims['repository_id'] matches '2*'",
        ],
        [
          "with another operator",
          /compares claims\['sub'\] by startswith; /,
          "claims['sub'] startswith 'a' and claims['repository_id'] eq '2'",
        ],
        [
          "with another claim",
          /compares claims\['ref'\] by eq; /,
          "claims['sub'] eq 'a' and claims['repository_id'] eq '2' and claims['ref'] eq 'b'",
        ],
        [
          "of GitLab without its project",
          /must compare project_id as well/,
          "claims['sub'] eq 'a' and claims['namespace_id'] eq '2'",
          "https://gitlab.com",
        ],
        [
          "of HCP Terraform with another claim",
          /compares claims\['organization'\] by eq; /,
          "claims['sub'] eq 'a' and claims['organization'] eq 'b'",
          "https://app.terraform.io",
        ],
      ] as const
    ).map(([what, message, claimsMatchingExpression, issuer = github.issuer]): SingleProblem => [
      `an expression ${what}`,
      client({
        federatedCredentials: [
          {
            name: "flexible",
            issuer,
            claimsMatchingExpression: claimsMatchingExpression || flexible.claimsMatchingExpression,
          },
        ],
      }),
      "clients.a.federatedCredentials[0].claimsMatchingExpression",
      message,
    ]),
    [
      "a former name of two federated credentials",
      client({
        federatedCredentials: ["one", "two"].map((name) => ({
          ...github,
          name: `github-${name}`,
          subject: `${github.subject}-${name}`,
          formerName: "github-before",
        })),
      }),
      "clients.a.federatedCredentials[1].formerName",
      /is already the former name of \[0\]/,
    ],
    [
      "a former name that a federated credential still has",
      client({
        federatedCredentials: [
          github,
          { ...github, name: "github-new", subject: "another", formerName: github.name },
        ],
      }),
      "clients.a.federatedCredentials[1].formerName",
      /is the name of \[0\], too/,
    ],
    [
      "more federated credentials than Entra allows",
      client({
        federatedCredentials: Array.from({ length: 21 }, (_, index) => ({
          ...github,
          name: `github-${index}`,
          subject: `${github.subject}-${index}`,
        })),
      }),
      "clients.a.federatedCredentials",
      /more entries than the 20/,
    ],
    [
      "a permission entry that asks for nothing",
      client({ permissions: [{ api: "fhir" }] }),
      "clients.a.permissions[0]",
      /asks for nothing; name scopes or roles/,
    ],
    [
      "an API that is neither known nor a client id",
      client({ permissions: [{ api: "graph", scopes: ["x"] }] }),
      "clients.a.permissions[0].api",
      /"graph" is not an API; write fhir or the client id/,
    ],
    [
      "the FHIR side's application",
      { ...client({}), api: { clientId: "4F6778D8-5aef-43dc-a1ff-b073724b9495" } },
      "api.clientId",
      /"Azure Healthcare APIs", the FHIR side/,
    ],
    ["a day that is no date", { ...client({}), asOf: "soon" }, "asOf", /"soon" is not a calendar date/],
    [
      "another cloud without its values",
      { ...client({}), environment: "usgovernment" },
      "api",
      /give clientId, audience, loginUrl, dicomServiceUrl/,
    ],
  ];
  for (const [issuer, claimsMatchingExpression] of [
    [github.issuer, flexible.claimsMatchingExpression],
    [github.issuer, "claims['repository_owner_id'] eq '1' and claims['sub'] eq 'a and b'"],
    [
      github.issuer,
      "claims['job_workflow_ref'] matches 'a/b/*' and claims['sub'] matches '*' and claims['repository_owner_id'] eq '1'",
    ],
    ["https://gitlab.com", "claims['sub'] matches 'project_path:a/b:*' and claims['project_id'] eq '2'"],
    [
      "https://gitlab.contoso.ca",
      "claims['sub'] eq 'a' and claims['project_id'] eq '2' and claims['user_id'] eq '3'",
    ],
    ["https://app.terraform.io", "claims['sub'] matches 'organization:a:project:b:workspace:c:run_phase:*'"],
    ["https://app.eu.terraform.io", "claims['sub'] eq 'a'"],
  ] as const) {
    it(`takes ${claimsMatchingExpression} of ${issuer}`, () => {
      const federatedCredentials = [{ name: "flexible", issuer, claimsMatchingExpression }];
      const { clients } = readStackConfig(client({ federatedCredentials }), now);
      assert.deepEqual(clients["a"]?.federatedCredentials, federatedCredentials);
    });
  }

  for (const [what, raw, path, message] of single) {
    it(`refuses ${what}`, () => {
      const problems = problemsWith(raw);
      assert.deepEqual(
        problems.map(([where]) => where),
        [path],
      );
      assert.match(problems[0]?.[1] ?? "", message);
    });
  }

  describe("certificates in files", () => {
    let folder: string;
    let pem: string;
    let key: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "certificates-"));
      const made = await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
      [pem, key] = [join(folder, "gateway.pem"), join(folder, "gateway.key")];
      writeFileSync(pem, made.pem);
      writeFileSync(key, made.privateKeyPem);
    });
    after(() => rmSync(folder, { recursive: true }));

    it("takes their text in the place of their names", () => {
      const config = readStackConfig(client({ certificates: [{ name: "gateway", file: pem }] }), now);
      assert.deepEqual(config.clients["a"]?.certificates, [
        { name: "gateway", pem: readFileSync(pem, "utf8") },
      ]);
    });

    it("blames the file for what is wrong with the text", () => {
      assert.deepEqual(
        problemsWith(client({ certificates: [{ name: "gateway", file: key }] })).map(([path]) => path),
        ["clients.a.certificates[0].file"],
      );
    });

    it("finds a missing file and a past end at once", () => {
      const problems = problemsWith(
        client({ certificates: [{ name: "gateway", file: "missing.pem", expiresOn: "2026-11-22" }] }),
      );
      assert.deepEqual(
        problems.map(([path]) => path),
        ["clients.a.certificates[0].file", "clients.a.certificates[0].expiresOn"],
      );
      assert.match(problems[0]?.[1] ?? "", /"missing\.pem" cannot be read \(ENOENT\)/);
      assert.match(problems[1]?.[1] ?? "", /2026-11-22 is in the past/);
    });

    it("does not read what is not a file, or is larger than a certificate", () => {
      const large = join(folder, "large.pem");
      writeFileSync(large, Buffer.alloc(1024 * 1024 + 1));
      for (const [file, wanted] of [
        [devNull, /is not a file/],
        [folder, /is not a file/],
        [large, /is larger than a certificate can be/],
      ] as const) {
        const [problem] = problemsWith(client({ certificates: [{ name: "gateway", file }] }));
        assert.equal(problem?.[0], "clients.a.certificates[0].file");
        assert.match(problem[1], wanted);
      }
    });

    it("refuses one certificate under two names, whatever way it is written", () => {
      const text = readFileSync(pem, "utf8");
      const certificates = [
        { name: "gateway", file: pem },
        { name: "other", pem: text.replaceAll("\n", "\r\n") },
      ];
      const [problem, ...others] = problemsWith(client({ certificates }));
      assert.deepEqual(others, []);
      assert.equal(problem?.[0], "clients.a.certificates[1].pem");
      assert.match(problem[1], /is the same certificate as \[0\]; remove one of the two/);
    });

    it("wants either a file or a text", () => {
      assert.deepEqual(
        problemsWith(client({ certificates: [{ name: "gateway" }] })).map(([path]) => path),
        ["clients.a.certificates[0]"],
      );
    });
  });

  it("refuses one vault secret for two clients, in whatever case it is written", () => {
    const secret = { from: "2026-11-23" };
    const problems = problemsWith({
      clients: {
        a: { displayName: "A", secret, vault: { id: vault, secretName: "dicom" } },
        b: { displayName: "B", secret, vault: { id: vault.toUpperCase(), secretName: "DICOM" } },
        c: { displayName: "C", secret, vault: { id: vault, secretName: "other" } },
      },
    });
    assert.deepEqual(problems, [
      ["clients.b.vault.secretName", "is already the secret of clients.a.vault; every client needs its own"],
    ]);
  });

  it("lets one client alone continue a former name", () => {
    const credentials = "none";
    const problems = problemsWith({
      clients: {
        a: { displayName: "A", credentials, formerNames: ["a", "gateway"] },
        b: { displayName: "B", credentials, formerNames: ["viewer", "gateway"] },
        c: { displayName: "C", credentials, formerNames: ["a"] },
      },
    });
    assert.deepEqual(problems, [
      [
        "clients.b.formerNames[1]",
        "is already a former name of clients.a; leave it to the client that was renamed",
      ],
      [
        "clients.c.formerNames[0]",
        "is the name of clients.a, too; give that one another name, or remove this once the rename is deployed",
      ],
    ]);
  });

  it("accepts another cloud when its values are given", () => {
    const api = {
      clientId: "75e725bf-66ce-4cea-9b9a-5c4caae57f30",
      audience: "https://dicom.example.us",
      loginUrl: "https://login.microsoftonline.us",
      dicomServiceUrl: "https://{workspace}-{service}.dicom.azurehealthcareapis.us",
    };
    assert.deepEqual(readStackConfig({ ...client({}), api, environment: "usgovernment" }, now).api, api);
  });

  it("gives every access that names no place the stack's DICOM service", () => {
    const workspace = dicomService.slice(0, dicomService.indexOf("/dicomservices/"));
    const other = `${workspace}/dicomservices/other`;
    const access = [{ role: "reader" }, { dicomService: other }, { workspace }];
    const { clients } = readStackConfig({ ...client({ access }), dicomService }, now);
    assert.deepEqual(clients["a"]?.access, [
      { role: "reader", dicomService },
      { dicomService: other },
      { workspace },
    ]);
  });

  it("adds no access of itself, and takes an empty DICOM service for none", () => {
    assert.equal(readStackConfig({ ...client({}), dicomService }, now).clients["a"]?.access, undefined);
    assert.deepEqual(
      problemsWith({ ...client({ access: [{ role: "reader" }] }), dicomService: "" }).map(([path]) => path),
      ["clients.a.access[0]"],
    );
  });

  it("says once what is wrong with the stack's DICOM service, beside what is wrong with the clients", () => {
    assert.deepEqual(
      problemsWith({ ...client({ access: [{}, { role: "writer" }] }), dicomService: "pacs" }).map(
        ([path]) => path,
      ),
      ["dicomService", "clients.a.access[1].role"],
    );
  });

  it("counts its problems in a message without a stack trace", () => {
    try {
      readStackConfig({ clients: { a: { credentials: "none" } } }, now);
      assert.fail("accepted a client without a name");
    } catch (error) {
      // The engine prints the message of a RunError alone.
      assert.ok(RunError.isInstance(error));
      assert.equal(
        error.message,
        "The configuration has 1 problem; nothing has been created or changed.\n  clients.a.displayName: is missing",
      );
    }
  });

  it("is checked by editors: known keys, in one spelling each, under config", () => {
    const schema = JSON.parse(
      readFileSync(join(__dirname, "..", "..", "components", "stack", "config.schema.json"), "utf8"),
    ) as object;
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const own = "dicom-service-client";
    const clients = { a: { displayName: "A" } };
    for (const config of [
      { clients, asOf: "today" },
      { [`${own}:clients`]: clients, asOf: "today", "azuread:tenantId": "x" },
      { "imaging:clients": clients },
      { clients, "azure-native:config:subscriptionId": "x", "azuread:version": "6.9.1", "random:seed": "x" },
      // Keys of another program's that are called as ours.
      { clients, "keycloak:clients": "portal" },
      { [`${own}:clients`]: clients, "network:clients": ["10.0.0.0/24"], "network:api": "https://network" },
      { clients, "keycloak:clients": { portal: { redirectUris: [] } }, "other:dicomService": { port: 104 } },
      { clients, "imaging:asOf": 7, "imaging:deployingIdentity": ["x"] },
    ]) {
      assert.ok(validate({ config }), JSON.stringify(validate.errors));
    }
    for (const config of [
      { clients, [`${own}:clients`]: clients },
      { clients, [`${own}:config:clients`]: clients },
      { [`${own}:clients`]: clients, [`${own}:config:clients`]: clients },
      { clients, asOf: "today", [`${own}:asOf`]: "today" },
      { clients, [`${own}:asOf`]: 7 },
      { clients, "azuread:tenantId": "x", "azuread:config:tenantId": "x" },
      // Ours under another name, which the project may have.
      { clients, "imaging:clients": clients },
      { clients, "imaging:config:clients": clients },
      { clients, asof: "today" },
      { clients, [`${own}:asof`]: "today" },
      { "imaging:clients": { a: { displayName: "A", acess: [] } } },
      { clients, "azuread:tenantID": "x" },
      { clients, "azure-native:subscription": "x" },
    ]) {
      assert.ok(!validate({ config }), JSON.stringify(config));
    }
    assert.ok(validate({ config: { clients }, encryptionsalt: "v1:x", base: {} }));
    for (const beside of ["asOf", `${own}:api`, "azure-native:subscriptionId"]) {
      assert.ok(!validate({ config: { clients }, [beside]: "x" }), beside);
    }
  });
});

function client(more: Readonly<Record<string, unknown>>): RawStackConfig {
  const has = ["secret", "certificates", "federatedCredentials"].some((key) => key in more);
  const credentials = has ? {} : { credentials: "none" };
  return { clients: { a: { displayName: "A", ...credentials, ...more } } };
}

function problemsWith(raw: RawStackConfig): [string, string][] {
  try {
    readStackConfig(raw, now);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ path, message }) => [formatPath(path), message]);
  }
  return assert.fail("the configuration was accepted");
}
