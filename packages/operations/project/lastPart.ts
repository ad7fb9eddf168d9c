/** What stands behind the last slash of an id or a name: the name of an Azure resource, or a stack without its organization. */
export function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
