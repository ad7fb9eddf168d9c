import { jsonText } from "dicom-service-client/model";

/**
 * The command that reads or changes something at Microsoft Graph. Address and body are quoted for a shell, which would take
 * `$ref` for a variable.
 *
 * @param graph base address of the cloud's Microsoft Graph, without a slash at its end
 * @param path after the version
 */
export function graphRequest(
  graph: string,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: object,
  version: "v1.0" | "beta" = "v1.0",
): string {
  const request = `az rest --method ${method} --url ${shellQuoted(`${graph}/${version}/${path}`)}`;
  return body === undefined ? request : `${request} --body ${jsonWord(body)}`;
}

/** A word of a command, in quotes only where a shell would take it for something else. */
export function word(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : shellQuoted(text);
}

/** A value as JSON that a shell takes as it is, and that is safe to show. */
export function jsonWord(value: unknown): string {
  return shellQuoted(jsonText(value, 0));
}

/** A text that a shell takes as it is. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
