/** Percent-encodes as Go's url.QueryEscape does: a space is `+`, and only letters, digits and -_.~ stay. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** A query string with its keys sorted, as Go's url.Values.Encode writes it; "" without parameters. */
export function queryString(parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(parameters)
    .sort()
    .map((key) => `${escapeQuery(key)}=${escapeQuery(parameters[key] ?? "")}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
