import { applicationSettings, outsideFacts, servicePrincipalSettings } from "dicom-service-client/model";
import { canonical, isSame, isSameId } from "./canonical";
import { declaredOwners } from "./owners";
import { type Comparison, nameOrId } from "./comparison";
import {
  applicationProperties,
  type ComparedProperty,
  type DeployedFacts,
  servicePrincipalProperties,
} from "./comparedProperties";
import type { Finding } from "./finding";
import { graphRequest } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { isIn, type LiveDirectoryObject, valueAt } from "./liveObjects";
import { presentOf } from "../cloud/coverage";

/** The application and the service principal themselves: there, enabled, unchanged, and with the declared owners. */
export function compareApplication(comparison: Comparison): Finding[] {
  if (comparison.deployed.isManagedIdentity) return compareManagedIdentity(comparison);
  return [
    ...presence(comparison),
    ...identity(comparison),
    ...applicationPropertiesOf(comparison),
    ...principalPropertiesOf(comparison),
    ...owners(comparison),
  ];
}

function presence({ client, deployed, live, found, redeploy, graph }: Comparison): Finding[] {
  const { lastKnown } = deployed;
  const principal = live.servicePrincipal?.value;
  const present = presentOf(live.servicePrincipal);
  return [
    ...(live.application?.value === "absent"
      ? [
          found({
            rule: "application-missing",
            side: "live",
            object: lastKnown.objectId ?? `clients.${client.name}`,
            detail: `The application with the client id ${lastKnown.clientId ?? "that is not known"} does not exist.`,
            next:
              lastKnown.objectId === undefined
                ? redeploy
                : `${graphRequest(graph, "POST", `directory/deletedItems/${lastKnown.objectId}/restore`)}   # within 30 days`,
          }),
        ]
      : []),
    ...(principal === "absent"
      ? [
          found({
            rule: "service-principal-missing",
            side: "live",
            object: lastKnown.servicePrincipalId ?? `clients.${client.name}`,
            detail: "The service principal does not exist.",
            // Anew it would have another id, and none of its roles. It does not come back with its application.
            // Source: https://learn.microsoft.com/graph/api/directory-deleteditems-restore
            next:
              lastKnown.servicePrincipalId === undefined
                ? redeploy
                : `${graphRequest(graph, "POST", `directory/deletedItems/${lastKnown.servicePrincipalId}/restore`)}   # ${live.application?.value === "absent" ? "after its application, " : ""}within 30 days; later: ${redeploy}`,
          }),
        ]
      : []),
    ...(present && present.accountEnabled !== true
      ? [
          found({
            rule: "service-principal-disabled",
            side: "live",
            object: present.id,
            detail: "The service principal is disabled.",
            next: redeploy,
          }),
        ]
      : []),
  ];
}

/** The service principal of a managed identity, which Azure makes: there, enabled, one of an identity, and with the declared ids. */
function compareManagedIdentity(comparison: Comparison): Finding[] {
  const { client, deployed, live, found } = comparison;
  const { clientId, servicePrincipalId } = deployed.lastKnown;
  const principal = live.servicePrincipal?.value;
  const correct = `az identity list --query "[].{id: id, principalId: principalId, clientId: clientId}"   # correct clients.${client.name}.runsOn.managedIdentity, then ${comparison.redeploy}`;
  if (principal === undefined) return [];
  if (principal === "absent") {
    return [
      found({
        rule: "service-principal-missing",
        side: "live",
        object: servicePrincipalId ?? `clients.${client.name}`,
        detail: "The managed identity does not exist. One that is made anew has other ids.",
        next: correct,
      }),
    ];
  }
  const type = principal["servicePrincipalType"];
  const name = nameOrId(principal.displayName, principal.id);
  return [
    ...(principal.accountEnabled === true
      ? []
      : [
          found({
            rule: "service-principal-disabled",
            side: "live",
            object: principal.id,
            detail: "The managed identity's service principal is disabled.",
            next: `az ad sp show --id ${principal.id}   # find out who has disabled it, and why`,
          }),
        ]),
    ...[
      ...(type === outsideFacts.managedIdentityType.value
        ? []
        : [`${name} is no managed identity, but of the type ${JSON.stringify(type ?? null)}.`]),
      ...(isSameId(principal.appId, clientId)
        ? []
        : [`${name} has the client id ${principal.appId} instead of ${clientId ?? "the declared one"}.`]),
      ...(servicePrincipalId === undefined || isSameId(principal.id, servicePrincipalId)
        ? []
        : [
            `The identity with the client id ${principal.appId} has the object id ${principal.id} instead of ${servicePrincipalId}, which has the roles.`,
          ]),
    ].map((detail) =>
      found({
        rule: "object-changed",
        side: "live",
        object: principal.id,
        detail,
        content: detail,
        next: correct,
      }),
    ),
    ...owners(comparison),
  ];
}

