import { isGuid } from "../guid";
import { SandboxError } from "../runner/sandboxError";
import { seedResourceIds } from "../tenant/seed";
import type { Administrator } from "./administrator";
import { dicomApi } from "./consents";
import { findApi, listed } from "./directory";
import { type ActionParameter, type PortalAction, requiredText } from "./portalAction";

/** Registers a resource provider in the subscription, which brings Microsoft's applications of it into the tenant. */
async function registerProvider(administrator: Administrator, namespace: string): Promise<void> {
  await administrator.azure("POST", `${seedResourceIds.subscription}/providers/${namespace}/register`);
}

/**
 * Makes a resource provider unregistered. Azure refuses that while resources of the provider exist; the sandbox does it all the same,
 * as a subscription that was never prepared looks so.
 */
async function unregisterProvider(administrator: Administrator, namespace: string): Promise<void> {
  await administrator.control(`providers/${namespace}`, { registrationState: "NotRegistered" });
}

/**
 * Sets how the tenant takes permissions about which documentation contradicts itself: by the sources that deny them, or by those
 * that name them.
 */
async function readContestedPermissions(administrator: Administrator, reading: string): Promise<void> {
  await administrator.control("settings", { contestedPermissions: reading });
}

/** Deletes the service principal of an API, which the portal refuses and Graph does not. @returns its object id. */
async function removeApi(administrator: Administrator, api: string): Promise<string> {
  const { id } = await findApi(administrator, api);
  await administrator.graph("DELETE", `servicePrincipals/${id}`);
  return id;
}

const namespaceArgument: ActionParameter = {
  flags: "[namespace]",
  description: "the resource provider",
  fallback: "Microsoft.HealthcareApis",
};

/** The actions of this file on the command line. */
export function tenantActions(): readonly PortalAction[] {
  return [
    {
      name: "contested-permissions",
      description: "choose how to treat permissions whose documentation is contradictory",
      arguments: [
        { flags: "reading", description: "strict does not accept them", choices: ["strict", "lenient"] },
      ],
      example: "contested-permissions lenient",
      async run({ administrator }, values) {
        const reading = requiredText(values, "reading");
        await readContestedPermissions(administrator, reading);
        return [`The tenant now reads contested documentation in the ${reading} way.`];
      },
    },
    {
      name: "directory-quota",
      description: "set how many objects the directory may hold",
      arguments: [{ flags: "objects", description: "number of objects" }],
      example: "directory-quota 60",
      async run({ administrator }, values) {
        const objects = Number(requiredText(values, "objects"));
        if (!Number.isInteger(objects) || objects < 0) {
          throw new SandboxError(`${JSON.stringify(values["objects"])} is not a number of objects.`);
        }
        await administrator.control("settings", { directoryQuota: objects });
        return [`The directory may hold ${String(objects)} objects.`];
      },
    },
    {
      name: "unregister-provider",
      description: "unregister a resource provider in the subscription",
      arguments: [namespaceArgument],
      example: "unregister-provider",
      async run({ administrator }, values) {
        await unregisterProvider(administrator, requiredText(values, "namespace"));
        return [`${requiredText(values, "namespace")} is no longer registered.`];
      },
    },
    {
      name: "register-provider",
      description: "register a resource provider in the subscription",
      arguments: [namespaceArgument],
      example: "register-provider",
      async run({ administrator }, values) {
        await registerProvider(administrator, requiredText(values, "namespace"));
        return [`${requiredText(values, "namespace")} is registered.`];
      },
    },
    {
      name: "remove-api",
      description: "delete the service principal of one of Microsoft's APIs",
      arguments: [
        {
          flags: "[api]",
          description: "display name or client id of the API",
          fallback: dicomApi,
        },
      ],
      example: "remove-api",
      async run({ administrator }, values) {
        const id = await removeApi(administrator, requiredText(values, "api"));
        return [`Deleted the service principal ${id} of ${requiredText(values, "api")}.`];
      },
    },
    {
      name: "add-api",
      description: "create the service principal of one of Microsoft's APIs",
      arguments: [{ flags: "appId", description: "client id of the API" }],
      example: "add-api 75e725bf-66ce-4cea-9b9a-5c4caae57f33",
      async run({ administrator }, values) {
        const appId = requiredText(values, "appId");
        if (!isGuid(appId)) {
          throw new SandboxError(`${JSON.stringify(appId)} is not a client id (a GUID).`);
        }
        const { id } = listed(await administrator.graph("POST", "servicePrincipals", { appId }));
        return [`Created the service principal ${id}.`];
      },
    },
  ];
}
