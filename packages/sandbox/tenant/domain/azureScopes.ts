import { notImplemented, Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";

/**
 * Checks that a scope exists: the subscription, a resource group, or a resource.
 * @throws Refusal as Azure Resource Manager tells it
 */
export function checkScope(directory: Directory, scope: string, subscriptionId: string): void {
  const [, subscription, groupName, provider] =
    /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+)(?:\/providers\/(.+))?)?$/i.exec(scope) ?? [];
  if (subscription === undefined) throw notImplemented(`the scope '${scope}'`);
  if (subscription.toLowerCase() !== subscriptionId) {
    throw notFound("SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  }
  if (groupName === undefined) return;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${groupName}`;
  if (!exists(directory, group)) {
    throw notFound("ResourceGroupNotFound", `Resource group '${groupName}' could not be found.`);
  }
  if (provider !== undefined && !exists(directory, scope))
    throw armResourceNotFound(scope, provider, groupName);
}

export function armResourceNotFound(scope: string, provider: string, groupName: string): Refusal {
  const [namespace = "", ...rest] = provider.split("/");
  const types = rest.filter((_part, index) => index % 2 === 0);
  const names = rest.filter((_part, index) => index % 2 === 1);
  const refusal = notFound(
    "ResourceNotFound",
    `The Resource '${[namespace, ...types].join("/")}/${names.join("/")}' under resource group '${groupName}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  );
  return new Refusal({ ...refusal.data, why: `no resource ${scope}` });
}

function exists(directory: Directory, id: string): boolean {
  const key = id.toLowerCase();
  return directory.resources.get(key) !== undefined || directory.vaultSecrets.get(key) !== undefined;
}

function notFound(code: string, message: string): Refusal {
  return new Refusal({ kind: "notFound", code, message });
}
