const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a GUID in its usual form, such as an object id or a client id. */
export function isGuid(text: string): boolean {
  return guidPattern.test(text);
}
