import type { TenantAppManagementPolicy } from "@microsoft/microsoft-graph-types";
import * as s from "../../core/shape";
import { defaultPolicyId, durationMilliseconds } from "../../domain/appManagementPolicy";
import type { Directory } from "../../state/directory";
import type { PolicyRecord, PolicyRestriction, PolicyRestrictions } from "../../state/records";
import { readBody } from "./graphBody";
import { both, graphAccess, type GraphOperation } from "./graphOperation";
import { entityAnswer, noContent, type Entity, type EntityType } from "./odataQuery";

const policyType: EntityType = { name: "microsoft.graph.tenantAppManagementPolicy", onlySelected: {} };

const restriction = (types: readonly [string, ...string[]]): s.Shape<PolicyRestriction> =>
  s.object(
    {
      restrictionType: s.oneOf(types),
      maxLifetime: s.nullableText,
      restrictForAppsCreatedAfterDateTime: s.nullableText,
      state: s.oneOf(["enabled", "disabled"]),
    },
    ["restrictionType"],
  );
const restrictions = s.resettable(
  s.object({
    passwordCredentials: s.list(restriction(["passwordAddition", "passwordLifetime"])),
    keyCredentials: s.list(restriction(["asymmetricKeyLifetime"])),
  }),
);
const policyShape = s.object({
  displayName: s.text,
  description: s.text,
  isEnabled: s.flag(false),
  applicationRestrictions: restrictions,
  servicePrincipalRestrictions: restrictions,
});

/** The tenant's default policy on credentials of applications. */
export function policyOperations(): readonly GraphOperation[] {
  const path = "/{version}/policies/defaultAppManagementPolicy";
  return [
    {
      id: "graph.defaultAppManagementPolicy.get",
      method: "GET",
      path,
      versions: both,
      access: graphAccess.readPolicies,
      effect: "read",
      handle: (directory, input) =>
        entityAnswer(
          input,
          "policies/defaultAppManagementPolicy",
          policyType,
          policyView(getPolicy(directory)),
        ),
    },
    {
      id: "graph.defaultAppManagementPolicy.update",
      method: "PATCH",
      path,
      versions: both,
      access: graphAccess.changePolicies,
      effect: "write",
      handle(directory, input) {
        const { id, ...before } = getPolicy(directory);
        const after = readBody(input, policyShape, "TenantAppManagementPolicy", {
          ...before,
          applicationRestrictions: thawed(before.applicationRestrictions),
          servicePrincipalRestrictions: thawed(before.servicePrincipalRestrictions),
        });
        [after.applicationRestrictions, after.servicePrincipalRestrictions]
          .flatMap((lists) => [...lists.passwordCredentials, ...lists.keyCredentials])
          .flatMap((entry) => entry.maxLifetime ?? [])
          .forEach(durationMilliseconds);
        directory.policies.put({ id, ...after });
        return noContent(input);
      },
    },
  ];
}

function getPolicy(directory: Directory): PolicyRecord {
  const policy = directory.policies.get(defaultPolicyId);
  if (policy === undefined) throw new Error("the tenant's policy record is gone");
  return policy;
}

function thawed(lists: PolicyRestrictions): {
  passwordCredentials: PolicyRestriction[];
  keyCredentials: PolicyRestriction[];
} {
  return { passwordCredentials: [...lists.passwordCredentials], keyCredentials: [...lists.keyCredentials] };
}

function policyView(policy: PolicyRecord): Entity {
  const view: TenantAppManagementPolicy = {
    id: policy.id,
    displayName: policy.displayName,
    description: policy.description,
    isEnabled: policy.isEnabled,
  };
  return {
    ...view,
    applicationRestrictions: { ...restrictionsView(policy.applicationRestrictions), identifierUris: null },
    servicePrincipalRestrictions: restrictionsView(policy.servicePrincipalRestrictions),
  };
}

/** The client library's types lack `excludeActors`; the service sends it. */
function restrictionsView(lists: PolicyRestrictions): object {
  const view = (entry: PolicyRestriction): object => ({ excludeActors: null, ...entry });
  return {
    keyCredentials: lists.keyCredentials.map(view),
    passwordCredentials: lists.passwordCredentials.map(view),
  };
}
