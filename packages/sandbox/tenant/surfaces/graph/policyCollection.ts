import { type Input, param } from "../../core/request";
import type { Directory } from "../../state/directory";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, entityAnswer, noContent, type Entity, type EntityType } from "./odataQuery";

interface NamedPolicy {
  readonly id: string;
  readonly displayName: string;
}

/** Policies of one kind. */
export interface PolicyCollection<P extends NamedPolicy> {
  /** Segment of the path below `policies`, such as `tokenLifetimePolicies`. */
  readonly name: string;
  readonly type: EntityType;
  readonly all: (directory: Directory) => readonly P[];
  /** @throws Refusal when there is none */
  readonly get: (directory: Directory, id: string) => P;
  /** Makes one of what the request says. */
  readonly create: (directory: Directory, input: Input) => P;
  /** Changes one to what the request says. */
  readonly update: (directory: Directory, input: Input, before: P) => void;
  readonly delete: (directory: Directory, id: string) => void;
  readonly view: (policy: P) => Entity;
}

/** The policy whose id is in the path. @throws Refusal when there is none */
export function policyInPath<P extends NamedPolicy>(
  { get }: Pick<PolicyCollection<P>, "get">,
  directory: Directory,
  input: Input,
): P {
  return get(directory, param(input, "policyId"));
}

/** How policies of a kind are listed, made, read, changed and deleted. */
export function policyCollectionOperations<P extends NamedPolicy>(
  policies: PolicyCollection<P>,
): readonly GraphOperation[] {
  const { name, type, view } = policies;
  const path = `/{version}/policies/${name}`;
  const context = `policies/${name}`;
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
      handle: (directory, input) =>
        entityAnswer(input, context, type, view(policyInPath(policies, directory, input))),
    },
    {
      id: `graph.${name}.update`,
      method: "PATCH",
      path: `${path}/{policyId}`,
      access: graphAccess.changePolicies,
      handle(directory, input) {
        policies.update(directory, input, policyInPath(policies, directory, input));
        return noContent(input);
      },
    },
    {
      id: `graph.${name}.delete`,
      method: "DELETE",
      path: `${path}/{policyId}`,
      access: graphAccess.changePolicies,
      handle(directory, input) {
        policies.delete(directory, policyInPath(policies, directory, input).id);
        return noContent(input);
      },
    },
  ];
}
