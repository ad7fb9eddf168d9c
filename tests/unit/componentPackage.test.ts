import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { componentSchema, type PackageSchema } from "../../scripts/componentSchema";

describe("the component as a package for other languages", function () {
  this.timeout(30_000);
  let schema: PackageSchema;
  let component: PackageSchema["resources"][string];

  before(() => {
    schema = JSON.parse(readFileSync(componentSchema.path, "utf8")) as PackageSchema;
    component = schema.resources["dicom-service-client:index:DicomServiceClient"] ?? assert.fail();
  });

  it("takes every argument, and requires only the display name", () => {
    assert.deepEqual(Object.keys(component.inputProperties), [
      "displayName",
      "description",
      "owners",
      "serviceManagementReference",
      "access",
      "consent",
      "permissions",
      "secret",
      "certificates",
      "runsOn",
      "application",
      "federatedCredentials",
      "credentials",
      "vault",
      "protect",
      "asOf",
      "api",
      "tenant",
    ]);
    assert.deepEqual(component.requiredInputs, ["displayName"]);
  });

  it("publishes its outputs and no private field", () => {
    assert.deepEqual(Object.keys(component.properties).sort(), [
      "audience",
      "clientId",
      "clientSecret",
      "consentUrl",
      "dicomPartitions",
      "dicomServiceUrls",
      "nextRotationOn",
      "objectId",
      "previousClientSecret",
      "previousSecretId",
      "scope",
      "secretExpiresOn",
      "secretId",
      "servicePrincipalId",
      "tenantId",
      "tokenUrl",
    ]);
  });

  it("marks the values of secrets, and nothing else, as secret", () => {
    const marked = Object.entries(component.properties).filter(([, { secret }]) => secret === true);
    assert.deepEqual(
      marked.map(([name]) => name),
      ["clientSecret", "previousClientSecret"],
    );
  });

  it("describes the component, every type, argument, output and nested property", () => {
    const described: [string, string | undefined][] = [
      ["the component", component.description],
      ...descriptionsOf(component.inputProperties),
      ...descriptionsOf(component.properties),
      ...Object.entries(schema.types).flatMap(([token, type]): [string, string | undefined][] => [
        [token, type.description],
        ...descriptionsOf(type.properties, `${token}.`),
      ]),
    ];
    for (const [name, description] of described) {
      assert.match(description ?? "", /^[A-Z`].*([.)]|https:\/\/\S+)$/s, name);
      assert.doesNotMatch(description ?? "", /\[object Object\]/, name);
    }
  });

  it("says of every argument what happens without it, and shows an example", () => {
    for (const [name, { description }] of Object.entries(component.inputProperties)) {
      assert.match(description ?? "", /Required\.|Default|the default/, name);
      assert.match(description ?? "", /Example:/, name);
    }
  });

  it("gives no type a name that SDKs would lengthen to ArgsArgs", () => {
    assert.deepEqual(
      Object.keys(schema.types).filter((token) => token.endsWith("Args")),
      [],
    );
  });
});

function descriptionsOf(
  properties: PackageSchema["types"][string]["properties"],
  prefix = "",
): [string, string | undefined][] {
  return Object.entries(properties).map(([name, { description }]) => [`${prefix}${name}`, description]);
}
