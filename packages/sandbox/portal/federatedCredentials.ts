import { SandboxError } from "../runner/sandboxError";
import { textIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import { listObjects, listed } from "./directory";
import { clientArgument, type ActionDefinition } from "./portalAction";

/** Audience of tokens that are exchanged for Entra's. */
const tokenExchange = "api://AzureADTokenExchange";
/** The version of Graph that knows flexible federated credentials, and the only one that lists them. */
const beta = "beta";

/**
 * Removes a federated credential.
 *
 * @param wanted its id or its name.
 * @returns its id.
 * @throws SandboxError when it is not there.
 */
async function removeFederatedCredential(
  administrator: Administrator,
  objectId: string,
  wanted: string,
): Promise<string> {
  const path = `applications/${objectId}/federatedIdentityCredentials`;
  const present = await listObjects(administrator, path, {}, beta);
  const found = present.find((one) => one.id === wanted || one["name"] === wanted);
  if (!found) {
    throw new SandboxError(
      [
        `The application ${objectId} has no federated credential ${JSON.stringify(wanted)}; it has ${present.length === 0 ? "none" : "these:"}`,
        ...present.map((one) => `  ${textIn(one["name"])}  ${one.id}`),
      ].join("\n"),
    );
  }
  await administrator.graph("DELETE", `${path}/${found.id}`);
  return found.id;
}

/** The actions of this file on the command line. */
export const federatedCredentialActions: readonly ActionDefinition[] = [
  {
    name: "add-federated-credential",
    description: "trust the tokens of another issuer",
    arguments: [
      clientArgument,
      { flags: "name", description: "name of the credential" },
      { flags: "issuer", description: "https address of the issuer" },
      { flags: "subject", description: "subject of its tokens, or with --claims-matching an expression" },
    ],
    options: [
      {
        flags: "--claims-matching",
        description: "match claims: a flexible federated credential",
      },
      { flags: "--audience <text>", description: "audience of its tokens", fallback: tokenExchange },
    ],
    example:
      "add-federated-credential imaging-gateway github https://token.actions.githubusercontent.com repo:a@1/b@2:ref:refs/heads/main",
    async run(given) {
      const { id } = await given.application();
      const subject = given.text("subject");
      const path = `applications/${id}/federatedIdentityCredentials`;
      const body = {
        name: given.text("name"),
        issuer: given.text("issuer"),
        ...(given.isOn("claimsMatching")
          ? { claimsMatchingExpression: { value: subject, languageVersion: 1 } }
          : { subject }),
        audiences: [given.text("audience")],
      };
      const credential = listed(await given.administrator.graph("POST", path, body, beta)).id;
      return [`Added the federated credential ${credential} to the application ${id}.`];
    },
  },
  {
    name: "remove-federated-credential",
    description: "stop trusting the tokens of another issuer",
    arguments: [clientArgument, { flags: "credential", description: "name or id of the credential" }],
    example: "remove-federated-credential imaging-gateway github",
    async run(given) {
      const { administrator } = given;
      const { id } = await given.application();
      const removed = await removeFederatedCredential(administrator, id, given.text("credential"));
      return [`Removed the federated credential ${removed} from the application ${id}.`];
    },
  },
];
