import { type Input, param } from "../../core/request";
import { applicationBodySchema } from "../../domain/applicationProperties";
import { createApplication, updateApplication } from "../../domain/applications";
import { findDirectoryObject, getApplication } from "../../domain/directoryObjects";
import {
  directoryObjectNotFound,
  insufficientPrivileges,
  propertyFixed,
} from "../../domain/directoryRefusals";
import { referencedId } from "../../domain/owners";
import { deleteApplication, purgeDeletedItems } from "../../domain/recycleBin";
import type { Directory } from "../../state/directory";
import type { ApplicationRecord } from "../../state/records";
import { callerLabel, type Caller } from "../caller";
import type { Services } from "../services";
import { applicationType, applicationView } from "./applicationView";
import { parseBody, readAddresses, readProperties, withoutNoPasswords } from "./graphBody";
import { isLenient } from "./graphAuthorization";
import { graphAccess, type GraphOperation, hasQuota, isLimitedToOwned } from "./graphOperation";
import { collectionAnswer, type Entity, entityAnswer, noContent, selects } from "./odataQuery";
import { withKeys } from "./writtenKeys";

/** Registration, reading, change and deletion of applications. */
export function applicationOperations(services: Services): readonly GraphOperation[] {
  const view = (input: Input, application: ApplicationRecord): Entity =>
    applicationView(application, {
      domain: services.profile.domain,
      withKeys: selects(input, "keyCredentials"),
    });
  return [
    {
      id: "graph.applications.list",
      method: "GET",
      path: "/{version}/applications",
      access: graphAccess.list,
      handle: (directory, input) =>
        collectionAnswer(
          input,
          "applications",
          applicationType,
          directory.applications.all(),
          (application) => view(input, application),
          {
            id: (application) => application.id,
            appId: (application) => application.appId,
            displayName: (application) => application.properties.displayName,
            identifierUris: (application) => application.properties.identifierUris,
          },
        ),
    },
    {
      id: "graph.applications.create",
      method: "POST",
      path: "/{version}/applications",
      access: graphAccess.createApplication,
      handle(directory, input, caller) {
        purgeDeletedItems(directory, input.now);
        const { keyCredentials = [], ...body } = withoutNoPasswords(parseBody(input));
        checkVersion(input, body);
        const properties = readProperties(body, applicationBodySchema, "Application");
        const bound = readAddresses(body, "owners@odata.bind").map(referencedId);
        checkOwnedCreation(directory, caller, properties, bound);
        const owners =
          isLimitedToOwned(caller) || caller.kind === "user" ? [...bound, caller.objectId] : bound;
        const application = createApplication(directory, properties, owners, {
          now: input.now,
          createdBy: caller.objectId,
          hasQuota: hasQuota(caller),
        });
        const made = directory.applications.put(
          withKeys(directory, { kind: "application", record: application }, keyCredentials, {
            input,
            caller,
          }),
        );
        return entityAnswer(input, "applications", applicationType, view(input, made), 201);
      },
    },
    {
      id: "graph.applications.get",
      method: "GET",
      path: "/{version}/applications/{applicationId}",
      access: { ...graphAccess.read, self: true },
      handle: (directory, input) =>
        entityAnswer(
          input,
          "applications",
          applicationType,
          view(input, getApplication(directory, param(input, "applicationId"))),
        ),
    },
    {
      id: "graph.applications.update",
      method: "PATCH",
      path: "/{version}/applications/{applicationId}",
      access: graphAccess.changeApplication,
      handle(directory, input, caller) {
        const application = getApplication(directory, param(input, "applicationId"));
        const { id, keyCredentials, ...body } = parseBody(input);
        checkVersion(input, body);
        if (id !== undefined && id !== application.id) throw propertyFixed("id");
        const { properties } = application;
        updateApplication(
          directory,
          keyCredentials === undefined
            ? application
            : withKeys(directory, { kind: "application", record: application }, keyCredentials, {
                input,
                caller,
              }),
          readProperties(body, applicationBodySchema, "Application", properties),
        );
        return noContent(input);
      },
    },
    {
      id: "graph.applications.delete",
      method: "DELETE",
      path: "/{version}/applications/{applicationId}",
      access: graphAccess.changeApplication,
      handle(directory, input) {
        purgeDeletedItems(directory, input.now);
        deleteApplication(directory, getApplication(directory, param(input, "applicationId")), input.now);
        return noContent(input);
      },
    },
  ];
}

/**
 * With `Application.ReadWrite.OwnedBy` users among the owners take the right to read users, too (azuread provider, permissions of
 * azuread_application; reported as 403 in hashicorp/terraform-provider-azuread, issue 703), and `acceptMappedClaims` is refused in
 * a creation (reported in nais/azurerator, issue 164). Graph's reference says neither.
 */
function checkOwnedCreation(
  directory: Directory,
  caller: Caller,
  { api }: ApplicationRecord["properties"],
  ownerIds: readonly string[],
): void {
  if (!isLimitedToOwned(caller) || isLenient(directory)) return;
  const namesUsers = ownerIds.some((id) => findDirectoryObject(directory, id)?.kind === "user");
  if (namesUsers && !caller.roles.includes("User.Read.All")) {
    throw insufficientPrivileges(`${callerLabel(caller)} lacks User.Read.All, which users as owners take`);
  }
  if (api.acceptMappedClaims === true) {
    throw insufficientPrivileges(
      `${callerLabel(caller)} lacks Application.ReadWrite.All, which acceptMappedClaims takes`,
    );
  }
}

/**
 * Writing `oauth2RequirePostResponse` works in beta only; v1.0 declares the property and answers this (reported in
 * github.com/microsoftgraph/msgraph-bicep-types/issues/155).
 */
function checkVersion(input: Input, body: Readonly<Record<string, unknown>>): void {
  if (input.version === "v1.0" && "oauth2RequirePostResponse" in body) throw directoryObjectNotFound("");
}
