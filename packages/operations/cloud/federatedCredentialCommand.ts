import { graphRequest } from "./graphRequest";

/** Commands for those that have a subject. */
const commands = {
  show: "az ad app federated-credential show",
  delete: "az ad app federated-credential delete",
} as const;

/**
 * The command that shows or deletes a federated credential. The Azure CLI knows none that match claims:
 * https://github.com/Azure/azure-cli/issues/32816
 *
 * @param graph base address of the cloud's Microsoft Graph
 * @param application object id
 */
export function federatedCredentialCommand(
  action: "show" | "delete",
  graph: string,
  application: string,
  { id, claimsMatchingExpression }: { readonly id: string; readonly claimsMatchingExpression: string },
): string {
  return claimsMatchingExpression === ""
    ? `${commands[action]} --id ${application} --federated-credential-id ${id}`
    : graphRequest(
        graph,
        action === "show" ? "GET" : "DELETE",
        `applications/${application}/federatedIdentityCredentials/${id}`,
        undefined,
        "beta",
      );
}
