import { z } from "zod";
import { lastPart } from "../project/lastPart";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const actions = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

/** A role definition of Azure. Source: https://learn.microsoft.com/rest/api/authorization/role-definitions/get */
export const roleDefinition = z.object({
  properties: z.object({
    roleName: text,
    /** `BuiltInRole` or `CustomRole`. */
    type: text,
    permissions: z.array(
      z.object({
        actions,
        notActions: actions,
        dataActions: actions,
        notDataActions: actions,
        /** Within which these count, besides that of an assignment; some built-in roles that assign others have one. */
        condition: text,
      }),
    ),
  }),
});

/** What a role definition is called and allows. */
export type RoleContent = z.infer<typeof roleDefinition>["properties"];

/** Whether a role allows an action: a single one, without a `*`. */
export function allows(
  { permissions }: Pick<RoleContent, "permissions">,
  kind: "actions" | "dataActions",
  action: string,
): boolean {
  const not = kind === "actions" ? "notActions" : "notDataActions";
  return permissions.some(
    (one) =>
      one[kind].some((pattern) => coversAction(pattern, action)) &&
      !one[not].some((pattern) => coversAction(pattern, action)),
  );
}

/** Whether an action of a role, in which `*` stands for anything, covers a single one. */
export function coversAction(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

/**
 * The id of a role definition as seen from a scope. Who has rights at that scope only may read it there, and not at the subscription
 * that role assignments name. Source: https://learn.microsoft.com/rest/api/authorization/role-definitions/get
 */
export function definitionAt(scope: string, roleDefinitionId: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleDefinitions/${lastPart(roleDefinitionId)}`;
}