/** Whether the two belong together, and are the ones that were deployed. */
function identity({ deployed: { lastKnown }, live, found, redeploy, recreated }: Comparison): Finding[] {
  const application = presentOf(live.application);
  const principal = presentOf(live.servicePrincipal);
  const clientId = lastKnown.clientId ?? live.ids.clientId;
  return [
    ...[application, principal].flatMap((object) =>
      object === undefined || isSameId(object.appId, clientId)
        ? []
        : [
            found({
              rule: "object-changed",
              side: "live",
              object: object.id,
              detail: `${nameOrId(object.displayName, object.id)} has the client id ${object.appId} instead of ${clientId ?? "the deployed one"}.`,
              next: redeploy,
            }),
          ],
    ),
    ...(principal !== undefined &&
    lastKnown.servicePrincipalId !== undefined &&
    !isSameId(principal.id, lastKnown.servicePrincipalId)
      ? [
          recreated(principal.id, "The service principal", {
            look: `az ad sp show --id ${principal.id}`,
            remove: `az ad sp delete --id ${principal.id}`,
          }),
        ]
      : []),
  ];
}

function applicationPropertiesOf(comparison: Comparison): Finding[] {
  const { live, found, redeploy, client, deployed } = comparison;
  const application = presentOf(live.application);
  if (application === undefined) return [];
  const declared = declaredApplication(comparison);
  const isTemporary = application.displayName.startsWith(outsideFacts.temporaryNamePrefix.value);
  return [
    ...(isTemporary
      ? [
          found({
            rule: "leftover-temporary-name",
            side: "live",
            object: application.id,
            detail: `The application is called ${nameOrId(application.displayName, application.id)} instead of ${nameOrId(deployed.application?.displayName ?? client.config?.displayName, application.id)}.`,
            next: redeploy,
          }),
        ]
      : []),
    ...differences(
      comparison,
      { kind: "applications", object: application, declared },
      // Without the application in the state, what it asks for is compared by the service principal's consents alone.
      applicationProperties.filter(
        ({ name }) =>
          !(isTemporary && name === "displayName") &&
          (deployed.application !== undefined || name !== "requiredResourceAccess"),
      ),
    ),
  ];
}

/**
 * What is declared of an application; of one that the state has lost, what the configuration says. What the component declares of
 * every client is not taken from the state, into which a refresh writes what is live.
 */
function declaredApplication({ client, deployed }: Comparison): Readonly<Record<string, unknown>> {
  const { displayName, description, serviceManagementReference } = client.config ?? {};
  return {
    ...(deployed.application?.declared ?? { displayName, description, serviceManagementReference }),
    ...applicationSettings,
  };
}

function principalPropertiesOf(comparison: Comparison): Finding[] {
  const { live, deployed } = comparison;
  const principal = presentOf(live.servicePrincipal);
  if (principal === undefined) return [];
  return differences(
    comparison,
    {
      kind: "servicePrincipals",
      object: principal,
      declared: { ...deployed.servicePrincipal?.declared, ...servicePrincipalSettings },
    },
    servicePrincipalProperties.filter(
      ({ name }) => name !== "appOwnerOrganizationId" || deployed.tenantId !== undefined,
    ),
  );
}

interface ComparedObject {
  readonly kind: "applications" | "servicePrincipals";
  readonly object: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly declared: Readonly<Record<string, unknown>>;
}

