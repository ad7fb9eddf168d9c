import { z } from "zod";
import { guid, sameGuid } from "../pack/guid";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";
import { judgeRequests } from "./permissionRequests";

/** Azure API for DICOM in the public cloud. */
export const dicomClientId = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";

const allowedApi = z.strictObject({
  api: guid.describe("Client id of the API."),
  scopes: z
    .array(guid)
    .exactOptional()
    .describe("Ids of its delegated permissions that may be requested. By default all of them."),
  roles: z
    .array(guid)
    .exactOptional()
    .describe("Ids of its application permissions that may be requested. By default none."),
});

/** Applications ask for nothing but what was agreed upon. */
export const requestedPermissions = resourcePolicy(
  {
    name: "requested-permissions",
    displayName: "Requested permissions",
    description: "An application requests only permissions of the allowed APIs.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Remove the entry from permissions (requiredResourceAccesses), or have the API and its permissions added to allowed.",
    url: "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
    tags: ["permissions"],
    config: {
      allowed: z
        .array(allowedApi)
        .default([{ api: dicomClientId }])
        .describe(
          "The APIs: each with its client id (api) and, unless you mean all delegated and no application permissions, the ids of its scopes and roles. By default the DICOM service's API in the public cloud.",
        ),
    },
  },
  ofType(types.application, types.apiAccess),
  (resource, { allowed }, report) => {
    judgeRequests(resource, ({ api, kind, id }) => {
      const allowance = allowed.find((candidate) => sameGuid(candidate.api, api));
      const isAllowed =
        kind === "delegated"
          ? (allowance?.scopes?.some((scope) => sameGuid(scope, id)) ?? allowance !== undefined)
          : allowance?.roles?.some((role) => sameGuid(role, id));
      if (isAllowed !== true) {
        report(
          allowance
            ? `It requests the ${kind} permission ${id} of the API ${api}, which is not allowed; remove it.`
            : `It requests the ${kind} permission ${id} of the API ${api}, which is not an allowed API; remove it.`,
        );
      }
    });
  },
);
