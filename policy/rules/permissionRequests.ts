import { asProperties, judgeEach, listOf, textOf } from "../pack/properties";
import type { JudgedResource } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

/** One permission that an application asks for. */
export interface PermissionRequest {
  /** Client id of the API. */
  readonly api: string;
  /** Whether it is a delegated permission (scope) or an application permission (app role). */
  readonly kind: "delegated" | "application";
  readonly id: string;
}

/**
 * Judges every permission that an application asks for, inline or by a resource of its own.
 *
 * @throws UnknownValueError after all others, when a preview does not know one yet.
 */
export function judgeRequests(
  { type, properties }: Pick<JudgedResource, "type" | "properties">,
  judge: (request: PermissionRequest) => void,
): void {
  if (type === types.apiAccess) {
    judgeEach(["scopeIds", "roleIds"] as const, (key) =>
      judgeEach(listOf(properties, key), (id) =>
        judge({
          api: textOf(properties, "apiClientId") ?? "",
          kind: key === "scopeIds" ? "delegated" : "application",
          id: String(id),
        }),
      ),
    );
    return;
  }
  judgeEach(listOf(properties, "requiredResourceAccesses"), (entry) => {
    const access = asProperties(entry);
    judgeEach(listOf(access, "resourceAccesses"), (permission) => {
      const read = asProperties(permission);
      judge({
        api: textOf(access, "resourceAppId") ?? "",
        kind: textOf(read, "type") === "Scope" ? "delegated" : "application",
        id: textOf(read, "id") ?? "",
      });
    });
  });
}
