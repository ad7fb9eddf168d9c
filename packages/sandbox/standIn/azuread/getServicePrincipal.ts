import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { textIn, textsIn } from "../http/jsonBody";
import { textOf } from "../server/propertyValue";
import { lookup } from "./lookup";
import { sameId, servicePrincipalNamed, servicePrincipalPath } from "./objectIds";
import { commonServicePrincipalState, relayStateOf } from "./servicePrincipalState";

/** A text within an OData filter, its quotes doubled. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `azuread.getServicePrincipal`: one service principal by client id; a missing one is an error. */
export const servicePrincipalLookup = lookup(
  "azuread:index/getServicePrincipal:getServicePrincipal",
  async (context, args) => {
    const [clientId = "", ...others] = ["clientId", "displayName", "objectId"].map((name) =>
      textOf(args[name]),
    );
    if (clientId === "" || others.some((other) => other !== "")) {
      throw new DiagnosticError(
        "the stand-in for azuread covers getServicePrincipal by clientId alone; install the real plugin",
      );
    }
    const filter = `appId eq ${quoted(clientId)}`;
    const found = await diagnosed(`Listing service principals for filter "${filter}"`, () =>
      context.graph.list("/servicePrincipals", { $filter: filter }),
    );
    const live = found.find((one) => sameId(textIn(one["appId"]), clientId));
    if (live === undefined) {
      throw new DiagnosticError("No service principal found", "no service principal found");
    }
    const objectId = textIn(live["id"]);
    const path = servicePrincipalPath(objectId);
    const beta = await diagnosed(`Retrieving ${servicePrincipalNamed(objectId)} (beta API)`, () =>
      context.graph.get(path, { $select: "samlMetadataUrl" }, "beta"),
    );
    const relayState = relayStateOf(live);
    return {
      ...commonServicePrincipalState(live, beta),
      id: path,
      alternativeNames: textsIn(live["alternativeNames"]),
      notificationEmailAddresses: textsIn(live["notificationEmailAddresses"]),
      samlSingleSignOns: relayState === undefined ? [] : [{ relayState }],
      tags: textsIn(live["tags"]),
    };
  },
);
