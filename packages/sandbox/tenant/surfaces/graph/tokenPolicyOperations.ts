import type { StsPolicy } from "@microsoft/microsoft-graph-types";
import { type Input, param } from "../../core/request";
import * as s from "../../core/bodySchema";
import { findDirectoryObject, getApplication, getServicePrincipal } from "../../domain/directoryObjects";
import { badRequest, directoryObjectNotFound } from "../../domain/directoryRefusals";
import type { Directory } from "../../state/directory";
import { tokenPolicyKinds, type TokenPolicyKind, type TokenPolicyRecord } from "../../state/records";
import type { Services } from "../services";
import { directoryObjectType, directoryObjectView } from "./directoryObjectView";
import { readBody, readReference } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, noContent, type Entity, type EntityType } from "./odataQuery";
import { type PolicyCollection, policyCollectionOperations, policyInPath } from "./policyCollection";

const typeNames: Readonly<Record<TokenPolicyKind, string>> = {
  claimsMappingPolicies: "claimsMappingPolicy",
  homeRealmDiscoveryPolicies: "homeRealmDiscoveryPolicy",
  tokenIssuancePolicies: "tokenIssuancePolicy",
  tokenLifetimePolicies: "tokenLifetimePolicy",
};
const typeOf = (kind: TokenPolicyKind): EntityType => ({
  name: `microsoft.graph.${typeNames[kind]}`,
  onlySelected: {},
});

const policySchema = s.object(
  {
    displayName: s.text,
    description: s.nullableText,
    definition: s.list(s.text),
    isOrganizationDefault: s.flag(false),
  },
  ["displayName", "definition"],
);

interface HolderKind {
  readonly segment: "applications" | "servicePrincipals";
  readonly parameter: "applicationId" | "servicePrincipalId";
  readonly find: (directory: Directory, input: Input) => { readonly id: string };
  /** What can be assigned to it. Source: the navigation properties of Microsoft Graph v1.0 */
  readonly policies: readonly TokenPolicyKind[];
}

const holders: readonly HolderKind[] = [
  {
    segment: "applications",
    parameter: "applicationId",
    find: (directory, input) => getApplication(directory, param(input, "applicationId")),
    policies: tokenPolicyKinds.filter((kind) => kind !== "claimsMappingPolicies"),
  },
  {
    segment: "servicePrincipals",
    parameter: "servicePrincipalId",
    find: (directory, input) => getServicePrincipal(directory, param(input, "servicePrincipalId")),
    policies: tokenPolicyKinds,
  },
];

/**
 * Policies on tokens and sign-in, and what they are assigned to; one of a kind for an object at most. Source:
 * https://learn.microsoft.com/graph/api/resources/policy-overview
 */
export function tokenPolicyOperations(services: Services): readonly GraphOperation[] {
  return [
    ...tokenPolicyKinds.flatMap((kind) => operationsOf(kind, services)),
    ...holders.flatMap((holder) => holder.policies.flatMap((kind) => assignmentsOf(holder, kind))),
  ];
}

function operationsOf(kind: TokenPolicyKind, services: Services): readonly GraphOperation[] {
  const policies: PolicyCollection<TokenPolicyRecord> = {
    ...lookup(kind),
    name: kind,
    type: typeOf(kind),
    all: (directory) => ofKind(directory, kind),
    create(directory, input) {
      const body = readBody(input, policySchema, typeNames[kind]);
      checkDefinition(body.definition);
      return directory.tokenPolicies.put({ id: services.ids.guid(), kind, objectIds: [], ...body });
    },
    update(directory, input, before) {
      const { displayName, description, definition, isOrganizationDefault } = before;
      const after = readBody(input, policySchema, typeNames[kind], {
        displayName,
        description,
        definition: [...definition],
        isOrganizationDefault,
      });
      checkDefinition(after.definition);
      directory.tokenPolicies.put({ ...before, ...after });
    },
    delete: (directory, id) => directory.tokenPolicies.delete(id),
    view: policyView,
  };
  return [
    ...policyCollectionOperations(policies),
    {
      id: `graph.${kind}.appliesTo`,
      method: "GET",
      path: `/{version}/policies/${kind}/{policyId}/appliesTo`,
      access: graphAccess.readTokenPolicyTargets,
      handle(directory, input) {
        // What is assigned to objects in the recycle bin comes back with them.
        const objects = policyInPath(lookup(kind), directory, input).objectIds.flatMap(
          (id) => findDirectoryObject(directory, id) ?? [],
        );
        return collectionAnswer(input, "directoryObjects", directoryObjectType, objects, (object) =>
          directoryObjectView(directory, object, services),
        );
      },
    },
  ];
}

