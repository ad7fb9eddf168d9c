import type { Application } from "@microsoft/microsoft-graph-types";
import type { ApplicationRecord, DeepReadonly } from "../../state/records";
import { keyView, passwordView } from "./credentialViews";
import type { Entity, EntityType } from "./odataQuery";

export const applicationType: EntityType = {
  name: "microsoft.graph.application",
  onlySelected: { "v1.0": ["oauth2RequirePostResponse"], beta: ["oauth2RequirePostResponse"] },
};

/** An application with every property that Graph sends, those without a value as null. */
export function applicationView(
  { id, appId, createdDateTime, properties, keys, passwords }: ApplicationRecord,
  context: { readonly domain: string; readonly withKeys: boolean; readonly deletedDateTime?: string },
): Entity {
  const view: DeepReadonly<Application> = {
    id,
    deletedDateTime: context.deletedDateTime ?? null,
    appId,
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    createdDateTime,
    publisherDomain: context.domain,
    uniqueName: null,
    certification: null,
    ...properties,
    appRoles: properties.appRoles.map((role) => ({ ...role, origin: "Application" })),
    keyCredentials: keys.map((key) => keyView(key, context.withKeys)),
    passwordCredentials: passwords.map((password) => passwordView(password, null)),
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  };
  return { ...view };
}
