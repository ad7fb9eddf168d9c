import { type Input, param } from "../../core/request";
import { getApplication, getServicePrincipal } from "../../domain/directoryObjects";
import { badRequest, directoryObjectNotFound } from "../../domain/directoryRefusals";
import type { Directory } from "../../state/directory";
import { readReference } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, noContent } from "./odataQuery";
import { getPolicy, policyType, policyView } from "./policyOperations";

interface Governed {
  readonly appManagementPolicyId?: string | null;
}

interface GovernedKind {
  readonly segment: "applications" | "servicePrincipals";
  readonly parameter: "applicationId" | "servicePrincipalId";
  readonly find: (directory: Directory, input: Input) => Governed;
  readonly assign: (directory: Directory, input: Input, appManagementPolicyId: string | null) => void;
}

const kinds: readonly GovernedKind[] = [
  {
    segment: "applications",
    parameter: "applicationId",
    find: (directory, input) => getApplication(directory, param(input, "applicationId")),
    assign(directory, input, appManagementPolicyId) {
      const application = getApplication(directory, param(input, "applicationId"));
      directory.applications.put({ ...application, appManagementPolicyId });
    },
  },
  {
    segment: "servicePrincipals",
    parameter: "servicePrincipalId",
    find: (directory, input) => getServicePrincipal(directory, param(input, "servicePrincipalId")),
    assign(directory, input, appManagementPolicyId) {
      const principal = getServicePrincipal(directory, param(input, "servicePrincipalId"));
      directory.servicePrincipals.put({ ...principal, appManagementPolicyId });
    },
  },
];

/** Which app management policy is assigned to an application or service principal; one at most. */
export function policyAssignmentOperations(): readonly GraphOperation[] {
  return kinds.flatMap(operationsOf);
}

function operationsOf({ segment, parameter, find, assign }: GovernedKind): readonly GraphOperation[] {
  const path = `/{version}/${segment}/{${parameter}}/appManagementPolicies`;
  const assigned = (directory: Directory, input: Input): string | undefined =>
    directory.appManagementPolicies.get(find(directory, input).appManagementPolicyId ?? "")?.id;
  return [
    {
      id: `graph.${segment}.appManagementPolicies.list`,
      method: "GET",
      path,
      access: graphAccess.readAssignedPolicies,
      handle(directory, input) {
        const id = assigned(directory, input);
        const policies = id === undefined ? [] : [getPolicy(directory, id)];
        const context = `${segment}('${param(input, parameter)}')/appManagementPolicies`;
        return collectionAnswer(input, context, policyType, policies, policyView);
      },
    },
    {
      id: `graph.${segment}.appManagementPolicies.assign`,
      method: "POST",
      path: `${path}/$ref`,
      access: graphAccess.assignPolicy,
      handle(directory, input) {
        const { id } = getPolicy(directory, referencedPolicy(readReference(input)));
        if (assigned(directory, input) !== undefined) {
          throw badRequest(
            "One or more added object references already exist for the following modified properties: 'appManagementPolicies'.",
          );
        }
        assign(directory, input, id);
        return noContent(input);
      },
    },
    {
      id: `graph.${segment}.appManagementPolicies.remove`,
      method: "DELETE",
      path: `${path}/{policyId}/$ref`,
      access: graphAccess.assignPolicy,
      handle(directory, input) {
        const id = param(input, "policyId").toLowerCase();
        if (assigned(directory, input) !== id) throw directoryObjectNotFound(id);
        assign(directory, input, null);
        return noContent(input);
      },
    },
  ];
}

/** The id in an address such as `…/policies/appManagementPolicies/{id}`, whatever host it names. */
function referencedPolicy(address: string): string {
  const id = /\/policies\/appManagementPolicies(?:\/|\(')([0-9a-f-]{36})(?:'\))?$/i.exec(address)?.[1];
  if (id === undefined) throw badRequest("Invalid URL format specified in payload.");
  return id.toLowerCase();
}
