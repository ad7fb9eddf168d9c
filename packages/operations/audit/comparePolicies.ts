import type { PolicyKind } from "../cloud/calls";
import { graphRequest } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { type Comparison, nameOrId } from "./comparison";
import type { Finding } from "./finding";
import type { Severity } from "./rules";

const titles: Readonly<Record<PolicyKind, { readonly name: string; readonly severity: Severity }>> = {
  appManagementPolicies: { name: "app management policy", severity: "high" },
  claimsMappingPolicies: { name: "claims mapping policy", severity: "high" },
  // Concerns the sign-in of users, of whom a service client has none.
  homeRealmDiscoveryPolicies: { name: "home realm discovery policy", severity: "medium" },
  // Concerns SAML tokens.
  tokenIssuancePolicies: { name: "token issuance policy", severity: "medium" },
  tokenLifetimePolicies: { name: "token lifetime policy", severity: "high" },
};

/** Policies that are attached to the application or the service principal: none is ever declared. */
export function comparePolicies({ live, tenant, found, graph }: Comparison): Finding[] {
  const holders = [
    { what: "application", segment: "applications", id: live.ids.objectId },
    { what: "service principal", segment: "servicePrincipals", id: live.ids.servicePrincipalId },
  ] as const;
  return holders.flatMap(({ what, segment, id }) => {
    if (id === undefined) return [];
    return (tenant.policies?.value ?? [])
      .filter(({ objectIds }) => objectIds.includes(id.toLowerCase()))
      .map(({ kind, id: policyId, displayName, content }) =>
        found({
          rule: "policy-attached",
          severity: titles[kind].severity,
          side: "live",
          object: `${id}/${kind}/${policyId}`,
          detail: `The ${titles[kind].name} ${nameOrId(displayName, policyId)} is attached to the ${what}: ${JSON.stringify(content)}.`,
          content,
          next: inspectBeforeDelete(
            graphRequest(graph, "GET", `policies/${kind}/${policyId}`),
            graphRequest(graph, "DELETE", `${segment}/${id}/${kind}/${policyId}/$ref`),
            "nobody needs it there",
          ),
        }),
      );
  });
}
