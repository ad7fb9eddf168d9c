import { z } from "zod";
import { broughtRoleId } from "../pack/broughtRole";
import { guid, sameGuid } from "../pack/guid";
import { type Properties, textOf } from "../pack/properties";
import { type Check, resourcePolicy } from "../pack/resourcePolicy";
import { azureRoleKind, givesAzureRole, takesAzureRoleAway } from "../pack/resourceTypes";

/** The two built-in roles for the data of a DICOM service. */
export const dicomRoles = {
  reader: "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a",
  owner: "58a3b984-7adf-4c20-983a-32417c86fbc8",
} as const;

export const rolesUrl = "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles";

/** Built-in roles that give power over resources or over the rights of others, if only over some of them, by their ids. */
export const privilegedRoles: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
  "8b54135c-b56d-4d72-a534-26097cfdc8d8": "Key Vault Data Access Administrator",
  "a8889054-8d42-49c9-bc1c-52486c10e7cd": "Reservations Administrator",
  "66f75aeb-eabe-4b70-9f1e-c350c4c9ad04": "Virtual Machine Data Access Administrator (preview)",
  "95dd08a6-00bd-4661-84bf-f6726f83a4d0": "Azure Container Storage Contributor",
  "95de85bd-744d-4664-9dde-11430bc34793": "Azure Container Storage Owner",
  "bda0d508-adf1-4af0-9c28-88919fc3ae06": "Azure Stack HCI Administrator",
  "fd8ea4d5-6509-4db0-bada-356ab233b4fa": "Azure Migrate Owner",
  "1cfa4eac-9a23-481c-a793-bfb6958e836b": "Azure Migrate Execute Expert",
  "e47c6f54-e4a2-4754-9501-8e0985b135e1": "Azure AI Account Owner",
  "eadc314b-1a2d-4efa-be10-5d325db5065e": "Azure AI Project Manager",
};

/**
 * The id of the role, or its name where the classic provider was given that. What is no id of a role definition is returned as it
 * is; azurerm appends the scope to the id of a definition.
 */
function roleOf(properties: Properties): string {
  const id = textOf(properties, "roleDefinitionId");
  return (
    (id && /^(?:.*\/roleDefinitions\/)?([^/|]+)(?:\|.*)?$/i.exec(id)?.[1]) ??
    id ??
    textOf(properties, "roleDefinitionName") ??
    "without an id"
  );
}

/** Lets a check judge what gives a role, and not what takes one away. */
function giving<Fields extends z.ZodRawShape>(check: Check<Fields>): Check<Fields> {
  return (resource, config, report) => {
    if (!takesAzureRoleAway(resource.type, textOf(resource.properties, "requestType"))) {
      check(resource, config, report);
    }
  };
}

/** Clients get data roles of the DICOM service and nothing else. */
export const azureRole = resourcePolicy(
  {
    name: "azure-role",
    displayName: "Allowed Azure roles",
    description:
      "Only the allowed Azure roles are assigned, permanently or through Privileged Identity Management, and only to service principals.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Assign DICOM Data Reader or DICOM Data Owner by its id, with principalType: ServicePrincipal, or have the role added to allowedRoles.",
    url: rolesUrl,
    tags: ["azure roles"],
    config: {
      allowedRoles: z
        .array(guid)
        .default([dicomRoles.reader, dicomRoles.owner])
        .describe("GUIDs of the role definitions. By default DICOM Data Reader and DICOM Data Owner."),
    },
  },
  givesAzureRole,
  giving(({ urn, properties }, { allowedRoles }, report) => {
    const role = roleOf(properties);
    const brought = broughtRoleId(urn, textOf(properties, "scope") ?? "");
    // What such a role may give is judged where it is defined.
    if (brought !== undefined && sameGuid(brought, role)) return;
    if (!allowedRoles.some((allowed) => sameGuid(allowed, role))) {
      report(`It assigns the role ${role}, which is not an allowed role; assign an allowed one.`);
    }
  }),
  giving(({ type, properties }, _config, report) => {
    const principalType = textOf(properties, "principalType");
    if (principalType === undefined && azureRoleKind(type) === "assignment") {
      report(
        "It has no principalType, so a new principal is refused with PrincipalNotFound; write ServicePrincipal.",
      );
    } else if (principalType !== undefined && principalType !== "ServicePrincipal") {
      report(`Its principalType is ${principalType}; a client is a ServicePrincipal.`);
    }
  }),
);

/** No client administers Azure, whatever else is allowed. */
export const privilegedAzureRole = resourcePolicy(
  {
    name: "privileged-azure-role",
    displayName: "No administration of Azure",
    description: "No client gets Owner, Contributor or a role that can assign roles.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps: "Assign DICOM Data Reader or DICOM Data Owner instead.",
    url: rolesUrl,
    tags: ["azure roles"],
    config: {},
  },
  givesAzureRole,
  giving(({ properties }, _config, report) => {
    const role = roleOf(properties).toLowerCase();
    const [, name] =
      Object.entries(privilegedRoles).find(
        ([id, named]) => role.includes(id) || role === named.toLowerCase(),
      ) ?? [];
    if (name !== undefined) {
      report(`It assigns the role ${name}; assign a data role of the DICOM service instead.`);
    }
  }),
);

/** Roles reach no further than the data they are for. */
export const azureRoleScope = resourcePolicy(
  {
    name: "azure-role-scope",
    displayName: "Narrow Azure roles",
    description: "Azure roles are assigned on a DICOM service or its workspace, and nowhere wider.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps: "Assign the role on the resource id of the DICOM service.",
    url: "https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac",
    tags: ["azure roles"],
    config: {
      allowedResourceTypes: z
        .array(z.string().regex(/^[A-Za-z.]+(\/[A-Za-z]+)+$/))
        .min(1)
        .default(["Microsoft.HealthcareApis/workspaces/dicomservices", "Microsoft.HealthcareApis/workspaces"])
        .describe(
          "Types of the resources on which roles may be assigned. By default DICOM services and workspaces.",
        ),
    },
  },
  givesAzureRole,
  giving(({ properties }, { allowedResourceTypes }, report) => {
    const scope = textOf(properties, "scope") ?? "";
    const type = resourceTypeOf(scope);
    if (!allowedResourceTypes.some((allowed) => allowed.toLowerCase() === type?.toLowerCase())) {
      report(
        `Its scope ${JSON.stringify(scope)} is ${type === undefined ? "no single resource" : `of the type ${type}`}; assign the role on ${allowedResourceTypes.join(" or ")}.`,
      );
    }
  }),
);

/** What stands between two slashes of an id, other than `.` and `..`, by which a request would climb to something wider. */
const segment = /^(?!\.{1,2}$)[\w.()-]+$/;

/** The type of the resource that an id names, such as `Microsoft.HealthcareApis/workspaces`. Undefined for anything wider. */
function resourceTypeOf(id: string): string | undefined {
  const [, provider, path = ""] = /\/providers\/([^/]+)\/([^?]+)$/i.exec(id) ?? [];
  const parts = path.replace(/\/$/, "").split("/");
  return provider === undefined ||
    /\/providers\//i.test(path) ||
    parts.length % 2 !== 0 ||
    !parts.every((part) => segment.test(part))
    ? undefined
    : [provider, ...parts.filter((_part, index) => index % 2 === 0)].join("/");
}
