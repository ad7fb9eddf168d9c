import { type Input, param } from "../../core/request";
import { assignedPolicy } from "../../domain/appManagementPolicy";
import { findDirectoryObject } from "../../domain/directoryObjects";
import { alreadyReferenced, badRequest, directoryObjectNotFound } from "../../domain/directoryRefusals";
import type { Directory, Table } from "../../state/directory";
import type { AssignedPolicy } from "../../state/records";
import type { Services } from "../services";
import { directoryObjectType, directoryObjectView } from "./directoryObjectView";
import type { GraphAccess } from "./graphAuthorization";
import { readReference } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import type { applicationKind, servicePrincipalKind } from "./objectKinds";
import { collectionAnswer, entityAnswer, noContent, type Entity, type EntityType } from "./odataQuery";

/** Policies of one kind, of which an application or service principal has one at most. */
export interface PolicyCollection<P extends AssignedPolicy> {
  /** What Graph calls it, such as `tokenLifetimePolicies`. */
  readonly name: string;
  readonly type: EntityType;
  /** What they can be assigned to. Source: the navigation properties of Microsoft Graph v1.0 */
  readonly holders: readonly Holder[];
  readonly access: {
    /** To the objects of a policy. */
    readonly targets: GraphAccess;
    /** To the policy of an object. */
    readonly ofObject: GraphAccess;
    readonly assign: GraphAccess;
  };
  readonly all: (directory: Directory) => readonly P[];
  /** Makes one of what the request says. */
  readonly create: (directory: Directory, input: Input) => P;
  readonly table: (directory: Directory) => Table<P>;
  readonly view: (policy: P) => Entity;
}

type Holder = typeof applicationKind | typeof servicePrincipalKind;

/** How policies of a kind are listed, made, read, deleted, assigned and taken away. */
export function policyCollectionOperations<P extends AssignedPolicy>(
  policies: PolicyCollection<P>,
  services: Services,
): readonly GraphOperation[] {
  const { name, type, view, access } = policies;
  const path = `/{version}/policies/${name}`;
  const context = `policies/${name}`;
  const inPath = (directory: Directory, input: Input): P =>
    getPolicy(policies, directory, param(input, "policyId"));
  return [
    {
      id: `graph.${name}.list`,
      method: "GET",
      path,
      access: graphAccess.readPolicies,
      handle: (directory, input) =>
        collectionAnswer(input, context, type, policies.all(directory), view, {
          id: (policy) => policy.id,
          displayName: (policy) => policy.displayName,
        }),
    },
    {
      id: `graph.${name}.create`,
      method: "POST",
      path,
      access: graphAccess.changePolicies,
      handle: (directory, input) =>
        entityAnswer(input, context, type, view(policies.create(directory, input)), 201),
    },
    {
      id: `graph.${name}.get`,
      method: "GET",
      path: `${path}/{policyId}`,
      access: graphAccess.readPolicies,
      handle: (directory, input) => entityAnswer(input, context, type, view(inPath(directory, input))),
    },
    {
      id: `graph.${name}.delete`,
      method: "DELETE",
      path: `${path}/{policyId}`,
      access: graphAccess.changePolicies,
      handle(directory, input) {
        policies.table(directory).delete(inPath(directory, input).id);
        return noContent(input);
      },
    },
    {
      id: `graph.${name}.appliesTo`,
      method: "GET",
      path: `${path}/{policyId}/appliesTo`,
      access: access.targets,
      handle(directory, input) {
        // What is assigned to objects in the recycle bin comes back with them.
        const objects = (inPath(directory, input).objectIds ?? []).flatMap(
          (id) => findDirectoryObject(directory, id) ?? [],
        );
        return collectionAnswer(input, "directoryObjects", directoryObjectType, objects, (object) =>
          directoryObjectView(directory, object, services),
        );
      },
    },
    ...policies.holders.flatMap((holder) => assignmentOperations(policies, holder)),
  ];
}

function assignmentOperations<P extends AssignedPolicy>(
  policies: PolicyCollection<P>,
  { segment, parameter, find }: Holder,
): readonly GraphOperation[] {
  const { name, type, view, access, table } = policies;
  const path = `/{version}/${segment}/{${parameter}}/${name}`;
  return [
    {
      id: `graph.${segment}.${name}.list`,
      method: "GET",
      path,
      access: access.ofObject,
      handle(directory, input) {
        const policy = assignedPolicy(policies.all(directory), find(directory, input).id);
        const context = `${segment}('${param(input, parameter)}')/${name}`;
        return collectionAnswer(input, context, type, policy === undefined ? [] : [policy], view);
      },
    },
    {
      id: `graph.${segment}.${name}.assign`,
      method: "POST",
      path: `${path}/$ref`,
      access: access.assign,
      handle(directory, input) {
        const { id } = find(directory, input);
        const policy = getPolicy(policies, directory, referencedPolicy(name, readReference(input)));
        if (assignedPolicy(policies.all(directory), id) !== undefined) {
          throw alreadyReferenced(name);
        }
        table(directory).put({ ...policy, objectIds: [...(policy.objectIds ?? []), id] });
        return noContent(input);
      },
    },
    {
      id: `graph.${segment}.${name}.remove`,
      method: "DELETE",
      path: `${path}/{policyId}/$ref`,
      access: access.assign,
      handle(directory, input) {
        const { id } = find(directory, input);
        const policy = getPolicy(policies, directory, param(input, "policyId"));
        const { objectIds = [] } = policy;
        if (!objectIds.includes(id)) throw directoryObjectNotFound(policy.id);
        table(directory).put({ ...policy, objectIds: objectIds.filter((other) => other !== id) });
        return noContent(input);
      },
    },
  ];
}

/** @throws Refusal when there is none */
function getPolicy<P extends AssignedPolicy>(
  { all }: PolicyCollection<P>,
  directory: Directory,
  id: string,
): P {
  const policy = all(directory).find((one) => one.id === id.toLowerCase());
  if (policy === undefined) throw directoryObjectNotFound(id);
  return policy;
}

/** The id in an address such as `…/policies/tokenLifetimePolicies/{id}`, whatever host it names. */
function referencedPolicy(name: string, address: string): string {
  const id = new RegExp(`/policies/${name}(?:/|\\(')([0-9a-f-]{36})(?:'\\))?$`, "i").exec(address)?.[1];
  if (id === undefined) throw badRequest("Invalid URL format specified in payload.");
  return id;
}
