import type { StackDeclaration } from "../project/declaration";
import type { DeployedClient } from "../project/deployedClient";
import { claimsOfToken } from "../cloud/tokenClaims";
import { failed, passed, type StageResult } from "./verification";

/** Checks that a token is for the right service, and of the client that was deployed. */
export function claimsStage(
  token: string,
  client: DeployedClient,
  { api, stack }: Pick<StackDeclaration, "api" | "stack">,
): StageResult {
  const claims = claimsOfToken(token);
  const text = (name: string): string => {
    const value = claims[name];
    return typeof value === "string" ? value : "nothing";
  };
  const audience = text("aud").replace(/\/+$/, "");
  const isForService = audience === client.audience || audience === api.clientId;
  if (!isForService) {
    return failed(
      "claims",
      "wrong-audience",
      `The token is for ${audience}, but the DICOM service wants ${client.audience ?? "nothing known"}.`,
      "Ask for the scope that the stack's outputs name; correct api.audience in the configuration if that is wrong.",
    );
  }
  const differences = [
    { name: "tid", is: text("tid"), wanted: client.tenantId },
    {
      name: "appid",
      is: claims["appid"] === undefined ? text("azp") : text("appid"),
      wanted: client.clientId,
    },
    { name: "oid", is: text("oid"), wanted: client.servicePrincipalId },
  ].filter(({ is, wanted }) => wanted !== undefined && is !== wanted);
  return differences.length === 0
    ? passed("claims", `The token is for ${audience} and of the service principal ${text("oid")}.`)
    : failed(
        "claims",
        "wrong-claims",
        `The token differs from what was deployed: ${differences.map(({ name, is, wanted }) => `${name} is ${is} instead of ${wanted}`).join(", ")}.`,
        `The service principal was deleted and created again, or the credential belongs to another client. This shows what differs: \`pulumi preview --diff --stack ${stack}\``,
      );
}
