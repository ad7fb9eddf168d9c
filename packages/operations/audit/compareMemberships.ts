import { graphRequest } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { type Comparison, nameOrId } from "./comparison";
import type { Finding } from "./finding";
import type { LiveDirectoryObject } from "./liveObjects";

/** Directory roles, groups and administrative units: none is ever declared. */
export function compareMemberships({ live, found, graph }: Comparison): Finding[] {
  return (live.memberships?.value ?? []).map((membership) => {
    const { rule, path, has } = kindOfMembership(membership);
    return found({
      rule,
      side: "live",
      object: membership.id,
      detail: `It ${has} ${nameOrId(membership.displayName, membership.id)}.`,
      content: membership["@odata.type"],
      next: inspectBeforeDelete(
        graphRequest(graph, "GET", `directoryObjects/${membership.id}`),
        graphRequest(
          graph,
          "DELETE",
          `${path}/${membership.id}/members/${live.ids.servicePrincipalId ?? ""}/$ref`,
        ),
        "the client does not need it",
      ),
    });
  });
}

function kindOfMembership(membership: LiveDirectoryObject): {
  readonly rule: "directory-role" | "group-membership";
  readonly path: string;
  readonly has: string;
} {
  switch (membership["@odata.type"]) {
    case "#microsoft.graph.directoryRole":
      return { rule: "directory-role", path: "directoryRoles", has: "has the directory role" };
    case "#microsoft.graph.administrativeUnit":
      return {
        rule: "group-membership",
        path: "directory/administrativeUnits",
        has: "is a member of the administrative unit",
      };
    default:
      return { rule: "group-membership", path: "groups", has: "is a member of the group" };
  }
}
