import { SandboxError } from "../runner/sandboxError";
import type { Administrator } from "./administrator";
import { listObjects, listed, textProperty } from "./directory";
import { clientArgument, type PortalAction, requiredText } from "./portalAction";

/** Whose tokens are to be trusted. */
export interface Trust {
  readonly name: string;
  readonly issuer: string;
  /** Subject of the tokens, or what their claims must be. */
  readonly subject: string | { readonly claimsMatching: string };
  readonly audience: string;
}

/** Audience of tokens that are exchanged for Entra's. */
const tokenExchange = "api://AzureADTokenExchange";
/** The version of Graph that knows flexible federated credentials, and the only one that lists them. */
const beta = "beta";

/** Adds a federated credential to an application. @returns its id. */
async function addFederatedCredential(
  administrator: Administrator,
  objectId: string,
  { name, issuer, subject, audience }: Trust,
): Promise<string> {
  const whose =
    typeof subject === "string"
      ? { subject }
      : { claimsMatchingExpression: { value: subject.claimsMatching, languageVersion: 1 } };
  const made = await administrator.graph(
    "POST",
    `applications/${objectId}/federatedIdentityCredentials`,
    { name, issuer, ...whose, audiences: [audience] },
    beta,
  );
  return listed(made).id;
}

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
        ...present.map((one) => `  ${textProperty(one, "name")}  ${one.id}`),
      ].join("\n"),
    );
  }
  await administrator.graph("DELETE", `${path}/${found.id}`);
  return found.id;
}

/** The actions of this file on the command line. */
export function federatedCredentialActions(): readonly PortalAction[] {
  return [
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
        "add-federated-credential imaging-gateway ci https://token.actions.githubusercontent.com repo:a@1/b@2:ref:refs/heads/main",
      async run({ administrator, application }, values) {
        const { id } = await application(requiredText(values, "client"));
        const credential = await addFederatedCredential(administrator, id, {
          name: requiredText(values, "name"),
          issuer: requiredText(values, "issuer"),
          subject:
            values["claimsMatching"] === true
              ? { claimsMatching: requiredText(values, "subject") }
              : requiredText(values, "subject"),
          audience: requiredText(values, "audience"),
        });
        return [`Added the federated credential ${credential} to the application ${id}.`];
      },
    },
    {
      name: "remove-federated-credential",
      description: "stop trusting the tokens of another issuer",
      arguments: [clientArgument, { flags: "credential", description: "name or id of the credential" }],
      example: "remove-federated-credential imaging-gateway ci",
      async run({ administrator, application }, values) {
        const { id } = await application(requiredText(values, "client"));
        const removed = await removeFederatedCredential(
          administrator,
          id,
          requiredText(values, "credential"),
        );
        return [`Removed the federated credential ${removed} from the application ${id}.`];
      },
    },
  ];
}
