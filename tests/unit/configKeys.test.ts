import assert from "node:assert/strict";
import { repeatedKeyProblems, unknownKeyProblems } from "../../components/stack/configKeys";
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

  it("are known, or a similar one is named", () => {
    const found = messages(
      unknownKeyProblems(
        [
          "imaging-clients:clients",
          "imaging-clients:asof",
          "imaging-clients:deployingIdentiy",
          "imaging-clients:owner",
          "azuread:anything",
          "pulumi:tags",
        ],
        project,
        ["clients", "api", "asOf", "deployingIdentity"],
      ),
    );
    assert.deepEqual(found, [
      "asof: unknown key; known here: clients, api, asOf, deployingIdentity; did you mean asOf?",
      "deployingIdentiy: unknown key; known here: clients, api, asOf, deployingIdentity; did you mean deployingIdentity?",
      "owner: unknown key; known here: clients, api, asOf, deployingIdentity",
    ]);
  });

  it("under a misspelt name of the project are not lost without a word", () => {
    assert.deepEqual(
      messages(
        unknownKeyProblems(
          [
            "imaging-client:asOf",
            "Imaging-Clients:api",
            "imaging:api",
            "azuread:tenantId",
            "azure-native:location",
          ],
          project,
          ["clients", "api", "asOf"],
        ),
      ),
      [
        '["imaging-client:asOf"]: belongs to a project named imaging-client, but this one is imaging-clients; write imaging-clients:asOf',
        '["Imaging-Clients:api"]: belongs to a project named Imaging-Clients, but this one is imaging-clients; write imaging-clients:api',
      ],
    );
  });

  it("of a project that had another name are not lost without a word", () => {
    assert.deepEqual(
      messages(
        unknownKeyProblems(
          ["dicom-service-client:clients", "dicom-service-client:asOf", "other:api", "azuread:tenantId"],
          project,
          ["clients", "api", "asOf"],
        ),
      ),
      [
        '["dicom-service-client:clients"]: belongs to a project named dicom-service-client, but this one is imaging-clients; write imaging-clients:clients',
        '["dicom-service-client:asOf"]: belongs to a project named dicom-service-client, but this one is imaging-clients; write imaging-clients:asOf',
      ],
    );
  });
});
