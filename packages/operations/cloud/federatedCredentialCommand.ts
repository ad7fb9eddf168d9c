import { graphRequest, word } from "./graphRequest";

/** Commands for those that have a subject. */
const commands = {
  show: "az ad app federated-credential show",
  delete: "az ad app federated-credential delete",
} as const;

/** The same for those of managed identities, whatever they match. */
const commandsOfIdentity = {
  show: "az identity federated-credential show",
  delete: "az identity federated-credential delete",
} as const;

/**
 * The command that shows or deletes a federated credential: of an application, or of a managed identity, whose credentials have
 * resource ids. The Azure CLI knows none of applications that match claims: https://github.com/Azure/azure-cli/issues/32816
 *
 * @param graph base address of the cloud's Microsoft Graph
 * @param application object id; unused of a managed identity's
 */
export function federatedCredentialCommand(
  action: "show" | "delete",
  graph: string,
  application: string,
  { id, claimsMatchingExpression }: { readonly id: string; readonly claimsMatchingExpression: string },
): string {
  if (id.startsWith("/")) {
    const [, , subscription = "", , group = "", , , , identity = "", , name = ""] = id.split("/");
    return `${commandsOfIdentity[action]} --name ${word(name)} --identity-name ${word(identity)} --resource-group ${word(group)} --subscription ${word(subscription)}`;
  }
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
