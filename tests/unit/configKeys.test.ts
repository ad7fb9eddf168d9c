import assert from "node:assert/strict";
import * as azureNative from "@pulumi/azure-native/config";
import * as azuread from "@pulumi/azuread";
import { providerKeys, repeatedKeyProblems, unknownKeyProblems } from "../../components/stack/configKeys";
import { formatPath, type Problem } from "../../components/problem";

const project = "imaging-clients";
const messages = (problems: readonly Problem[]): string[] =>
  problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

describe("the keys at the top of the configuration", () => {
  for (const [what, keys, spellings] of [
    ["without and with the project's name", ["clients", "imaging-clients:clients"], 2],
    ["in Pulumi's older form", ["imaging-clients:config:clients", "imaging-clients:clients"], 2],
    ["in all three forms", ["imaging-clients:config:clients", "clients", "imaging-clients:clients"], 3],
  ] as const) {
    it(`may be written once, not ${what}`, () => {
      const [message, ...others] = messages(repeatedKeyProblems(keys, project, "Pulumi.dev.yaml"));
      assert.deepEqual(others, []);
      assert.match(message ?? "", /^clients: stands in Pulumi\.dev\.yaml as /);
      for (const key of keys) assert.ok(message?.includes(key));
      assert.match(message ?? "", /Pulumi uses one and ignores the other/);
      assert.match(message ?? "", /Merge them into imaging-clients:clients/);
      assert.equal(keys.length, spellings);
    });
  }

  it("of the providers may be written once, too", () => {
    assert.deepEqual(
      repeatedKeyProblems(["azuread:tenantId", "azuread:config:tenantId"], project, "f").map(
        ({ path }) => path,
      ),
      [["azuread:tenantId"]],
    );
  });

  it("may be written in any form, and like those of others", () => {
    assert.deepEqual(
      repeatedKeyProblems(
        ["clients", "imaging-clients:api", "other:clients", "other:api", "azuread:tenantId"],
        project,
        "f",
      ),
      [],
    );
  });

  const known = ["clients", "api", "asOf", "deployingIdentity"];
  const unknown = (config: Readonly<Record<string, string>>): string[] =>
    messages(unknownKeyProblems(config, project, known));
  const clients = JSON.stringify({ gateway: { displayName: "Gateway" } });

  it("are known, or a similar one is named", () => {
    assert.deepEqual(
      unknown({
        "imaging-clients:clients": clients,
        "imaging-clients:asof": "today",
        "imaging-clients:deployingIdentiy": "signed-in",
        "imaging-clients:owner": "x",
        "pulumi:tags": "{}",
        "random:seed": "1",
      }),
      [
        "asof: unknown key; known here: clients, api, asOf, deployingIdentity; did you mean asOf?",
        "deployingIdentiy: unknown key; known here: clients, api, asOf, deployingIdentity; did you mean deployingIdentity?",
        "owner: unknown key; known here: clients, api, asOf, deployingIdentity",
      ],
    );
  });

  it("of the providers are those of their SDKs, or a similar one is named", () => {
    const ofSdks = { azuread: azuread.config, "azure-native": azureNative };
    for (const [provider, config] of Object.entries(ofSdks)) {
      const ofSdk = Object.keys(config).filter((key) => key !== "default");
      assert.deepEqual(providerKeys[provider], [...ofSdk, "pluginDownloadURL", "version"], provider);
    }
    assert.deepEqual(unknown({ "azuread:tenantId": "x", "azuread:config:environment": "public" }), []);
    const [misspelt, cut, ...others] = unknown({
      "azuread:tenantID": "x",
      "azure-native:subscription": "x",
      "azure-native:region": "x",
    });
    assert.match(
      misspelt ?? "",
      /^\["azuread:tenantID"\]: unknown key; known here: .*; did you mean tenantId\?$/,
    );
    assert.match(
      cut ?? "",
      /^\["azure-native:subscription"\]: unknown key; .* did you mean subscriptionId\?$/,
    );
    assert.equal(others.length, 1);
    assert.match(others[0] ?? "", /^\["azure-native:region"\]: unknown key; known here: .*location/);
  });

  it("under a misspelt name of the project are not lost without a word", () => {
    assert.deepEqual(
      unknown({
        "imaging-client:asOf": "today",
        "Imaging-Clients:api": "{}",
        "imaging-client:asof": "today",
        "imaging:api": "{}",
      }),
      [
        '["imaging-client:asOf"]: belongs to a project named imaging-client, but this one is imaging-clients; write imaging-clients:asOf',
        '["Imaging-Clients:api"]: belongs to a project named Imaging-Clients, but this one is imaging-clients; write imaging-clients:api',
        '["imaging-client:asof"]: belongs to a project named imaging-client, but this one is imaging-clients; write imaging-clients:asOf',
      ],
    );
  });

  it("of a project that had another name are not lost without a word", () => {
    assert.deepEqual(
      unknown({
        "dicom-service-client:clients": clients,
        "dicom-service-client:asOf": "today",
        "other:api": "{}",
      }),
      [
        '["dicom-service-client:clients"]: belongs to a project named dicom-service-client, but this one is imaging-clients; write imaging-clients:clients',
        '["dicom-service-client:asOf"]: belongs to a project named dicom-service-client, but this one is imaging-clients; write imaging-clients:asOf',
      ],
    );
  });

  it("that are another program's are its own", () => {
    assert.deepEqual(
      unknown({
        "network:clients": '["10.0.0.0/24"]',
        "network:api": "https://network",
        "imaging-client:theirs": "x",
        "keycloak:clients": "portal",
      }),
      [],
    );
    // A provider whose name is near the project's is still the provider.
    assert.deepEqual(unknownKeyProblems({ "azuread:tenantId": "x" }, "azure-ad", known), []);
  });
});
