import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import type { Input } from "@pulumi/pulumi";
import { z } from "zod";
import { guid, quote, repeated } from "./argumentTypes";
import {
  dicomServiceIdForm,
  type DicomScope,
  isSameResource,
  parseDicomScope,
  workspaceIdForm,
} from "./azureResourceId";
import { childOptions, type ClientParts } from "./child";
import { childName } from "./childNames";
import type { ClientAccess } from "./clientArgs";
import { defaultRole, isRole, isUploader, readRole, roleForms, roleKey, uploaderRole } from "./dicomRole";
import { outsideFacts } from "./outsideFacts";
import { plainText } from "./plainText";
import { roleAssignmentName } from "./roleAssignmentName";
import { assertStandsFor, formerly, spelledFreely } from "./sameObject";
import { authorization, pulumi } from "./sdk";
import { declareUploaderRole } from "./uploaderRole";
import { roleOwner, uploaderRoleId } from "./uploaderRoleId";

/** Resource id of a DICOM service. */
export const dicomServiceId = z.string().refine((id) => parseDicomScope(id)?.dicomService !== undefined, {
  error: ({ input }) =>
    `${quote(input)} is not the resource id of a DICOM service; write it as ${dicomServiceIdForm}`,
});

const accessEntry = z
  .strictObject({
    dicomService: dicomServiceId.exactOptional().meta({
      description: "Resource id of the DICOM service.",
      examples: [
        "/subscriptions/…/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs",
      ],
    }),
    workspace: z
      .string()
      .refine(
        (id) => {
          const scope = parseDicomScope(id);
          return scope !== undefined && scope.dicomService === undefined;
        },
        {
          error: ({ input }) =>
            `${quote(input)} is not the resource id of a health workspace; write it as ${workspaceIdForm}`,
        },
      )
      .exactOptional()
      .meta({
        description:
          "Instead of one service: resource id of a health workspace, for all its DICOM services, future ones included.",
      }),
    role: z
      .string()
      .refine((role) => isRole(role), {
        error: ({ input }) => `there is no role ${quote(input)}; write ${roleForms}`,
      })
      .exactOptional()
      .meta({
        description:
          "`reader` (DICOM Data Reader), `owner` (DICOM Data Owner), `uploader` (a custom role that comes with the client and may store, but neither read nor delete), or the GUID of a custom role definition that is assignable in the subscription.",
        default: defaultRole,
      }),
    partition: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, {
        error: "the name of a data partition has 1 to 64 letters, digits, dots, underscores and hyphens",
      })
      .exactOptional()
      .meta({
        description:
          "Data partition that the client works in, of a DICOM service that has them. Azure roles count for the whole service: this is where the client looks and is verified, not a limit.",
        default: "Microsoft.Default",
        source: "https://learn.microsoft.com/azure/healthcare-apis/dicom/data-partitions",
      }),
    assignmentName: guid("the name of a role assignment").exactOptional().meta({
      description:
        "Name (a GUID) of an existing role assignment to take over: Azure cannot rename an assignment and refuses a second one of the same role.",
      absent: "computed from what is assigned",
      source:
        "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (RoleAssignmentExists)",
    }),
  })
  .superRefine((entry, context) => {
    if ((entry.dicomService === undefined) === (entry.workspace === undefined)) {
      context.addIssue({ code: "custom", message: "needs either dicomService or workspace" });
    }
  })
  .meta({
    id: "ClientAccess",
    description:
      "An Azure role of the client on a DICOM service. Without one, a token is issued but the service refuses every call with 403: application permissions and consent do not open the data of a DICOM service to a service client.",
  });

/** The argument about Azure roles. */
export const accessFields = {
  access: z
    .array(accessEntry)
    .superRefine((entries, context) => {
      for (const { index, first } of repeated(entries.map(identityOf))) {
        context.addIssue({
          code: "custom",
          path: [index],
          message: `gives the same role on the same scope as [${first}]; remove one of the two`,
        });
      }
    })
    .exactOptional()
    .meta({
      description: "Azure roles on DICOM services.",
      absent: "none, with which the service refuses every call of the client with 403",
      examples: [
        [{ dicomService: "/subscriptions/…/workspaces/hospital/dicomservices/pacs", role: "reader" }],
      ],
      source: "https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac",
    }),
};

