import { z } from "zod";
import { guid, sameGuid } from "../pack/guid";
import { judgeEach, listOf, textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

/** The DICOM service's only delegated scope. */
export const dicomScope = "Dicom.ReadWrite";

/** Clients are given nothing but what was agreed upon. */
export const grantedPermissions = resourcePolicy(
  {
    name: "granted-permissions",
    displayName: "Granted permissions",
    description: "Consents and app role assignments grant only the allowed permissions.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Remove the entry from permissions, or have its scope added to allowedScopes or its app role to allowedRoles.",
    url: "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
    tags: ["permissions"],
    config: {
      allowedScopes: z
        .array(z.string().min(1))
        .default([dicomScope])
        .describe("Names of the delegated scopes that may be consented to. By default the DICOM service's."),
      allowedRoles: z
        .array(guid)
        .default([])
        .describe("Ids of the app roles that may be assigned. By default none: the DICOM service has none."),
    },
  },
  ofType(types.delegatedGrant, types.appRoleAssignment),
  ({ properties }, { allowedScopes }, report) => {
    judgeEach(listOf(properties, "claimValues"), (scope) => {
      if (!allowedScopes.includes(String(scope))) {
        report(`It consents to ${String(scope)}, which is not an allowed scope; remove it.`);
      }
    });
  },
  ({ type, properties }, { allowedRoles }, report) => {
    const role = type === types.appRoleAssignment ? textOf(properties, "appRoleId") : undefined;
    if (role !== undefined && !allowedRoles.some((allowed) => sameGuid(allowed, role))) {
      report(`It assigns the app role ${role}, which is not an allowed role; remove it.`);
    }
  },
);
