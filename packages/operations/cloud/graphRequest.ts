/**
 * The command that changes something at Microsoft Graph. The address is quoted for a shell, which would take `$ref` for a variable.
 *
 * @param graph base address of the cloud's Microsoft Graph, without a slash at its end
 * @param path after `/v1.0/`
 */
export function graphRequest(
  graph: string,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: object,
): string {
  const request = `az rest --method ${method} --url '${graph}/v1.0/${path}'`;
  return body === undefined ? request : `${request} --body '${JSON.stringify(body)}'`;
}
