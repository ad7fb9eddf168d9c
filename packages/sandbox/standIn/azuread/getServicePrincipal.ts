import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { textIn, textsIn, type JsonObject } from "../http/jsonBody";
import { textOf, type PropertyMap } from "../server/propertyValue";
import type { AzureadContext } from "./azureadContext";
import { lookup, requireOneOf } from "./lookup";
import { sameId, servicePrincipalNamed, servicePrincipalPath } from "./objectIds";
import { commonServicePrincipalState, relayStateOf } from "./servicePrincipalState";

/** A text within an OData filter, its quotes doubled. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function byFilter({ graph }: AzureadContext, filter: string): Promise<JsonObject[]> {
  return diagnosed(`Listing service principals for filter "${filter}"`, () =>
    graph.list("/servicePrincipals", { $filter: filter }),
  );
}

async function find(context: AzureadContext, args: PropertyMap): Promise<JsonObject | undefined> {
  const [objectId, displayName, clientId] = ["objectId", "displayName", "clientId"].map((key) =>
    textOf(args[key]),
  );
  if (objectId) {
    const named = servicePrincipalNamed(objectId);
    const found = await diagnosed(`Retrieving ${named}`, () =>
      context.graph.find(servicePrincipalPath(objectId)),
    );
    if (found === undefined) throw new DiagnosticError(`${named} was not found`);
    return found;
  }
  if (displayName) {
    const filter = `displayName eq ${quoted(displayName)}`;
    const found = await byFilter(context, filter);
    if (found.length === 0) {
      throw new DiagnosticError(
        "Service principal not found",
        `no service principals found matching filter: "${filter}"`,
      );
    }
    if (found.length > 1) {
      throw new DiagnosticError(
        "Multiple service principals found",
        `found multiple service principals matching filter: "${filter}"`,
      );
    }
    return found.find((one) => sameId(textIn(one["displayName"]), displayName));
  }
  const wanted = clientId ?? "";
  const found = await byFilter(context, `appId eq ${quoted(wanted)}`);
  return found.find((one) => sameId(textIn(one["appId"]), wanted));
}

/** `azuread.getServicePrincipal`: one service principal by client id, object id or display name; a missing one is an error. */
export const servicePrincipalLookup = lookup(
  "azuread:index/getServicePrincipal:getServicePrincipal",
  async (context, args) => {
    requireOneOf(args, ["clientId", "displayName", "objectId"]);
    const live = await find(context, args);
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
