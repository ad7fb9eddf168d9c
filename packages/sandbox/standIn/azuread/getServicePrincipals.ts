import { createHash } from "node:crypto";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { textIn, textsIn, type JsonObject } from "../http/jsonBody";
import { textsOf, type PropertyMap } from "../server/propertyValue";
import type { AzureadContext } from "./azureadContext";
import { quoted } from "./getServicePrincipal";
import { lookup, requireOneOf } from "./lookup";
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

/** One list request per wanted value; a missing one is an error unless it may be missing. */
async function oneEach(
  context: AzureadContext,
  values: readonly string[],
  property: string,
  described: string,
  mayBeMissing: boolean,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const value of values) {
    const matches = await diagnosed(`Finding service principals with ${described}: "${value}"`, () =>
      context.graph.list("/servicePrincipals", {
        $filter: `${property} eq ${quoted(value)}`,
        $select: selected,
      }),
    );
    const [first, ...more] = matches;
    if (more.length > 0) {
      throw new DiagnosticError(`More than one service principal found with ${described}: "${value}"`);
    }
    if (first !== undefined) found.push(first);
    else if (!mayBeMissing) {
      throw new DiagnosticError(`Service principal not found with ${described}: "${value}"`);
    }
  }
  return found;
}

async function byObjectId(
  context: AzureadContext,
  ids: readonly string[],
  mayBeMissing: boolean,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const id of ids) {
    const one = await diagnosed(`Retrieving service principal with object ID: "${id}"`, () =>
      context.graph.find(servicePrincipalPath(id)),
    );
    if (one !== undefined) found.push(one);
    else if (!mayBeMissing) throw new DiagnosticError(`Service principal not found with object ID: "${id}"`);
  }
  return found;
}

async function find(context: AzureadContext, args: PropertyMap): Promise<JsonObject[]> {
  const mayBeMissing = args["ignoreMissing"] === true;
  if (args["returnAll"] === true) {
    return diagnosed("Could not retrieve service principals", () =>
      context.graph.list("/servicePrincipals", { $select: selected }),
    );
  }
  const clientIds = textsOf(args["clientIds"]);
  if (clientIds.length > 0) return oneEach(context, clientIds, "appId", "client ID", mayBeMissing);
  const displayNames = textsOf(args["displayNames"]);
  if (displayNames.length > 0) {
    return oneEach(context, displayNames, "displayName", "display name", mayBeMissing);
  }
  return byObjectId(context, textsOf(args["objectIds"]), mayBeMissing);
}

/** `azuread.getServicePrincipals`: several service principals, by client ids, object ids or display names, or all. */
export const servicePrincipalsLookup = lookup(
  "azuread:index/getServicePrincipals:getServicePrincipals",
  async (context, args) => {
    requireOneOf(args, ["clientIds", "displayNames", "objectIds", "returnAll"]);
    const found = await find(context, args);
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
      returnAll: args["returnAll"] === true,
      servicePrincipals,
    };
  },
);
