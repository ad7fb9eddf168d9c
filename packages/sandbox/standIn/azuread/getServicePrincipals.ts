import { createHash } from "node:crypto";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { textIn, textsIn, type JsonObject } from "../http/jsonBody";
import { textsOf, type PropertyMap } from "../server/propertyValue";
import type { AzureadContext } from "./azureadContext";
import { quoted } from "./getServicePrincipal";
import { lookup } from "./lookup";
import { servicePrincipalNamed, servicePrincipalPath } from "./objectIds";
import { servicePrincipalNames } from "./servicePrincipalState";

const selected = [
  "accountEnabled",
  "appId",
  "appOwnerOrganizationId",
  "appRoleAssignmentRequired",
  "displayName",
  "id",
  "preferredSingleSignOnMode",
  "servicePrincipalNames",
  "servicePrincipalType",
  "signInAudience",
  "tags",
].join(",");

/** One list request per client id; a missing one is an error unless it may be missing. */
async function find(
  context: AzureadContext,
  clientIds: readonly string[],
  mayBeMissing: boolean,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const clientId of clientIds) {
    const matches = await diagnosed(`Finding service principals with client ID: "${clientId}"`, () =>
      context.graph.list("/servicePrincipals", {
        $filter: `appId eq ${quoted(clientId)}`,
        $select: selected,
      }),
    );
    const [first] = matches;
    if (first !== undefined) found.push(first);
    else if (!mayBeMissing) {
      throw new DiagnosticError(`Service principal not found with client ID: "${clientId}"`);
    }
  }
  return found;
}

/** `azuread.getServicePrincipals`: several service principals, by client ids. */
export const servicePrincipalsLookup = lookup(
  "azuread:index/getServicePrincipals:getServicePrincipals",
  async (context, args) => {
    if (args["clientIds"] === undefined) {
      throw new DiagnosticError(
        "the stand-in for azuread covers getServicePrincipals by clientIds alone; install the real plugin",
      );
    }
    const found = await find(context, textsOf(args["clientIds"]), args["ignoreMissing"] === true);
    const servicePrincipals: PropertyMap[] = [];
    for (const live of found) {
      const objectId = textIn(live["id"]);
      const beta = await diagnosed(`Retrieving ${servicePrincipalNamed(objectId)} (beta API)`, () =>
        context.graph.get(servicePrincipalPath(objectId), { $select: "samlMetadataUrl" }, "beta"),
      );
      servicePrincipals.push({
        accountEnabled: live["accountEnabled"] === true,
        appRoleAssignmentRequired: live["appRoleAssignmentRequired"] === true,
        applicationTenantId: textIn(live["appOwnerOrganizationId"]),
        clientId: textIn(live["appId"]),
        displayName: textIn(live["displayName"]),
        objectId,
        preferredSingleSignOnMode: textIn(live["preferredSingleSignOnMode"]),
        samlMetadataUrl: textIn(beta["samlMetadataUrl"]),
        servicePrincipalNames: servicePrincipalNames(live),
        signInAudience: textIn(live["signInAudience"]),
        tags: textsIn(live["tags"]),
        type: textIn(live["servicePrincipalType"]),
      });
    }
    const objectIds = found.map(({ id }) => textIn(id));
    const digest = createHash("sha1").update(objectIds.join("/")).digest("base64");
    return {
      // Go's base64.URLEncoding: the URL-safe alphabet, with padding
      id: `serviceprincipals#${digest.replaceAll("+", "-").replaceAll("/", "_")}`,
      clientIds: found.map(({ appId }) => textIn(appId)),
      displayNames: found.map(({ displayName }) => textIn(displayName)),
      ignoreMissing: args["ignoreMissing"] === true,
      objectIds,
      returnAll: false,
      servicePrincipals,
    };
  },
);
