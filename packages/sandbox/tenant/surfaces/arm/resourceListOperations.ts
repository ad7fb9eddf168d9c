import type { Input } from "../../core/request";
import { notImplemented } from "../../core/refusal";
import { decodePath } from "../../core/router";
import { allowing } from "../../domain/azureAccess";
import { checkScope } from "../../domain/azureScopes";
import type { Directory } from "../../state/directory";
import type { ResourceRecord } from "../../state/records";
import type { Caller } from "../caller";
import type { Services } from "../services";
import type { ArmOperation } from "./armOperation";
import { armAnswer } from "./armRenderer";
import { resourceView } from "./resourceView";

const groupType = "Microsoft.Resources/resourceGroups";
const subscriptionPath = "/subscriptions/{subscriptionId}";

/** Properties that an `$filter` of resources may compare. */
const filters: ReadonlyMap<string, (resource: ResourceRecord) => string> = new Map([
  ["name", ({ name }) => name],
  ["resourcetype", ({ type }) => type],
  ["resourcegroup", ({ id }) => /\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? ""],
  ["location", ({ location }) => location ?? ""],
]);

/** Lists of resources and resource groups, of which a caller sees what it may read. */
export function resourceListOperations(services: Services): readonly ArmOperation[] {
  const { profile } = services;
  const list = (id: string, path: string, wanted: (resource: ResourceRecord) => boolean): ArmOperation => ({
    id,
    method: "GET",
    path,
    access: { action: null },
    query: ["$filter", "$expand", "$top"],
    handle(directory, input, caller) {
      const scope = decodePath(input.path).replace(/\/(?:resources|resourceGroups)$/i, "");
      checkScope(directory, scope, profile.subscriptionId);
      const value = filtered(input, directory.resources.all())
        .filter((resource) => wanted(resource) && mayRead(directory, caller, resource))
        .map((resource) => resourceView(resource, input, profile));
      return armAnswer(input, 200, { value });
    },
  });
  return [
    list("arm.resources.list", `${subscriptionPath}/resources`, ({ type }) => type !== groupType),
    list("arm.resourceGroups.list", `${subscriptionPath}/resourceGroups`, ({ type }) => type === groupType),
  ];
}

function mayRead(directory: Directory, caller: Caller, { id, type }: ResourceRecord): boolean {
  const action =
    type === groupType ? "Microsoft.Resources/subscriptions/resourceGroups/read" : `${type}/read`;
  return allowing(directory, caller.objectId, "actions", action, id).length > 0;
}

function filtered(input: Input, resources: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const filter = input.query.get("$filter");
  if (filter === null || filter === "") return resources;
  return filter.split(/\s+and\s+/i).reduce((rest, clause) => {
    const [, name = "", value = ""] = /^\s*(\w+)\s+eq\s+'([^']*)'\s*$/i.exec(clause) ?? [];
    const valueOf = filters.get(name.toLowerCase());
    if (valueOf === undefined) throw notImplemented(`the $filter '${filter}' of ${input.operation}`);
    return rest.filter((resource) => valueOf(resource).toLowerCase() === value.toLowerCase());
  }, resources);
}