/** An access entry that has been read. */
export interface Access {
  readonly scope: DicomScope;
  /** Part of the child resource's name: made of what is assigned, however and in whatever order that is written. */
  readonly key: string;
  /** The key under which earlier versions may have declared the same: with the role's GUID in the place of its word. */
  readonly formerKey: string;
  /** GUID of the role definition. */
  readonly roleId: string;
  /** Whether it is a custom role that comes with the client. */
  readonly isUploader: boolean;
  /** Name of the role assignment that is taken over, in lower case. */
  readonly assignmentName?: string;
  /** Data partition that the client works in, where it is named. */
  readonly partition?: string;
}

/**
 * Reads an entry. Undefined when it names no scope or a role that cannot be.
 *
 * @param owner the client, in the form of {@link roleOwner}, on which the id of its `uploader` role depends.
 */
export function readAccess(entry: ClientAccess, owner: string): Access | undefined {
  const role = entry.role ?? defaultRole;
  const scope = parseDicomScope(entry.dicomService ?? entry.workspace ?? "");
  const roleId = scope && isUploader(role) ? uploaderRoleId(scope.id, owner) : readRole(role);
  if (!scope || roleId === undefined) {
    return undefined;
  }
  const place =
    scope.dicomService === undefined ? scope.workspace : `${scope.workspace}-${scope.dicomService}`;
  return {
    scope,
    roleId,
    isUploader: isUploader(role),
    key: `${place}-${isUploader(role) ? uploaderRole : roleKey(roleId)}`.toLowerCase(),
    formerKey: `${place}-${isUploader(role) ? uploaderRole : roleId}`.toLowerCase(),
    ...(entry.assignmentName === undefined ? {} : { assignmentName: entry.assignmentName.toLowerCase() }),
    ...(entry.partition === undefined ? {} : { partition: entry.partition }),
  };
}

function identityOf(entry: ClientAccess): string | undefined {
  const access = readAccess(entry, "");
  return access && `${access.scope.id.toLowerCase()} ${access.roleId}`;
}

/** The Azure roles of a client. */
export interface DeclaredAccess {
  readonly assignments: readonly RoleAssignment[];
  /** What they are assigned on. */
  readonly scopes: readonly DicomScope[];
  /** Those of which a data partition is named, with it. */
  readonly partitions: readonly { readonly scope: DicomScope; readonly partition: string }[];
}

/**
 * Assigns a client its Azure roles. They do not die with the application: Azure would keep them as orphans.
 *
 * @param principalId object id of the service principal that gets them.
 */
export function declareAccess(client: ClientParts, principalId: Input<string>): DeclaredAccess {
  const owner = roleOwner(pulumi.getProject(), pulumi.getStack(), client.name);
  const accesses = (client.settings.access ?? []).flatMap((entry) => readAccess(entry, owner) ?? []);
  if (accesses.length === 0) {
    void pulumi.log.warn(
      plainText(
        `the client "${client.name}" has no access: it will get tokens, but the DICOM service will refuse every call with 403. Name a DICOM service under access.`,
      ),
      client.component,
    );
  }
  const assignments = accesses.map((access) => {
    const { scope, key, formerKey, roleId, assignmentName } = access;
    const name = childName(client.name, "access", key);
    const assignment = new authorization.RoleAssignment(
      name,
      {
        // The provider reads the scope of an imported assignment out of its id: without the slash.
        scope: scope.id.slice(1),
        roleAssignmentName:
          assignmentName ??
          pulumi.output(principalId).apply((id) => roleAssignmentName(scope.id, id, roleId)),
        principalId,
        // Without it a principal that is not replicated yet is refused with PrincipalNotFound.
        principalType: outsideFacts.roleHolderType.value,
        roleDefinitionId: `/subscriptions/${scope.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      },
      {
        ...childOptions(client, "access", name),
        ...(access.isUploader ? { dependsOn: [declareUploaderRole(client, owner, access)] } : {}),
        ...formerly(name, childName(client.name, "access", formerKey)),
        ...spelledFreely("scope"),
      },
    );
    assertStandsFor(
      assignment,
      name,
      assignment.scope,
      (actual) => actual === undefined || isSameResource(actual, scope.id),
      `the role on ${scope.id}`,
    );
    return assignment;
  });
  return {
    assignments,
    scopes: accesses.map(({ scope }) => scope),
    partitions: accesses.flatMap(({ scope, partition }) =>
      partition === undefined ? [] : [{ scope, partition }],
    ),
  };
}
