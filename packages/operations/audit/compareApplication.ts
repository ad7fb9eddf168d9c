import { quoted, type Comparison } from "./comparison";
import type { Finding } from "./finding";
import { graphRequest } from "../cloud/graphRequest";
import type { LiveDirectoryObject } from "./liveObjects";

/** The application and the service principal themselves: there, enabled, unchanged, and with the declared owners. */
export function compareApplication(comparison: Comparison): Finding[] {
  return [...presence(comparison), ...properties(comparison), ...owners(comparison)];
}

function presence({ deployed, live, found, redeploy, graph }: Comparison): Finding[] {
  const principal = live.servicePrincipal?.value;
  return [
    ...(live.application?.value === "absent" && deployed.objectId !== undefined
      ? [
          found({
            rule: "application-missing",
            side: "live",
            object: deployed.objectId,
            detail: `The application with the client id ${deployed.clientId ?? ""} is not there.`,
            next: `${graphRequest(graph, "POST", `directory/deletedItems/${deployed.objectId}/restore`)}   # within 30 days`,
          }),
        ]
      : []),
    ...(principal === "absent" && deployed.servicePrincipalId !== undefined
      ? [
          found({
            rule: "service-principal-missing",
            side: "live",
            object: deployed.servicePrincipalId,
            detail: "The service principal is not there.",
            next: redeploy,
          }),
        ]
      : []),
    ...(principal !== undefined && principal !== "absent" && principal.accountEnabled === false
      ? [
          found({
            rule: "service-principal-disabled",
            side: "live",
            object: principal.id,
            detail: "The service principal is disabled.",
            next: redeploy,
          }),
        ]
      : []),
  ];
}

const temporaryName = /^TERRAFORM_UPDATE_/;

function properties({ deployed, live, found, redeploy }: Comparison): Finding[] {
  const application = live.application?.value;
  const wanted = deployed.application;
  if (!wanted || application === undefined || application === "absent") return [];
  if (temporaryName.test(application.displayName)) {
    return [
      found({
        rule: "leftover-temporary-name",
        side: "live",
        object: application.id,
        detail: `The application is called ${quoted(application.displayName)} instead of ${quoted(wanted.displayName)}.`,
        next: redeploy,
      }),
    ];
  }
  const access = (
    entries: readonly { api: string; permissions: readonly { id: string; type: string }[] }[],
  ): string =>
    entries
      .flatMap(({ api, permissions }) => permissions.map(({ id, type }) => `${type} ${id} of ${api}`))
      .sort()
      .join(", ");
  const compared = [
    { name: "displayName", is: application.displayName, was: wanted.displayName },
    { name: "description", is: application.description, was: wanted.description },
    {
      name: "serviceManagementReference",
      is: application.serviceManagementReference,
      was: wanted.serviceManagementReference,
    },
    { name: "signInAudience", is: application.signInAudience, was: wanted.signInAudience },
    {
      name: "requiredResourceAccess",
      is: access(
        application.requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => ({
          api: resourceAppId,
          permissions: resourceAccess,
        })),
      ),
      was: access(wanted.requiredAccess),
    },
  ];
  return compared
    .filter(({ is, was }) => is !== was)
    .map(({ name, is, was }) =>
      found({
        rule: "property-changed",
        side: "live",
        object: `${application.id}/${name}`,
        detail: `${name} is ${quoted(is)} instead of ${quoted(was)}.`,
        next: redeploy,
      }),
    );
}

function owners(comparison: Comparison): Finding[] {
  const { live, deployed } = comparison;
  return [
    ...(live.application?.value === "absent"
      ? []
      : ownersOf(comparison, "application", deployed.objectId, live.applicationOwners?.value)),
    ...(live.servicePrincipal?.value === "absent"
      ? []
      : ownersOf(
          comparison,
          "service principal",
          deployed.servicePrincipalId,
          live.servicePrincipalOwners?.value,
        )),
  ];
}

function ownersOf(
  { deployed, found, redeploy, graph }: Comparison,
  what: "application" | "service principal",
  id: string | undefined,
  there: readonly LiveDirectoryObject[] | undefined,
): Finding[] {
  const declared = deployed.application?.owners;
  if (!declared || !there || id === undefined) return [];
  const isThere = new Set(there.map((owner) => owner.id.toLowerCase()));
  return [
    ...there
      .filter((owner) => !declared.includes(owner.id.toLowerCase()))
      .map((owner) =>
        found({
          rule: "owner-undeclared",
          side: "live",
          object: `${id}/owners/${owner.id}`,
          detail: `${kindOf(owner)} ${quoted(owner.displayName)} (${owner.id}) is an owner of the ${what}.`,
          next:
            what === "application"
              ? `az ad app owner remove --id ${id} --owner-object-id ${owner.id}`
              : graphRequest(graph, "DELETE", `servicePrincipals/${id}/owners/${owner.id}/$ref`),
        }),
      ),
    ...declared
      .filter((owner) => !isThere.has(owner))
      .map((owner) =>
        found({
          rule: "owner-missing",
          side: "live",
          object: `${id}/owners/${owner}`,
          detail: `${owner} is not an owner of the ${what} any more.`,
          next: redeploy,
        }),
      ),
  ];
}

function kindOf(object: LiveDirectoryObject): string {
  const kind = object["@odata.type"].replace("#microsoft.graph.", "");
  return kind === "user"
    ? "The user"
    : kind === "servicePrincipal"
      ? "The service principal"
      : `The ${kind || "object"}`;
}