function assignmentsOf(
  { segment, parameter, find }: HolderKind,
  kind: TokenPolicyKind,
): readonly GraphOperation[] {
  const path = `/{version}/${segment}/{${parameter}}/${kind}`;
  const assigned = (directory: Directory, id: string): readonly TokenPolicyRecord[] =>
    ofKind(directory, kind).filter(({ objectIds }) => objectIds.includes(id));
  return [
    {
      id: `graph.${segment}.${kind}.list`,
      method: "GET",
      path,
      access: graphAccess.assignTokenPolicy,
      handle: (directory, input) =>
        collectionAnswer(
          input,
          `${segment}('${param(input, parameter)}')/${kind}`,
          typeOf(kind),
          assigned(directory, find(directory, input).id),
          policyView,
        ),
    },
    {
      id: `graph.${segment}.${kind}.assign`,
      method: "POST",
      path: `${path}/$ref`,
      access: graphAccess.assignTokenPolicy,
      handle(directory, input) {
        const { id } = find(directory, input);
        const policy = lookup(kind).get(directory, referencedPolicy(kind, readReference(input)));
        if (assigned(directory, id).length > 0) {
          throw badRequest(
            `One or more added object references already exist for the following modified properties: '${kind}'.`,
          );
        }
        directory.tokenPolicies.put({ ...policy, objectIds: [...policy.objectIds, id] });
        return noContent(input);
      },
    },
    {
      id: `graph.${segment}.${kind}.remove`,
      method: "DELETE",
      path: `${path}/{policyId}/$ref`,
      access: graphAccess.assignTokenPolicy,
      handle(directory, input) {
        const { id } = find(directory, input);
        const policy = policyInPath(lookup(kind), directory, input);
        if (!policy.objectIds.includes(id)) throw directoryObjectNotFound(policy.id);
        directory.tokenPolicies.put({
          ...policy,
          objectIds: policy.objectIds.filter((other) => other !== id),
        });
        return noContent(input);
      },
    },
  ];
}

function ofKind(directory: Directory, kind: TokenPolicyKind): readonly TokenPolicyRecord[] {
  return directory.tokenPolicies.all().filter((policy) => policy.kind === kind);
}

function lookup(kind: TokenPolicyKind): Pick<PolicyCollection<TokenPolicyRecord>, "get"> {
  return {
    get(directory, id) {
      const policy = directory.tokenPolicies.get(id.toLowerCase());
      if (policy?.kind !== kind) throw directoryObjectNotFound(id);
      return policy;
    },
  };
}

/** @throws Refusal when it is not one text in JSON */
function checkDefinition(definition: readonly string[]): void {
  const [text, ...others] = definition;
  try {
    if (text === undefined || others.length > 0) throw new SyntaxError();
    JSON.parse(text);
  } catch {
    throw badRequest("Invalid value specified for property 'definition' of resource 'Policy'.");
  }
}

/** The id in an address such as `…/policies/tokenLifetimePolicies/{id}`, whatever host it names. */
function referencedPolicy(kind: TokenPolicyKind, address: string): string {
  const id = new RegExp(`/policies/${kind}(?:/|\\(')([0-9a-f-]{36})(?:'\\))?$`, "i").exec(address)?.[1];
  if (id === undefined) throw badRequest("Invalid URL format specified in payload.");
  return id;
}

function policyView(policy: TokenPolicyRecord): Entity {
  const view: StsPolicy = {
    id: policy.id,
    deletedDateTime: null,
    displayName: policy.displayName,
    description: policy.description,
    definition: [...policy.definition],
    isOrganizationDefault: policy.isOrganizationDefault,
  };
  return { ...view };
}
