import * as pulumi from "@pulumi/pulumi";
import { inProgramContext } from "./inProgramContext";

const grantType =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";

/**
 * Explains the refusal of a consent that somebody has already given by hand: Entra's own answer names neither the existing
 * grant nor a way on.
 *
 * @param name name of the grant's resource.
 */
export function explainExistingConsent(name: string, component: pulumi.ComponentResource): pulumi.ErrorHook {
  return new pulumi.ErrorHook(
    `${name}-exists`,
    inProgramContext(async ({ urn, newInputs, errors }: pulumi.ErrorHookArgs) => {
      const client: unknown = newInputs?.["servicePrincipalObjectId"];
      const resource: unknown = newInputs?.["resourceServicePrincipalObjectId"];
      const exists = errors[0]?.includes("Permission entry already exists") ?? false;
      if (exists && typeof client === "string" && typeof resource === "string") {
        await pulumi.log.error(
          existingConsentMessage(name, urn, tenantWideGrantId(client, resource)),
          component,
        );
      }
      // Trying again would meet the same grant.
      return false;
    }),
  );
}

/** What to do about a consent that is already there. */
export function existingConsentMessage(name: string, urn: string, grantId: string): string {
  return [
    `The consent "${name}" cannot be created: the client already has one for this API, given by hand. It is the grant ${grantId}.`,
    "Either let this stack manage it, by importing it and running pulumi up again:",
    `  pulumi import ${grantType} ${name} /oauth2PermissionGrants/${grantId} --parent component=${parentUrn(urn)} --protect=false`,
    "or leave consent to administrators, with consent: external.",
  ].join("\n");
}

/**
 * The id that Microsoft Graph gives the tenant-wide grant between two service principals: both object ids as 16 bytes in .NET's
 * order, in base64url.
 */
export function tenantWideGrantId(clientId: string, resourceId: string): string {
  return Buffer.concat([guidBytes(clientId), guidBytes(resourceId)]).toString("base64url");
}

/** A GUID's bytes as .NET orders them: the first three groups have their lowest byte first. */
function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}

/** The URN of a resource's parent component, which has the name that the child's starts with. */
function parentUrn(urn: string): string {
  const [head = "", tail = ""] = [urn.slice(0, urn.lastIndexOf("::")), urn.slice(urn.lastIndexOf("::") + 2)];
  return `${head.slice(0, head.lastIndexOf("$"))}::${tail.replace(/-consent.*$/, "")}`;
}
