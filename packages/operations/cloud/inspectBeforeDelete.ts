/**
 * A next command that does no harm when it is pasted: it shows whose an object is. The deletion stands behind it, as a comment.
 *
 * @param look shows the object
 * @param remove deletes it
 * @param when in which case it may be deleted
 */
export function inspectBeforeDelete(look: string, remove: string, when = "nobody uses it"): string {
  return `${look}   # only if ${when}, delete it: ${remove}`;
}