function differences(
  comparison: Comparison,
  { kind, object, declared }: ComparedObject,
  properties: readonly ComparedProperty[],
): Finding[] {
  const { found, redeploy, graph, deployed, live } = comparison;
  const facts: DeployedFacts = {
    clientId: live.ids.clientId ?? "",
    tenantId: deployed.tenantId ?? "",
    application: declaredApplication(comparison),
  };
  return properties.flatMap((property) => {
    const { name, severity, isLeftAlone = false, isReadOnly = false } = property;
    if (!isIn(object, name)) return [];
    const value = valueAt(object, name);
    const is = property.live ? property.live(value) : value;
    const was = property.declared ? property.declared(declared, facts) : declared[name];
    if (isSame(is, was)) return [];
    const reset = isLeftAlone ? was : property.reset;
    const ofPrincipal = kind === "servicePrincipals" ? "The service principal's " : "";
    return [
      found({
        rule: "property-changed",
        severity,
        side: "live",
        object: `${object.id}/${name}`,
        detail: `${ofPrincipal}${name} is ${shown(is)} instead of ${shown(was)}.`,
        content: { is: canonical(is) },
        next: isReadOnly
          ? `az rest --method GET --url '${graph}/v1.0/${kind}/${object.id}'   # nobody but the service sets it`
          : reset === undefined
            ? redeploy
            : graphRequest(graph, "PATCH", `${kind}/${object.id}`, nested(name, reset)),
      }),
    ];
  });
}

/** The body of a request that sets a property. */
function nested(path: string, value: unknown): object {
  const [first = "", ...others] = path.split(".");
  return { [first]: others.length === 0 ? value : nested(others.join("."), value) };
}

/** The longest value that is shown whole; all of it counts for the digest. */
const longestShown = 400;

function shown(value: unknown): string {
  const text = JSON.stringify(canonical(value) ?? (Array.isArray(value) ? [] : ""));
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function owners(comparison: Comparison): Finding[] {
  const { live, deployed, client, deployer } = comparison;
  const configured = [...declaredOwners(client.config ?? {}), ...(deployer === undefined ? [] : [deployer])];
  const ofApplication = deployed.application?.owners;
  const ofPrincipal = deployed.servicePrincipal?.owners;
  return [
    ...ownersOf(comparison, "application", live.ids.objectId, ofApplication ?? ofPrincipal ?? configured),
    ...ownersOf(
      comparison,
      "service principal",
      live.ids.servicePrincipalId,
      ofPrincipal ?? ofApplication ?? configured,
    ),
  ];
}

function ownersOf(
  { found, redeploy, graph, live }: Comparison,
  what: "application" | "service principal",
  id: string | undefined,
  declared: readonly string[],
): Finding[] {
  const [object, owners] =
    what === "application"
      ? [live.application, live.applicationOwners]
      : [live.servicePrincipal, live.servicePrincipalOwners];
  if (object?.value === "absent" || owners === undefined || id === undefined) return [];
  const there = owners.value;
  const isThere = new Set(there.map((owner) => owner.id.toLowerCase()));
  return [
    ...there
      .filter((owner) => !declared.includes(owner.id.toLowerCase()))
      .map((owner) =>
        found({
          rule: "owner-undeclared",
          side: "live",
          object: `${id}/owners/${owner.id}`,
          detail: `${kindOf(owner)} ${owner.displayName === "" ? owner.id : `${nameOrId(owner.displayName, owner.id)} (${owner.id})`} is an owner of the ${what}.`,
          content: owner["@odata.type"],
          next: inspectBeforeDelete(
            graphRequest(graph, "GET", `directoryObjects/${owner.id}`),
            what === "application"
              ? `az ad app owner remove --id ${id} --owner-object-id ${owner.id}`
              : graphRequest(graph, "DELETE", `servicePrincipals/${id}/owners/${owner.id}/$ref`),
            "it is not supposed to be an owner",
          ),
        }),
      ),
    ...declared
      .filter((owner) => !isThere.has(owner))
      .map((owner) =>
        found({
          rule: "owner-missing",
          side: "live",
          object: `${id}/owners/${owner}`,
          detail: `${owner} is no longer an owner of the ${what}.`,
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
