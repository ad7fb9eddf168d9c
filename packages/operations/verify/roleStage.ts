import { describeNeed } from "../cloud/call";
import { calls, dicomDataActions } from "../cloud/calls";
import { allows, definitionAt, type RoleContent, roleDefinition } from "../cloud/roleDefinition";
import type { CloudClient } from "../cloud/cloudClient";
import { RefusedCall } from "../cloud/refusedCall";
import { TransportFailure } from "../cloud/transportFailure";
import { OperationError } from "../operationError";
import type { DicomTarget } from "./dicomReach";
import { failed, passed, skipped, type StageResult } from "./verification";

/** What Azure Resource Manager says about a client's roles on a DICOM service. */
export interface RoleFinding {
  readonly result: StageResult;
  /** Whether the client may read and write; undefined when that could not be found out. */
  readonly allows?: { readonly read: boolean; readonly write: boolean };
}

interface RoleAssignment {
  readonly properties: { readonly roleDefinitionId: string; readonly scope: string };
}

/**
 * Looks up the Azure roles of a client at a DICOM service, inherited ones included. It needs the operator's own rights; when these
 * do not suffice the stage is skipped, as the service's answer decides in the end.
 */
export async function roleStage(
  cloud: CloudClient,
  target: DicomTarget,
  principalId: string,
): Promise<RoleFinding> {
  try {
    const assignments = (await cloud.readAll(calls.roleAssignmentsOfPrincipal, {
      scope: target.resourceId,
      principalId,
    })) as readonly RoleAssignment[];
    const definitions = await Promise.all(
      [...new Set(assignments.map(({ properties }) => properties.roleDefinitionId))]
        .sort()
        .map(async (id) => {
          const roleDefinitionId = definitionAt(target.resourceId, id);
          return roleDefinition.parse(await cloud.read(calls.roleDefinition, { roleDefinitionId }))
            .properties;
        }),
    );
    return judge(definitions, target);
  } catch (error) {
    if (error instanceof RefusedCall) {
      const missing = error.isDenied ? `; you need ${describeNeed(error.call.needs)}` : "";
      return {
        result: skipped("role", `The client's roles cannot be read (${error.message})${missing}`, target.url),
      };
    }
    if (error instanceof TransportFailure || error instanceof OperationError) {
      return { result: skipped("role", `The client's roles cannot be read: ${error.message}`, target.url) };
    }
    throw error;
  }
}

function judge(definitions: readonly RoleContent[], target: DicomTarget): RoleFinding {
  const allowing = (action: string): readonly string[] =>
    definitions.filter((role) => allows(role, "dataActions", action)).map(({ roleName }) => roleName);
  const reading = allowing(dicomDataActions.read);
  const result =
    reading.length > 0
      ? passed("role", `It has ${reading.join(" and ")}.`, target.url)
      : failed(
          "role",
          "no-role",
          definitions.length === 0
            ? "The client has no Azure role on this DICOM service."
            : `None of its Azure roles (${definitions.map(({ roleName }) => roleName).join(", ")}) allows reading this DICOM service.`,
          "Run pulumi up, which assigns the roles that the configuration has under access. Application permissions and consent do not open a DICOM service to a service client.",
          target.url,
        );
  return {
    result,
    allows: { read: reading.length > 0, write: allowing(dicomDataActions.write).length > 0 },
  };
}
