import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { guid, sameGuid } from "../pack/guid";
import { policyOf } from "../pack/policyAbout";
import { readConfig } from "../pack/policyConfig";
import { textOf } from "../pack/properties";
import { canonicalType, givesAzureRole, takesAzureRoleAway, types } from "../pack/resourceTypes";
import { isUnknownValue } from "../pack/unknownValue";

const about = {
  name: "own-principal",
  displayName: "Rights for clients of this stack",
  description:
    "Consents, app roles and Azure roles go only to service principals of the same stack, and credentials only to its applications. Azure roles may also go to the managed identities that are named here, of clients without an application.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Pass the objectId of the client's service principal or the id of its application, or declare the resource where those are declared. Of a client with application: none, name the identity in managedIdentities.",
  url: "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
  tags: ["permissions", "azure roles", "credentials"],
  config: {
    managedIdentities: z
      .array(guid)
      .default([])
      .describe(
        "Object ids of the managed identities that may have Azure roles themselves (application: none). By default none may.",
      ),
  },
} as const;

/** What the resources of a stack may be pointed at. */
interface Target {
  /** What it is called in a violation. */
  readonly name: string;
  readonly types: readonly string[];
  /** Its property that others are pointed at by. */
  readonly key: string;
}

const principal: Target = {
  name: "service principal",
  types: [types.servicePrincipal],
  key: "objectId",
};
const applications: Pick<Target, "name" | "types"> = {
  name: "application",
  types: [types.application, types.applicationRegistration],
};
const applicationByObjectId: Target = { ...applications, key: "objectId" };
const applicationByClientId: Target = { ...applications, key: "clientId" };

/** How a resource is pointed at another one. */
interface Pointer {
  readonly target: Target;
  /** The properties that may name it, the present one first. */
  readonly keys: readonly string[];
  readonly does: string;
}

const right = (key: string): Pointer => ({ target: principal, keys: [key], does: "gives a right to" });
const credential: Pointer = {
  target: applicationByObjectId,
  keys: ["applicationId", "applicationObjectId"],
  does: "is a credential of",
};
const propertyOf = "is a property of";

const pointers: Readonly<Record<string, Pointer>> = {
  [types.delegatedGrant]: right("servicePrincipalObjectId"),
  [types.appRoleAssignment]: right("principalObjectId"),
  [types.applicationPassword]: credential,
  [types.applicationCertificate]: credential,
  [types.federatedCredential]: credential,
  [types.flexibleFederatedCredential]: credential,
  [types.servicePrincipal]: {
    target: applicationByClientId,
    keys: ["clientId", "applicationId"],
    does: "is the service principal of",
  },
};

/** What is declared on its own and belongs to an object of Entra, such as an identifier URI, an owner, a claims mapping policy. */
const parts: readonly { readonly of: RegExp; readonly pointer: Pointer }[] = [
  {
    of: /^azuread:index\/application(?!Registration:|FromTemplate:)[A-Z]/,
    pointer: { ...credential, does: propertyOf },
  },
  {
    of: /^azuread:index\/servicePrincipal[A-Z]/,
    pointer: { target: principal, keys: ["servicePrincipalId"], does: propertyOf },
  },
];

/** How a resource is pointed at another one; undefined of one that is not. */
function pointerOf(resource: PolicyResource): Pointer | undefined {
  const type = canonicalType(resource.type);
  if (givesAzureRole(type)) {
    return takesAzureRoleAway(type, knownText(resource, "requestType")) ? undefined : right("principalId");
  }
  return pointers[type] ?? parts.find(({ of }) => of.test(type))?.pointer;
}

/** Rights and credentials go to clients that the same stack declares. */
export const ownPrincipal: StackValidationPolicy = {
  ...policyOf(about),
  validateStack: (args, reportViolation) => {
    const { managedIdentities } = readConfig(about.name, about.config, args.getConfig());
    const { resources } = args;
    for (const resource of resources) {
      const pointer = pointerOf(resource);
      const stranger = pointer && strangerIn(resource, pointer, resources);
      const isNamed =
        stranger !== undefined &&
        givesAzureRole(canonicalType(resource.type)) &&
        managedIdentities.some((id) => sameGuid(id, stranger));
      if (pointer && stranger !== undefined && !isNamed) {
        reportViolation(
          `${resource.name} ${pointer.does} ${stranger}, which is not among the ${pointer.target.name}s of this stack.`,
          resource.urn,
        );
      }
    }
  },
};

/**
 * What a resource is pointed at, when that is none of the stack's own. What a preview does not know yet is judged by what it is
 * made from: a resource of the stack or something else.
 */
function strangerIn(
  resource: PolicyResource,
  { target, keys }: Pointer,
  resources: readonly PolicyResource[],
): string | undefined {
  const key = keys.find((candidate) => candidate in resource.props) ?? keys[0] ?? "";
  const targets = resources.filter(({ type }) => target.types.includes(canonicalType(type)));
  const id = knownText(resource, key);
  const comesFromStack = (resource.propertyDependencies[key] ?? []).some(({ urn }) =>
    targets.some((own) => own.urn === urn),
  );
  if (id === undefined) {
    return comesFromStack ? undefined : "something that is not known yet";
  }
  const ids = targets.map((own) => knownText(own, target.key));
  const isOwn =
    ids.some((own) => own !== undefined && sameGuid(own, bareId(id))) ||
    (ids.includes(undefined) && comesFromStack);
  return isOwn ? undefined : id;
}

/** The id itself out of what may be a path to the object, such as `/applications/<id>`. */
function bareId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
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
