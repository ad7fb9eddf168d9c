import { randomUUID } from "node:crypto";
import type { AppManagementPolicy, TenantAppManagementPolicy } from "@microsoft/microsoft-graph-types";
import * as s from "../../core/bodySchema";
import { defaultPolicyId, durationMilliseconds } from "../../domain/appManagementPolicy";
import type { Directory } from "../../state/directory";
import {
  type ActorExemption,
  type AppManagementPolicyRecord,
  type PolicyRecord,
  type PolicyRestriction,
  type PolicyRestrictions,
  tokenPolicyKinds,
} from "../../state/records";
import type { Services } from "../services";
import { readBody } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { applicationKind, servicePrincipalKind } from "./objectKinds";
import { entityAnswer, noContent, type Entity, type EntityType } from "./odataQuery";
import { type PolicyCollection, policyCollectionOperations } from "./policyCollection";
import { tokenPolicies } from "./tokenPolicies";

const defaultPolicyType: EntityType = { name: "microsoft.graph.tenantAppManagementPolicy", onlySelected: {} };

const exemption: s.BodySchema<ActorExemption> = s.object(
  { id: s.text, operator: s.oneOf(["equals"]), value: s.nullableText },
  ["id"],
);
const restriction = (types: readonly [string, ...string[]]): s.BodySchema<PolicyRestriction> =>
  s.object(
    {
      restrictionType: s.oneOf(types, ["trustedCertificateAuthority"]),
      maxLifetime: s.nullableText,
      restrictForAppsCreatedAfterDateTime: s.nullableText,
      state: s.oneOf(["enabled", "disabled"]),
      excludeActors: s.nullable(s.object({ customSecurityAttributes: s.list(exemption) })),
    },
    ["restrictionType"],
  );
/**
 * The restrictions on symmetric keys and on secrets that a client chooses are kept, and never refuse anything: this tenant takes
 * neither. Restrictions on other things than credentials are not implemented.
 */
const restrictions = s.resettable(
  s.object(
    {
      passwordCredentials: s.list(
        restriction([
          "passwordAddition",
          "passwordLifetime",
          "symmetricKeyAddition",
          "symmetricKeyLifetime",
          "customPasswordAddition",
        ]),
      ),
      keyCredentials: s.list(restriction(["asymmetricKeyLifetime"])),
    },
    [],
    ["applicationRestrictions", "audiences", "identifierUris", "redirectUris"],
  ),
);
const texts = { displayName: s.text, description: s.text, isEnabled: s.flag(false) };
const defaultPolicySchema = s.object({
  ...texts,
  applicationRestrictions: restrictions,
  servicePrincipalRestrictions: restrictions,
});
const policySchema = s.object({ ...texts, restrictions }, ["displayName", "description"]);

/** Policies on credentials, tokens and sign-in: the tenant's default, and those that are assigned to single objects. */
export function policyOperations(services: Services): readonly GraphOperation[] {
  const defaultPath = "/{version}/policies/defaultAppManagementPolicy";
  return [
    {
      id: "graph.defaultAppManagementPolicy.get",
      method: "GET",
      path: defaultPath,
      access: graphAccess.readPolicies,
      handle: (directory, input) =>
        entityAnswer(
          input,
          "policies/defaultAppManagementPolicy",
          defaultPolicyType,
          defaultPolicyView(getDefaultPolicy(directory)),
        ),
    },
    {
      id: "graph.defaultAppManagementPolicy.update",
      method: "PATCH",
      path: defaultPath,
      access: graphAccess.changePolicies,
      handle(directory, input) {
        const { id, ...before } = getDefaultPolicy(directory);
        const after = readBody(input, defaultPolicySchema, "TenantAppManagementPolicy", before);
        checkRestrictions(after.applicationRestrictions);
        checkRestrictions(after.servicePrincipalRestrictions);
        directory.policies.put({ id, ...after });
        return noContent(input);
      },
    },
    ...policyCollectionOperations(appManagementPolicies(), services),
    ...tokenPolicyKinds.flatMap((kind) => policyCollectionOperations(tokenPolicies(kind), services)),
  ];
}

function appManagementPolicies(): PolicyCollection<AppManagementPolicyRecord> {
  return {
    name: "appManagementPolicies",
    type: { name: "microsoft.graph.appManagementPolicy", onlySelected: {} },
    holders: [applicationKind, servicePrincipalKind],
    access: {
      targets: graphAccess.readAssignedPolicies,
      ofObject: graphAccess.readAssignedPolicies,
      assign: graphAccess.assignPolicy,
    },
    all: (directory) => directory.appManagementPolicies.all(),
    create(directory, input) {
      const body = readBody(input, policySchema, "AppManagementPolicy");
      checkRestrictions(body.restrictions);
      return directory.appManagementPolicies.put({ id: randomUUID(), objectIds: [], ...body });
    },
    table: (directory) => directory.appManagementPolicies,
    view: policyView,
  };
}

function getDefaultPolicy(directory: Directory): PolicyRecord {
  const policy = directory.policies.get(defaultPolicyId);
  if (policy === undefined) throw new Error("the tenant's policy record is gone");
  return policy;
}

/** @throws Refusal when a lifetime is no duration */
function checkRestrictions(lists: PolicyRestrictions): void {
  [...lists.passwordCredentials, ...lists.keyCredentials]
    .flatMap((entry) => entry.maxLifetime ?? [])
    .forEach(durationMilliseconds);
}

function defaultPolicyView(policy: PolicyRecord): Entity {
  const { applicationRestrictions, servicePrincipalRestrictions, ...others } = policy;
  const view: TenantAppManagementPolicy = others;
  return {
    ...view,
    applicationRestrictions: { ...restrictionsView(applicationRestrictions), identifierUris: null },
    servicePrincipalRestrictions: restrictionsView(servicePrincipalRestrictions),
  };
}

function policyView(policy: AppManagementPolicyRecord): Entity {
  const { restrictions: lists, objectIds: _objectIds, ...others } = policy;
  const view: AppManagementPolicy = others;
  return {
    ...view,
    restrictions: { ...restrictionsView(lists), applicationRestrictions: null },
  };
}

/** The client library's types lack `excludeActors`; the service sends it. */
function restrictionsView(lists: PolicyRestrictions): object {
  const view = ({ excludeActors, ...entry }: PolicyRestriction): object => ({
    excludeActors: excludeActors
      ? {
          customSecurityAttributes: excludeActors.customSecurityAttributes.map((exempted) => ({
            "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
            ...exempted,
          })),
        }
      : null,
    ...entry,
  });
  return {
    keyCredentials: lists.keyCredentials.map(view),
    passwordCredentials: lists.passwordCredentials.map(view),
  };
}
