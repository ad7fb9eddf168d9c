import { isGuid } from "../guid";
import { SandboxError } from "../runner/sandboxError";
import { seedResourceIds } from "../tenant/seed";
import { dicomApi } from "./consents";
import { findApi, listed } from "./directory";
import type { ActionDefinition, ActionParameter } from "./portalAction";

const namespaceArgument: ActionParameter = {
  flags: "[namespace]",
  description: "the resource provider",
  fallback: "Microsoft.HealthcareApis",
};

/** The actions of this file on the command line. */
export const tenantActions: readonly ActionDefinition[] = [
  {
    name: "contested-permissions",
    description: "choose how to treat permissions whose documentation is contradictory",
    arguments: [
      { flags: "reading", description: "strict does not accept them", choices: ["strict", "lenient"] },
    ],
    example: "contested-permissions lenient",
    async run(given) {
      const reading = given.text("reading");
      await given.administrator.control("settings", { contestedPermissions: reading });
      return [`The tenant now reads contested documentation in the ${reading} way.`];
    },
  },
  {
    name: "directory-quota",
    description: "set how many objects the directory may hold",
    arguments: [{ flags: "objects", description: "number of objects" }],
    example: "directory-quota 60",
    async run(given) {
      const objects = Number(given.text("objects"));
      if (!Number.isInteger(objects) || objects < 0) {
        throw new SandboxError(`${JSON.stringify(given.text("objects"))} is not a number of objects.`);
      }
      await given.administrator.control("settings", { directoryQuota: objects });
      return [`The directory may hold ${String(objects)} objects.`];
    },
  },
  {
    name: "unregister-provider",
    description: "unregister a resource provider in the subscription",
    arguments: [namespaceArgument],
    example: "unregister-provider",
    async run(given) {
      const namespace = given.text("namespace");
      // Azure refuses that while resources of the provider exist; a subscription that was never prepared looks so all the same.
      await given.administrator.control(`providers/${namespace}`, { registrationState: "NotRegistered" });
      return [`${namespace} is no longer registered.`];
    },
  },
  {
    name: "register-provider",
    description: "register a resource provider in the subscription",
    arguments: [namespaceArgument],
    example: "register-provider",
    async run(given) {
      const namespace = given.text("namespace");
      const path = `${seedResourceIds.subscription}/providers/${namespace}/register`;
      await given.administrator.azure("POST", path);
      return [`${namespace} is registered.`];
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
    async run(given) {
      const { administrator } = given;
      const { id } = await findApi(administrator, given.text("api"));
      await administrator.graph("DELETE", `servicePrincipals/${id}`);
      return [`Deleted the service principal ${id} of ${given.text("api")}.`];
    },
  },
  {
    name: "add-api",
    description: "create the service principal of one of Microsoft's APIs",
    arguments: [{ flags: "appId", description: "client id of the API" }],
    example: "add-api 75e725bf-66ce-4cea-9b9a-5c4caae57f33",
    async run(given) {
      const appId = given.text("appId");
      if (!isGuid(appId)) {
        throw new SandboxError(`${JSON.stringify(appId)} is not a client id (a GUID).`);
      }
      const { id } = listed(await given.administrator.graph("POST", "servicePrincipals", { appId }));
      return [`Created the service principal ${id}.`];
    },
  },
];
