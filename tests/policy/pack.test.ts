import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { publicDicomApi } from "../../components/dicomApi";
import { readRole } from "../../components/dicomRole";
import { defaultLifetimeDays } from "../../components/secretSchedule";
import { PolicyConfigError } from "../../policy/pack/policyConfig";
import { policies } from "../../policy/policies";
import { dicomRoles } from "../../policy/rules/azureRole";
import { credentialEndDate } from "../../policy/rules/credentialEndDate";
import { dicomScope, grantedPermissions } from "../../policy/rules/grantedPermissions";
import { dicomClientId, requestedPermissions } from "../../policy/rules/requestedPermissions";
import { examine } from "./examine";

const folder = join(__dirname, "..", "..", "policy");
const json = (...path: readonly string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, ...path), "utf8")) as Record<string, unknown>;

describe("the policy pack", () => {
  it("says of every policy what it is, why and what to do", () => {
    for (const policy of policies) {
      assert.match(policy.name, /^[a-z]+(-[a-z]+)+$|^owners$|^protection$/);
      assert.match(policy.description, /^[A-Z].+\.$/, policy.name);
      assert.match(policy.remediationSteps ?? "", /^[A-Z].+\.$/, policy.name);
      assert.match(policy.url ?? "", /^https:\/\//, policy.name);
      assert.ok(policy.displayName && policy.severity && policy.tags?.length, policy.name);
      assert.equal(policy.enforcementLevel, "mandatory");
    }
    assert.equal(new Set(policies.map(({ name }) => name)).size, policies.length);
  });

  it("says of every key what it means and what it is by default", () => {
    for (const { name, configSchema } of policies) {
      for (const [key, schema] of Object.entries(configSchema?.properties ?? {})) {
        assert.match(schema.description ?? "", /\.$/, `${name}.${key}`);
        assert.notEqual(schema.default, undefined, `${name}.${key}`);
      }
    }
  });

  it("has defaults that agree with the component", () => {
    assert.equal(dicomClientId, publicDicomApi.clientId);
    assert.equal(dicomScope, publicDicomApi.scope);
    assert.deepEqual({ reader: readRole("reader"), owner: readRole("owner") }, dicomRoles);
    const { maximumSecretDays } = credentialEndDate.configSchema?.properties ?? {};
    assert.equal(maximumSecretDays?.default, defaultLifetimeDays);
  });

  it("has the versions of dependencies that the component has, so that a project installs one of each", () => {
    const dependenciesOf = (...path: readonly string[]): Record<string, string> =>
      json(...path, "package.json")["dependencies"] as Record<string, string>;
    const [pack, component] = [dependenciesOf(), dependenciesOf("..", "components")];
    const shared = Object.keys(pack).filter((name) => name in component);
    assert.deepEqual(shared.sort(), ["@pulumi/pulumi", "zod"]);
    for (const name of shared) {
      assert.equal(pack[name], component[name], name);
    }
  });

  it("comes with an example that configures only what there is", async () => {
    for (const [name, config] of Object.entries(json("policy-config.example.json"))) {
      const policy = policies.find((candidate) => candidate.name === name);
      assert.ok(policy, name);
      if (typeof config === "object" && "validateResource" in policy) {
        await examine(policy, { type: "azuread:index/user:User" }, config as Record<string, unknown>);
      }
    }
  });

  it("refuses keys that a policy does not have, and values that make no sense", async () => {
    const refused = async (
      policy: ResourceValidationPolicy,
      config: Record<string, unknown>,
    ): Promise<string> => {
      try {
        await examine(policy, { type: "azuread:index/user:User" }, config);
      } catch (error) {
        assert.ok(error instanceof PolicyConfigError);
        assert.equal(error.stack, error.message);
        return error.message;
      }
      return "accepted";
    };
    assert.equal(
      await refused(grantedPermissions, { allowedScope: [], allowedRole: [] }),
      "the configuration of the policy granted-permissions is wrong: unknown key allowedScope, allowedRole; known: allowedScopes, allowedRoles",
    );
    assert.match(
      await refused(requestedPermissions, { allowed: [{ api: "Azure API for DICOM", scope: [] }] }),
      /^the configuration of the policy requested-permissions is wrong: allowed\.0\.api: .+; unknown key scope/,
    );
    const unique = policies.find(({ name }) => name === "unique-name");
    assert.ok(unique && "validateResource" in unique);
    assert.equal(
      await refused(unique, { strict: true }),
      "the configuration of the policy unique-name is wrong: unknown key strict; known: enforcementLevel",
    );
  });
});
