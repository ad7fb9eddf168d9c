import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackResources } from "../../../runner/stackResources";
import { html } from "../../../tenant/surfaces/page/html";
import { seed, seedResourceIds } from "../../../tenant/seed";
import type { StackResource } from "../../../tenant/surfaces/page/tenantOverview";
import type { TestAnswer } from "lab";
import { TestTenant } from "../support/testTenant";
import { longName, shownTenant, type ShownTenant } from "./shownTenant";

/** What the markup of a table's cells says, row by row; entities stay as they are. */
function rowsOf(page: string, section: string): readonly (readonly string[])[] {
  const table = new RegExp(`<h2 id="${section}">.*?<tbody>(.*?)</tbody>`, "s").exec(page)?.[1] ?? "";
  const text = (markup: string): string =>
    markup
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => text(cell)),
  );
}

describe("Page of the tenant", () => {
  let shown: ShownTenant;

  before(async () => {
    shown = await shownTenant();
  });
  after(() => shown.tenant.stop());

  const get = (host?: string): Promise<TestAnswer> =>
    shown.tenant.call("GET", "/", host === undefined ? {} : { headers: { host } });
  const rows = async (section: string): Promise<readonly (readonly string[])[]> =>
    rowsOf((await get()).expect(200).body, section);
  const name =
    "&lt;/title&gt;&lt;script&gt;document.title = &quot;taken&quot;&lt;/script&gt;&lt;img src=x " +
    "onerror=&quot;document.title=&#39;taken&#39;&quot;&gt; &quot;&#39;&amp;amp;";

  it("shows applications with their ids and owners, and deleted ones apart", async () => {
    const { application, deleted } = shown;
    assert.deepEqual(await rows("applications"), [
      [
        seed.pipeline.displayName,
        seed.pipeline.appId,
        seed.pipeline.objectId,
        seed.pipeline.servicePrincipalId,
        "none",
      ],
      [
        name,
        application.appId,
        application.id,
        application.servicePrincipalId,
        `Sandbox Administrator ${seed.adminUserId}`,
      ],
    ]);
    const times = ["2027-03-31 12:00:00 UTC", "2027-04-30 12:00:00 UTC"];
    assert.deepEqual(await rows("deleted"), [
      [longName, "service principal", deleted.appId, deleted.servicePrincipalId, ...times],
      [longName, "application", deleted.appId, deleted.id, ...times],
    ]);
  });

  it("shows every credential with its dates and the days that are left", async () => {
    const credentials = await rows("credentials");
    assert.ok(credentials.every(([holder]) => holder === `${name} ${shown.application.id}`));
    const start = "2027-01-01 00:00:00 UTC";
    assert.deepEqual(
      credentials.map(([, kind, label, , ...dates]) => [kind, label, ...dates]),
      [
        ["client secret", "", start, "2029-01-01 00:00:00 UTC", "640 days, valid", ""],
        ["client secret", "past", start, "2027-02-01 00:00:00 UTC", "0 days, expired", ""],
        ["client secret", "half", start, "2027-06-30 00:00:00 UTC", "89 days, valid", ""],
        ["client secret", "soon", start, "2027-04-03 00:00:00 UTC", "1 day, ends soon", ""],
        [
          "client secret",
          "next",
          "2027-05-01 00:00:00 UTC",
          "2027-11-01 00:00:00 UTC",
          "213 days, not yet valid",
          "",
        ],
        ["certificate", "CN=test client", start, "2027-12-31 00:00:00 UTC", "273 days, valid", ""],
        ["federated credential", "github", "none", "none", "no end", "no end"],
      ],
    );
  });

  it("shows consents, app roles and Azure roles with the names of both sides", async () => {
    const principal = `${name} ${shown.application.servicePrincipalId}`;
    const graph = "Microsoft Graph a0000000-0000-4000-8000-000000000001";
    const dicom = "Azure API for DICOM a0000000-0000-4000-8000-000000000004";
    assert.deepEqual(await rows("consents"), [
      [principal, dicom, "Dicom.ReadWrite", "AllPrincipals", "none"],
    ]);
    assert.deepEqual((await rows("app-roles")).at(-1), [
      principal,
      graph,
      "Application.Read.All",
      "2027-01-01 00:00:00 UTC",
    ]);
    assert.deepEqual(await rows("azure-roles"), [
      [`Sandbox Administrator ${seed.adminUserId}`, "Owner", seedResourceIds.subscription],
      ...[
        ["Contributor", seedResourceIds.subscription],
        ["Role Based Access Control Administrator", seedResourceIds.subscription],
        ["Key Vault Secrets Officer", seedResourceIds.keyVault],
      ].map((role) => [`${seed.pipeline.displayName} ${seed.pipeline.servicePrincipalId}`, ...role]),
    ]);
  });

  it("shows the newest fifty requests, the latest first, with what was missing", async () => {
    const before = await rows("requests");
    assert.ok(
      before.some(
        ([, operation, , status, reason]) =>
          operation === "graph.applications.create" &&
          status === "403" &&
          reason?.startsWith(`${name} (${shown.application.servicePrincipalId}) lacks Application.`) === true,
      ),
    );
    await shown.tenant.call("GET", "/metadata/?a&b");
    for (let i = 0; i < 49; i++) await shown.tenant.call("GET", "/metadata/endpoints");
    const after = await rows("requests");
    assert.equal(after.length, 50);
    assert.deepEqual(after.at(0)?.slice(1, 4), ["metadata.endpoints", "anyone", "400"]);
    assert.deepEqual(after.at(-1)?.slice(1, 4), ["GET /metadata/?a&amp;b", "unknown", "501"]);
  });

  it("holds no secret, no token, no hash of a secret and no certificate, nor does the log hold the page", async () => {
    const { body } = await get();
    for (const value of shown.confidential) assert.ok(!body.includes(value));
    assert.ok(!body.includes(shown.tenant.running.environment.ARM_CLIENT_SECRET ?? ""));
    assert.doesNotMatch(
      body,
      /[A-Za-z0-9_~.-]{3}\dQ~|eyJ[\w-]+\.|(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/,
    );
    assert.deepEqual(
      (({ operation, caller, response }) => [operation, caller, response])(
        shown.tenant.running.requests().at(-1) ?? assert.fail("nothing in the log"),
      ),
      ["page.show", "anybody on loopback", null],
    );
  });

  it("is HTML that may load nothing, run nothing, be kept nowhere and be framed by nobody", async () => {
    const { headers, body } = await get();
    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? "";
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.deepEqual(headers["content-security-policy"]?.toString().split("; "), [
      "default-src 'none'",
      `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  it("is given under the server's own names only, and to nobody who asks for another host", async () => {
    const { port } = new URL(shown.tenant.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`])
      (await get(host)).expect(200);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "localhost",
      "127.0.0.1:1",
      `127.0.0.1.evil.example:${port}`,
    ]) {
      (await get(host)).expectError(403, "Forbidden", `The page is at ${shown.tenant.url}/ only.`);
    }
    assert.equal(
      shown.tenant.running.requests().at(-1)?.reason,
      `the request was sent to the host '127.0.0.1.evil.example:${port}'`,
    );
  });

  it("cannot be written to", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "HEAD"]) {
      assert.equal((await shown.tenant.call(method, "/")).status, 501, method);
    }
  });
});

