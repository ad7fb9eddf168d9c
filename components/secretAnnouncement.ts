/**
 * What consumers must know about a secret that is issued for a client which exists already.
 *
 * @param name name of the secret's resource.
 * @param endDate when it ends, such as `2027-05-22T00:00:00Z`.
 */
export function newSecretMessage(name: string, endDate: string): string {
  return [
    `A new secret is issued, "${name}", valid until ${endDate}: consumers must pick up its value.`,
    "Either a rotation is due, or somebody deleted the previous secret.",
  ].join(" ");
}
