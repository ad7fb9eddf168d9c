import type { Answer, Input } from "../../core/request";
import { notImplemented } from "../../core/refusal";
import { badRequest } from "./badRequest";

/** Answers with the extended query tags, of which the tenant's services have none. */
export function listQueryTags(): Answer {
  return { status: 200, headers: { "content-type": "application/json" }, json: [] };
}

/** Refuses an empty list of tags as the service does; a list with tags is not implemented. */
export function addQueryTags(input: Input): never {
  if (Array.isArray(body(input)) && (body(input) as readonly unknown[]).length === 0) {
    throw badRequest("The extended query tags must be specified.");
  }
  throw notImplemented("adding extended query tags");
}

/** Refuses an export of nothing as the service does; any other is not implemented. */
export function exportInstances(input: Input): never {
  const { source } = (body(input) ?? {}) as {
    readonly source?: { readonly settings?: { readonly values?: unknown } };
  };
  const values = source?.settings?.values;
  if (!Array.isArray(values) || values.length === 0) {
    throw badRequest("The property 'values' of the export's source must be specified.");
  }
  throw notImplemented("exporting");
}

function body(input: Input): unknown {
  try {
    return JSON.parse(input.body.toString("utf8"));
  } catch {
    throw badRequest("The request body is not valid JSON.");
  }
}
