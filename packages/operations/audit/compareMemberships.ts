import { graphRequest } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { type Comparison, nameOrId } from "./comparison";
import type { Finding } from "./finding";
import type { LiveDirectoryObject } from "./liveObjects";

/** Directory roles, groups and administrative units: none is ever declared. */
export function compareMemberships({ live, found, graph }: Comparison): Finding[] {
  return (live.memberships?.value ?? []).map((membership) => {
    const { kind, collection } = membershipKind(membership) ?? { kind: "group", collection: "groups" };
    const isRole = kind === "directory role";
    return found({
      rule: isRole ? "directory-role" : "group-membership",
      side: "live",
      object: membership.id,
      detail: `It ${isRole ? "has" : "is a member of"} the ${kind} ${nameOrId(membership.displayName, membership.id)}.`,
      content: membership["@odata.type"],
      next: inspectBeforeDelete(
        graphRequest(graph, "GET", `directoryObjects/${membership.id}`),
        graphRequest(
          graph,
          "DELETE",
          `${collection}/${membership.id}/members/${live.ids.servicePrincipalId ?? ""}/$ref`,
        ),
        "the client does not need it",
      ),
    });
  });
}

/** What a principal is a member of, and where Microsoft Graph has it; undefined of what it does not name the type of. */
export function membershipKind({
  "@odata.type": type,
}: Pick<LiveDirectoryObject, "@odata.type">):
  { readonly kind: string; readonly collection: string } | undefined {
  switch (type) {
    case "#microsoft.graph.directoryRole":
      return { kind: "directory role", collection: "directoryRoles" };
    case "#microsoft.graph.administrativeUnit":
      return { kind: "administrative unit", collection: "directory/administrativeUnits" };
    case "#microsoft.graph.group":
      return { kind: "group", collection: "groups" };
    default:
      return undefined;
  }
}
