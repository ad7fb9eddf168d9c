import type { RoleDefinitionRecord } from "../state/records";

/** GUIDs of the built-in Azure roles that this tenant knows (learn.microsoft.com, Azure built-in roles). */
export const builtInRoleIds = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  userAccessAdministrator: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  roleBasedAccessControlAdministrator: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
  dicomDataOwner: "58a3b984-7adf-4c20-983a-32417c86fbc8",
  dicomDataReader: "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a",
  keyVaultAdministrator: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  keyVaultSecretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  keyVaultCryptoOfficer: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  keyVaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
} as const;

type Powers = Partial<
  Pick<RoleDefinitionRecord, "actions" | "notActions" | "dataActions" | "notDataActions">
>;

const dicom = "Microsoft.HealthcareApis/workspaces/dicomservices/resources";
const authorizationReads = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
];
const vaultReads = [
  "Microsoft.Authorization/*/read",
  "Microsoft.KeyVault/vaults/read",
  "Microsoft.KeyVault/vaults/secrets/read",
];

function builtIn(id: string, roleName: string, description: string, powers: Powers): RoleDefinitionRecord {
  return {
    id,
    roleName,
    description,
    type: "BuiltInRole",
    actions: [],
    notActions: [],
    dataActions: [],
    notDataActions: [],
    ...powers,
    assignableScopes: ["/"],
    createdOn: "2015-02-02T21:55:09.8806423Z",
    updatedOn: "2023-11-07T15:59:52.3456789Z",
  };
}

/** The built-in roles with what they allow. */
export const builtInRoles: readonly RoleDefinitionRecord[] = [
  builtIn(builtInRoleIds.owner, "Owner", "Full access to all resources, including assigning roles.", {
    actions: ["*"],
  }),
  builtIn(
    builtInRoleIds.contributor,
    "Contributor",
    "Full access to all resources, but not to role assignments.",
    {
      actions: ["*"],
      notActions: [
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
      ],
    },
  ),
  builtIn(builtInRoleIds.reader, "Reader", "View all resources, change none.", { actions: ["*/read"] }),
  builtIn(
    builtInRoleIds.userAccessAdministrator,
    "User Access Administrator",
    "Manage access to Azure resources.",
    {
      actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
    },
  ),
  builtIn(
    builtInRoleIds.roleBasedAccessControlAdministrator,
    "Role Based Access Control Administrator",
    "Manage access to Azure resources by assigning roles.",
    {
      actions: [
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/roleAssignments/delete",
        "*/read",
        "Microsoft.Support/*",
      ],
    },
  ),
  builtIn(builtInRoleIds.dicomDataOwner, "DICOM Data Owner", "Full access to DICOM data.", {
    dataActions: [`${dicom}/*`],
  }),
  builtIn(builtInRoleIds.dicomDataReader, "DICOM Data Reader", "Read and search DICOM data.", {
    dataActions: [`${dicom}/read`],
  }),
  builtIn(builtInRoleIds.keyVaultAdministrator, "Key Vault Administrator", "All data of a key vault.", {
    actions: vaultReads,
    dataActions: ["Microsoft.KeyVault/vaults/*"],
  }),
  builtIn(builtInRoleIds.keyVaultSecretsOfficer, "Key Vault Secrets Officer", "All secrets of a key vault.", {
    actions: vaultReads,
    dataActions: ["Microsoft.KeyVault/vaults/secrets/*"],
  }),
  builtIn(builtInRoleIds.keyVaultSecretsUser, "Key Vault Secrets User", "Read the values of secrets.", {
    actions: authorizationReads,
    dataActions: [
      "Microsoft.KeyVault/vaults/secrets/getSecret/action",
      "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ],
  }),
  builtIn(builtInRoleIds.keyVaultCryptoOfficer, "Key Vault Crypto Officer", "All keys of a key vault.", {
    actions: vaultReads,
    dataActions: ["Microsoft.KeyVault/vaults/keys/*"],
  }),
  builtIn(builtInRoleIds.keyVaultCryptoUser, "Key Vault Crypto User", "Use the keys of a key vault.", {
    dataActions: [
      "read",
      ...["update", "backup", "encrypt", "decrypt", "wrap", "unwrap", "sign", "verify"].map(
        (use) => `${use}/action`,
      ),
    ].map((use) => `Microsoft.KeyVault/vaults/keys/${use}`),
  }),
];
