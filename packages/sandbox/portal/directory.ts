import { isGuid } from "../guid";
import { isMapping } from "../mapping";
import { SandboxError } from "../runner/sandboxError";
import { textIn } from "../standIn/http/jsonBody";
import type { GraphVersion } from "../graphVersion";
import type { Administrator } from "./administrator";

/** A Graph object as the portal lists it. */
export type Listed = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * Lists a collection, of at most one page.
 *
 * @param filter comparisons that have to hold, by property.
 */
export async function listObjects(
  administrator: Administrator,
  collection: string,
  filter: Readonly<Record<string, string>> = {},
  version: GraphVersion = "v1.0",
): Promise<readonly Listed[]> {
  const conditions = Object.entries(filter).map(
    ([property, value]) => `${property} eq '${value.replaceAll("'", "''")}'`,
  );
  const query = conditions.length === 0 ? "" : `?$filter=${encodeURIComponent(conditions.join(" and "))}`;
  const answer = await administrator.graph("GET", `${collection}${query}`, undefined, version);
  const items: unknown = isMapping(answer) ? answer["value"] : undefined;
  return Array.isArray(items) ? items.filter(isListed) : [];
}

/** @throws SandboxError when the answer is not an object with an id. */
export function listed(answer: unknown): Listed {
  if (isListed(answer)) {
    return answer;
  }
  throw new SandboxError("The sandbox tenant answered in a form that this command does not know.");
}

function isListed(item: unknown): item is Listed {
  return isMapping(item) && typeof item["id"] === "string";
}

/**
 * The service principal of an application.
 *
 * @throws SandboxError when there is none.
 */
export async function findServicePrincipal(administrator: Administrator, appId: string): Promise<Listed> {
  const [found] = await listObjects(administrator, "servicePrincipals", { appId });
  if (found) {
    return found;
  }
  throw new SandboxError(`There is no service principal of the application ${appId}.`);
}

/**
 * The service principal of an API, by its client id or display name.
 *
 * @throws SandboxError when the tenant has none.
 */
export async function findApi(administrator: Administrator, wanted: string): Promise<Listed> {
  const [found] = await listObjects(administrator, "servicePrincipals", {
    [isGuid(wanted) ? "appId" : "displayName"]: wanted,
  });
  if (found) {
    return found;
  }
  throw new SandboxError(
    `The tenant has no API ${JSON.stringify(wanted)}; name it by its client id or its display name, such as "Azure API for DICOM".`,
  );
}

/**
 * A user, by object id or user principal name.
 *
 * @throws SandboxError when there is none.
 */
export async function findUser(administrator: Administrator, wanted: string): Promise<Listed> {
  const found = await administrator.graph("GET", `users/${encodeURIComponent(wanted)}`);
  if (found !== undefined) {
    return listed(found);
  }
  const all = await listObjects(administrator, "users");
  throw new SandboxError(
    [
      `There is no user ${JSON.stringify(wanted)}. The users are:`,
      ...all.map((user) => `  ${textIn(user["userPrincipalName"])}  ${user.id}`),
    ].join("\n"),
  );
}
