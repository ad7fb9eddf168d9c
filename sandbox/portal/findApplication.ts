import type { Stack } from "@pulumi/pulumi/automation";
import { isGuid } from "../../components/azureResourceId";
import { isMapping } from "../../stack/mapping";
import { SandboxError } from "../runner/sandboxError";
import type { Administrator } from "./administrator";

/** An application as the portal lists it. */
export interface FoundApplication {
  readonly id: string;
  readonly displayName: string;
}

/**
 * Finds an application by the client's name in the stack, or by its client id, object id or display name.
 *
 * @throws SandboxError when there is none, or when several bear the display name.
 */
export async function findApplication(
  administrator: Administrator,
  stack: Stack,
  wanted: string,
): Promise<FoundApplication> {
  const objectId = (await clientObjectIds(stack)).get(wanted) ?? wanted;
  const found = isGuid(objectId)
    ? [
        ...applications([await administrator.graph("GET", `applications/${objectId}`)]),
        ...(await filtered(administrator, `appId eq '${objectId}'`)),
      ]
    : await filtered(administrator, `displayName eq '${wanted.replaceAll("'", "''")}'`);
  const [first, ...others] = found;
  if (others.length > 0) {
    throw new SandboxError(
      [
        `Several applications are called ${JSON.stringify(wanted)}; name one by its object id:`,
        ...found.map(({ id }) => `  ${id}`),
      ].join("\n"),
    );
  }
  if (first) {
    return first;
  }
  throw new SandboxError(
    `There is no application ${JSON.stringify(wanted)}: neither a client of the stack nor a client id, object id or display name in the tenant.`,
  );
}

async function clientObjectIds(stack: Stack): Promise<Map<string, string>> {
  const { clients } = await stack.outputs();
  const value: unknown = clients?.value;
  return new Map(
    Object.entries(isMapping(value) ? value : {}).flatMap(([name, client]) =>
      isMapping(client) && typeof client["objectId"] === "string"
        ? [[name, client["objectId"]] as const]
        : [],
    ),
  );
}

async function filtered(administrator: Administrator, condition: string): Promise<FoundApplication[]> {
  const list = await administrator.graph("GET", `applications?$filter=${encodeURIComponent(condition)}`);
  return isMapping(list) && Array.isArray(list["value"]) ? applications(list["value"] as unknown[]) : [];
}

function applications(items: readonly unknown[]): FoundApplication[] {
  return items.flatMap((item) =>
    isMapping(item) && typeof item["id"] === "string" && typeof item["displayName"] === "string"
      ? [{ id: item["id"], displayName: item["displayName"] }]
      : [],
  );
}