describe("Map on the page of the tenant", () => {
  const nodes = (page: string): readonly string[] =>
    [...page.matchAll(/<li( class="undeclared")?>((?:(?!<li).)*?)<small>/gs)].map(
      ([, standing, words = ""]) =>
        `${standing === undefined ? "" : "! "}${words
          .replace(/<[^>]*>/g, "")
          .replace(/\s+/g, " ")
          .trim()}`,
    );

  it("tells what the stack has deployed from what nobody declared, and names what is gone", async () => {
    let stack: readonly StackResource[] | undefined = [];
    const tenant = await TestTenant.start({ readStack: () => Promise.resolve(stack) });
    try {
      const token = await tenant.adminToken();
      const made = await tenant.application("Gateway");
      const add = async (displayName: string): Promise<string> => {
        const json = { passwordCredential: { displayName } };
        const path = `/v1.0/applications/${made.id}/addPassword`;
        return (await tenant.call("POST", path, { token, json })).expect(200).textAt("keyId");
      };
      const [declared] = [await add("slot a"), await add("by hand")];
      const page = async (): Promise<string> => (await tenant.call("GET", "/")).expect(200).body;
      assert.match(await page(), /has deployed nothing, so nothing is marked/);
      stack = undefined;
      assert.match(await page(), /is not known here, so nothing is marked/);
      stack = [
        { id: made.id.toUpperCase(), name: "gateway-application" },
        { id: made.servicePrincipalId, name: "gateway-service-principal" },
        { id: declared, name: "gateway-secret-a" },
        { id: "9f0c2a30-0000-4000-8000-000000000000", name: "gateway-consent" },
      ];
      const marked = await page();
      assert.deepEqual(
        nodes(marked).filter((node) => node.includes("slot a") || node.startsWith("!")),
        ["! client secret undeclared", "client secret slot a", "! client secret by hand undeclared"],
      );
      assert.match(
        marked.replace(/\s+/g, " "),
        /Not as declared: 2 undeclared, 1 missing\. Missing is what the stack has deployed and is gone: gateway-consent\./,
      );
      assert.match(
        marked,
        /Gateway<code>[^]*<h3>Not in the sandbox's stack<\/h3>[^]*Deployment pipeline<code>/,
      );
    } finally {
      await tenant.stop();
    }
  });

  it("takes what is deployed from the state of the sandbox's stack", async () => {
    const folder = await mkdtemp(join(tmpdir(), "backend-"));
    try {
      assert.deepEqual(await stackResources(folder), []);
      const project = join(folder, ".pulumi", "stacks", "clinic");
      await mkdir(project, { recursive: true });
      const resource = (type: string, id: string): object => ({
        type,
        id,
        urn: `urn:pulumi:sandbox::clinic::${type}::one`,
      });
      const resources = [
        { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:sandbox::clinic::pulumi:pulumi:Stack::clinic" },
        resource("azuread:index/applicationPassword:ApplicationPassword", "object/password/key"),
        resource(
          "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
          "/applications/object/federatedIdentityCredentials/claims",
        ),
        resource("azure-native:authorization:RoleAssignment", "/subscriptions/s/roleAssignments/role"),
        resource("azure-native:keyvault:Secret", "/subscriptions/s/secrets/secret"),
      ];
      const state = JSON.stringify({ version: 3, checkpoint: { latest: { resources } } });
      await writeFile(join(project, "sandbox.json"), state);
      assert.deepEqual(await stackResources(folder), [
        { id: "key", name: "one" },
        { id: "claims", name: "one" },
        { id: "role", name: "one" },
      ]);
      await writeFile(join(project, "sandbox.json"), state.slice(0, 50));
      assert.equal(await stackResources(folder), undefined);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("Markup of the page", () => {
  it("escapes every value that is not markup, whatever list it is in", () => {
    const bold = html`<b>${`<"'&>`}</b>`;
    assert.equal(
      html`<p title="${`"`}">${[bold, [" & ", 1]]}</p>`.text,
      `<p title="&quot;"><b>&lt;&quot;&#39;&amp;&gt;</b> &amp; 1</p>`,
    );
  });
});
