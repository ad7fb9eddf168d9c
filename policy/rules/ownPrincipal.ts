import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { sameGuid } from "../pack/guid";
import { policyOf } from "../pack/policyAbout";
import { readConfig } from "../pack/policyConfig";
import { textOf } from "../pack/properties";
import { isAzureRoleAssignment, types } from "../pack/resourceTypes";
import { isUnknownValue } from "../pack/unknownValue";

const about = {
  name: "own-principal",
  displayName: "Rights for clients of this stack",
  description: "Consents, app roles and Azure roles are given to service principals of the same stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Pass the objectId of the client's service principal, or declare the right where its principal is declared.",
  url: "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
  tags: ["permissions", "azure roles"],
  config: {},
} as const;

/** Rights go to clients that the same stack declares. */
export const ownPrincipal: StackValidationPolicy = {
  ...policyOf(about),
  validateStack: (args, reportViolation) => {
    readConfig(about.name, about.config, args.getConfig());
    const { resources } = args;
    const principals = resources.filter(({ type }) => type === types.servicePrincipal);
    for (const resource of resources) {
      const key = principalKeyOf(resource.type);
      const stranger = key && strangerIn(resource, key, principals);
      if (stranger !== undefined) {
        reportViolation(
          `${resource.name} gives a right to ${stranger}, which is no service principal of this stack.`,
          resource.urn,
        );
      }
    }
  },
};

/** The property that names the principal of a right; undefined for resources that give none. */
function principalKeyOf(type: string): string | undefined {
  if (isAzureRoleAssignment(type)) {
    return "principalId";
  }
  return type === types.delegatedGrant
    ? "servicePrincipalObjectId"
    : type === types.appRoleAssignment
      ? "principalObjectId"
      : undefined;
}

/**
 * What a right is given to, when that is none of the stack's service principals. What a preview does not know yet is judged by
 * what it is made from: a service principal of the stack or something else.
 */
function strangerIn(
  resource: PolicyResource,
  key: string,
  principals: readonly PolicyResource[],
): string | undefined {
  const id = knownText(resource, key);
  const comesFromStack = (resource.propertyDependencies[key] ?? []).some(({ urn }) =>
    principals.some((principal) => principal.urn === urn),
  );
  if (id === undefined) {
    return comesFromStack ? undefined : "a principal that is not known yet";
  }
  const ids = principals.map((principal) => knownText(principal, "objectId"));
  const isOwn =
    ids.some((own) => own !== undefined && sameGuid(own, id)) || (ids.includes(undefined) && comesFromStack);
  return isOwn ? undefined : id;
}

/** A text, or undefined when a preview does not know it yet. */
function knownText({ props }: PolicyResource, key: string): string | undefined {
  try {
    return textOf(props, key);
  } catch (error) {
    if (isUnknownValue(error)) {
      return undefined;
    }
    throw error;
  }
}
