/** What a text says as JSON; undefined when it is none, as of a proxy that answers with a page. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
