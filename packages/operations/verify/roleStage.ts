import { readRole, uploaderDataActions } from "dicom-service-client/model";
import { describeNeed } from "../cloud/call";
import { calls, dicomDataActions, type DicomRight } from "../cloud/calls";
import { allows, definitionAt, type RoleContent, roleDefinition } from "../cloud/roleDefinition";
import type { CloudClient } from "../cloud/cloudClient";
import { RefusedCall } from "../cloud/refusedCall";
import { TransportFailure } from "../cloud/transportFailure";
import { OperationError } from "../operationError";
import type { DeclaredRole, DicomTarget } from "./dicomReach";
import { failed, passed, skipped, type StageResult } from "./verification";
import { lastPart } from "../project/lastPart";

/** What a client may do at a DICOM service, as declared and as Azure Resource Manager says. */
export interface RoleFinding {
  readonly result: StageResult;
  /** The rights of the declared roles; undefined when one is a custom role that could not be read. */
  readonly declared?: ReadonlySet<DicomRight>;
  /** By right, the names of the roles that the client holds and that give it; undefined when that could not be found out. */
  readonly held?: ReadonlyMap<DicomRight, readonly string[]>;
}

interface RoleAssignment {
  readonly properties: { readonly roleDefinitionId: string; readonly scope: string };
}

const everyRight = Object.keys(dicomDataActions) as readonly DicomRight[];
/** What the built-in roles give. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/integration */
const builtInRights = new Map<string | undefined, readonly DicomRight[]>([
  [readRole("reader"), ["read"]],
  [readRole("owner"), everyRight],
]);

const uploaderRights = everyRight.filter((right) => uploaderDataActions.includes(dicomDataActions[right]));

/**
 * Looks up the Azure roles of a client at a DICOM service, inherited ones included. It needs the operator's own rights; when these
 * do not suffice the stage is skipped, as the service's answer decides in the end.
 *
 * @param stack its name, for the command that is advised
 */
export async function roleStage(
  cloud: CloudClient,
  target: DicomTarget,
  principalId: string,
  stack: string,
): Promise<RoleFinding> {
  try {
    const assignments = (await cloud.readAll(calls.roleAssignmentsOfPrincipal, {
      scope: target.resourceId,
      principalId,
    })) as readonly RoleAssignment[];
    const ids = [...new Set(assignments.map(({ properties }) => properties.roleDefinitionId))].sort();
    const definitions = await Promise.all(
      ids.map(async (id) => {
        const roleDefinitionId = definitionAt(target.resourceId, id);
        const read = roleDefinition.parse(await cloud.read(calls.roleDefinition, { roleDefinitionId }));
        const roleId = lastPart(id).toLowerCase();
        const { roleName } = read.properties;
        return [roleId, { ...read.properties, roleName: roleName || roleId }] as const;
      }),
    );
    return judge(new Map(definitions), target, stack);
  } catch (error) {
    const unread = (why: string): RoleFinding => ({
      result: skipped("role", `The client's roles cannot be read${why}`, target.url),
      ...declaredRights(target.roles, new Map()),
    });
    if (error instanceof RefusedCall) {
      const missing = error.isDenied ? `; you need ${describeNeed(error.call.needs)}` : "";
      return unread(` (${error.message})${missing}`);
    }
    if (error instanceof TransportFailure || error instanceof OperationError) {
      return unread(`: ${error.message}`);
    }
    throw error;
  }
}

function judge(held: ReadonlyMap<string, RoleContent>, target: DicomTarget, stack: string): RoleFinding {
  const definitions = [...held.values()];
  const giving = new Map(
    everyRight.map((right) => [
      right,
      definitions.filter((role) => gives(role, right)).map(({ roleName }) => roleName),
    ]),
  );
  const { declared } = declaredRights(target.roles, held);
  const missing = [...(declared ?? [])].filter((right) => giving.get(right)?.length === 0);
  const useful = definitions
    .filter((role) => everyRight.some((right) => gives(role, right)))
    .map(({ roleName }) => roleName);
  return {
    result:
      useful.length > 0 && missing.length === 0
        ? passed("role", `It has ${useful.join(" and ")}.`, target.url)
        : failed(
            "role",
            "no-role",
            definitions.length === 0
              ? "The client has no Azure role on this DICOM service."
              : `None of its Azure roles (${definitions.map(({ roleName }) => roleName).join(", ")}) allows ${allowsWhat(missing)} this DICOM service.`,
            `Run \`pulumi up --stack ${stack}\`, which assigns the roles that the configuration has under access. Application permissions and consent do not open a DICOM service to a service client.`,
            target.url,
          ),
    ...(declared === undefined ? {} : { declared }),
    held: giving,
  };
}

/** The rights of declared roles, of custom ones as far as the client holds them: others are not known. */
function declaredRights(
  roles: readonly DeclaredRole[],
  held: ReadonlyMap<string, RoleContent>,
): Pick<RoleFinding, "declared"> {
  const rights = roles.map(({ roleId, isUploader }) => {
    // What the client brings along is declared with it, whatever somebody lets it do now.
    if (isUploader) return uploaderRights;
    const definition = held.get(roleId);
    return (
      builtInRights.get(roleId) ?? (definition && everyRight.filter((right) => gives(definition, right)))
    );
  });
  return rights.includes(undefined) ? {} : { declared: new Set(rights.flatMap((of) => of ?? [])) };
}

function allowsWhat(missing: readonly DicomRight[]): string {
  const words: Readonly<Record<DicomRight, string>> = {
    read: "reading",
    write: "storing in",
    delete: "deleting from",
    manageExtendedQueryTags: "managing the query tags of",
    export: "exporting from",
  };
  return missing.length === 0 ? "anything in" : missing.map((right) => words[right]).join(", ");
}

function gives(role: RoleContent, right: DicomRight): boolean {
  return allows(role, "dataActions", dicomDataActions[right]);
}
