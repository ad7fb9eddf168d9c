import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";

const folder = join(__dirname, "..", "..", "components");
const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly optional?: boolean;
}

interface Definition {
  readonly properties?: Readonly<Record<string, Property>>;
}

// The SDK's own analyzer makes the schema of a component package; what it cannot express it refuses.
describe("the component as a package for other languages", function () {
  this.timeout(30_000);
  let inputs: Readonly<Record<string, Property>>;
  let outputs: Readonly<Record<string, Property>>;
  let types: Readonly<Record<string, Definition>>;

  before(() => {
    const manifest = read(join(folder, "package.json")) as { readonly name: string };
    const analyzer = new Analyzer(folder, manifest.name, manifest, new Set(["DicomServiceClient"]));
    const { components, typeDefinitions } = analyzer.analyze();
    const component = components["DicomServiceClient"];
    assert.ok(component);
    inputs = component.inputs;
    outputs = component.outputs;
    types = typeDefinitions;
  });

  it("takes every argument, and requires only the display name", () => {
    assert.deepEqual(Object.keys(inputs), [
      "displayName",
      "description",
      "owners",
      "serviceManagementReference",
      "access",
      "consent",
      "permissions",
      "secret",
      "certificates",
      "federatedCredentials",
      "credentials",
      "vault",
      "protect",
      "asOf",
      "api",
      "tenant",
    ]);
    assert.deepEqual(
      Object.keys(inputs).filter((name) => inputs[name]?.optional !== true),
      ["displayName"],
    );
  });

  it("publishes its outputs and no private field", () => {
    assert.deepEqual(Object.keys(outputs).sort(), [
      "audience",
      "clientId",
      "clientSecret",
      "consentUrl",
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

  it("describes every argument, output and nested property", () => {
    const nested = Object.entries(types).flatMap(([type, { properties = {} }]) =>
      Object.entries(properties).map(([name, property]): [string, Property] => [`${type}.${name}`, property]),
    );
    for (const [name, { description }] of [
      ...Object.entries(inputs),
      ...Object.entries(outputs),
      ...nested,
    ]) {
      assert.match(description ?? "", /^[A-Z`].*[.)]$/s, name);
      assert.doesNotMatch(description ?? "", /\[object Object\]/, name);
    }
  });

  it("says of every argument what happens without it, and shows an example", () => {
    for (const [name, { description }] of Object.entries(inputs)) {
      assert.match(description ?? "", /Required\.|Default|the default/, name);
      assert.match(description ?? "", /Example:/, name);
    }
  });

  it("pins the same dependencies as the stack", () => {
    const [ours, stack] = [join(folder, "package.json"), join(folder, "..", "package.json")].map(
      (file) => (read(file) as { readonly dependencies: unknown }).dependencies,
    );
    assert.deepEqual(ours, stack);
  });
});
