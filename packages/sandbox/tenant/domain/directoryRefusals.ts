import { Refusal, type RefusalDetail } from "../core/refusal";

/** Code and text of Microsoft Graph for an object that is unknown, soft-deleted or not visible yet. */
export function directoryObjectNotFound(id: string): Refusal {
  return new Refusal({
    kind: "notFound",
    code: "Request_ResourceNotFound",
    message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  });
}

/** The one entry of an error's `details`, which has the text of the error. */
type Detail = Omit<RefusalDetail, "message">;

/** A request that Graph refuses with status 400. */
export function badRequest(message: string, code = "Request_BadRequest", detail?: Detail): Refusal {
  return new Refusal({ kind: "badRequest", code, message, ...details(message, detail) });
}

/** @param resource name of the type, for example `Application` */
export function invalidValue(property: string, resource: string): Refusal {
  return badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`);
}

/** @param resource name of the type, for example `Application` */
export function valueRequired(property: string, resource: string): Refusal {
  return badRequest(`A value is required for property '${property}' of resource '${resource}'.`);
}

/** A property that stays as the object was made with. */
export function propertyFixed(property: string): Refusal {
  return badRequest(`Property cannot be updated: ${property}`);
}

/** An object that is among those already that a property refers to. */
export function alreadyReferenced(property: string): Refusal {
  return badRequest(
    `One or more added object references already exist for the following modified properties: '${property}'.`,
  );
}

/** An object that collides with one that is there; Graph answers 409. */
export function conflict(message: string, detail?: Detail): Refusal {
  return new Refusal({
    kind: "conflict",
    code: "Request_MultipleObjectsWithSameKeyValue",
    message,
    ...details(message, detail),
  });
}

function details(
  message: string,
  detail: Detail | undefined,
): { readonly details?: readonly RefusalDetail[] } {
  return detail === undefined ? {} : { details: [{ ...detail, message }] };
}

/** Graph's text for every missing permission; what was missing is told to the request log only. */
export function insufficientPrivileges(why: string): Refusal {
  return new Refusal({
    kind: "forbidden",
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
    why,
  });
}
