import { type Input, param } from "../../core/request";
import * as s from "../../core/bodySchema";
import { applicationByAppId, getServicePrincipal } from "../../domain/directoryObjects";
import { insufficientPrivileges, propertyFixed } from "../../domain/directoryRefusals";
import { referencedId } from "../../domain/owners";
import { deleteServicePrincipal, purgeDeletedItems } from "../../domain/recycleBin";
import { checkNotLocked } from "../../domain/servicePrincipalLock";
import { servicePrincipalBodySchema, servicePrincipalFields } from "../../domain/servicePrincipalProperties";
import { createServicePrincipal, servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { Directory } from "../../state/directory";
import type { ServicePrincipalRecord } from "../../state/records";
import { type Caller, callerLabel } from "../caller";
import type { Services } from "../services";
import { changeAttributes, checkReadsAttributes } from "./customSecurityAttributes";
import { directoryObjectType, directoryObjectView } from "./directoryObjectView";
import { parseBody, readAddresses, readProperties, withoutNoPasswords } from "./graphBody";
import { graphAccess, type GraphOperation, hasQuota, isLimitedToOwned } from "./graphOperation";
import { collectionAnswer, type Entity, entityAnswer, noContent, selects } from "./odataQuery";
import { servicePrincipalType, servicePrincipalView } from "./servicePrincipalView";
import { withKeys } from "./writtenKeys";

const createSchema = s.object({ appId: s.guid, ...servicePrincipalFields }, ["appId"]);

/** Service principals of this tenant's applications and of Microsoft's. */
export function servicePrincipalOperations(services: Services): readonly GraphOperation[] {
  const { tenantId } = services.profile;
  const view = (directory: Directory, input: Input, principal: ServicePrincipalRecord): Entity =>
    servicePrincipalView(directory, principal, { tenantId, withKeys: selects(input, "keyCredentials") });
  return [
    {
      id: "graph.servicePrincipals.list",
      method: "GET",
      path: "/{version}/servicePrincipals",
      access: graphAccess.list,
      handle: (directory, input) =>
        collectionAnswer(
          input,
          "servicePrincipals",
          servicePrincipalType,
          directory.servicePrincipals.all(),
          (principal) => view(directory, input, principal),
          {
            id: (principal) => principal.id,
            appId: (principal) => principal.appId,
            displayName: (principal) => servicePrincipalFacts(directory, principal, tenantId).displayName,
            servicePrincipalNames: (principal) =>
              servicePrincipalFacts(directory, principal, tenantId).servicePrincipalNames,
          },
        ),
    },
    {
      id: "graph.servicePrincipals.create",
      method: "POST",
      path: "/{version}/servicePrincipals",
      access: graphAccess.createServicePrincipal,
      handle(directory, input, caller) {
        purgeDeletedItems(directory, input.now);
        const { keyCredentials = [], ...body } = withoutNoPasswords(parseBody(input));
        const { appId, ...properties } = readProperties(body, createSchema, "ServicePrincipal");
        const bound = readAddresses(body, "owners@odata.bind").map(referencedId);
        checkOwnsApplication(directory, appId, caller);
        const limited = isLimitedToOwned(caller);
        const created = createServicePrincipal(
          directory,
          appId,
          properties,
          limited ? [...bound, caller.objectId] : bound,
          {
            now: input.now,
            createdBy: caller.objectId,
            hasQuota: hasQuota(caller),
            mustBeLocal: limited,
          },
        );
        const principal = directory.servicePrincipals.put(
          withKeys(directory, { kind: "servicePrincipal", record: created }, keyCredentials, {
            input,
            caller,
          }),
        );
        return entityAnswer(
          input,
          "servicePrincipals",
          servicePrincipalType,
          view(directory, input, principal),
          201,
        );
      },
    },
    {
      id: "graph.servicePrincipals.get",
      method: "GET",
      path: "/{version}/servicePrincipals/{servicePrincipalId}",
      access: { ...graphAccess.read, self: true },
      handle(directory, input, caller) {
        const principal = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        if (selects(input, "customSecurityAttributes")) checkReadsAttributes(caller);
        return entityAnswer(
          input,
          "servicePrincipals",
          servicePrincipalType,
          view(directory, input, principal),
        );
      },
    },
    {
      id: "graph.servicePrincipals.createdObjects",
      method: "GET",
      path: "/{version}/servicePrincipals/{servicePrincipalId}/createdObjects",
      access: graphAccess.read,
      handle(directory, input) {
        const { id } = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        const made = [
          ...directory.applications.all().map((record) => ({ kind: "application", record }) as const),
          ...directory.servicePrincipals
            .all()
            .map((record) => ({ kind: "servicePrincipal", record }) as const),
        ].filter(({ record }) => record.createdBy === id);
        return collectionAnswer(input, "directoryObjects", directoryObjectType, made, (object) =>
          directoryObjectView(directory, object, services),
        );
      },
    },
    {
      id: "graph.servicePrincipals.update",
      method: "PATCH",
      path: "/{version}/servicePrincipals/{servicePrincipalId}",
      access: graphAccess.changeServicePrincipal,
      handle(directory, input, caller) {
        const principal = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        const { id, keyCredentials, customSecurityAttributes, ...body } = parseBody(input);
        if (id !== undefined && id !== principal.id) throw propertyFixed("id");
        if (keyCredentials !== undefined) checkNotLocked(directory, principal.appId, "keyCredentials");
        if (body["tokenEncryptionKeyId"] !== undefined) {
          checkNotLocked(directory, principal.appId, "tokenEncryptionKeyId");
        }
        const attributes =
          customSecurityAttributes === undefined
            ? {}
            : { customSecurityAttributes: changeAttributes(caller, principal, customSecurityAttributes) };
        directory.servicePrincipals.put({
          ...(keyCredentials === undefined
            ? principal
            : withKeys(directory, { kind: "servicePrincipal", record: principal }, keyCredentials, {
                input,
                caller,
              })),
          ...attributes,
          properties: readProperties(
            body,
            servicePrincipalBodySchema,
            "ServicePrincipal",
            principal.properties,
          ),
        });
        return noContent(input);
      },
    },
    {
      id: "graph.servicePrincipals.delete",
      method: "DELETE",
      path: "/{version}/servicePrincipals/{servicePrincipalId}",
      access: graphAccess.changeServicePrincipal,
      handle(directory, input) {
        purgeDeletedItems(directory, input.now);
        deleteServicePrincipal(
          directory,
          getServicePrincipal(directory, param(input, "servicePrincipalId")),
          input.now,
        );
        return noContent(input);
      },
    },
  ];
}

/** With `Application.ReadWrite.OwnedBy` the caller must own the application behind the new service principal. */
function checkOwnsApplication(directory: Directory, appId: string, caller: Caller): void {
  const application = applicationByAppId(directory, appId);
  if (
    application === undefined ||
    !isLimitedToOwned(caller) ||
    application.ownerIds.includes(caller.objectId)
  )
    return;
  throw insufficientPrivileges(`${callerLabel(caller)} is not an owner of application ${application.id}`);
}
