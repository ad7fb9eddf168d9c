import { isMapping } from "dicom-service-client/model";
import { graphRequest } from "../cloud/graphRequest";
import { childTypes } from "../project/deployedClient";
import { shellQuoted } from "../shellQuoted";

/** What a cure is worked out from. */
export interface CureParts {
  /** Type of the resource. */
  readonly type: string;
  /** Id of the live object. */
  readonly object: string;
  readonly property: string | null;
  readonly live: unknown;
  readonly declared: unknown;
  /** Object id of the application. */
  readonly objectId: string;
  /** Client id of the application. */
  readonly clientId: string;
  /** Base address of the cloud's Microsoft Graph. */
  readonly graph: string;
}

/** What makes a live object and its declaration the same: commands, one a line, or a sentence. */
export function differenceCure(parts: CureParts): string {
  const { type, property } = parts;
  if (
    property === "owners" &&
    [childTypes.application, childTypes.servicePrincipal].some((one) => one === type)
  ) {
    return ownersCure(parts);
  }
  if (type === childTypes.application && property === "requiredResourceAccesses") {
    return `az ad app update --id ${parts.clientId} --required-resource-accesses '${JSON.stringify(requiredAccesses(parts.declared))}'`;
  }
  if (type === childTypes.application && property === "signInAudience") {
    return `az ad app update --id ${parts.clientId} --sign-in-audience ${text(parts.declared)}`;
  }
  if (type === childTypes.consent && property === "claimValues") {
    const scope = texts(parts.declared).join(" ");
    return graphRequest(parts.graph, "PATCH", `oauth2PermissionGrants/${parts.object}`, { scope });
  }
  if (type === childTypes.azureRole && property === "roleAssignmentName") {
    return `Write assignmentName: ${text(parts.live)}, or take the assignment away: az role assignment delete --ids ${shellQuoted(parts.object)}`;
  }
  return "Write the live value into the configuration, or change the live object.";
}

/** Who is missing is made an owner, so that nothing is taken from anybody; whoever is too many can be named. */
function ownersCure({ type, live, declared, object, objectId, graph }: CureParts): string {
  const there = new Set(texts(live).map((id) => id.toLowerCase()));
  const wanted = texts(declared).map((id) => id.toLowerCase());
  const surplus = [...there].filter((id) => !wanted.includes(id));
  return [
    ...wanted
      .filter((id) => !there.has(id))
      .map((id) =>
        type === childTypes.application
          ? `az ad app owner add --id ${objectId} --owner-object-id ${id}`
          : graphRequest(graph, "POST", `servicePrincipals/${object}/owners/$ref`, {
              "@odata.id": `${graph}/v1.0/directoryObjects/${id}`,
            }),
      ),
    ...(surplus.length === 0 ? [] : [`Name them under owners as well: ${surplus.join(", ")}`]),
  ].join("\n");
}

/** The provider's spelling of required access in that of Microsoft Graph. */
function requiredAccesses(declared: unknown): unknown {
  if (!Array.isArray(declared)) return declared;
  return (declared as readonly unknown[])
    .filter(isMapping)
    .map(({ resourceAppId, resourceAccesses }) => ({ resourceAppId, resourceAccess: resourceAccesses }));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
