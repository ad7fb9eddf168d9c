/** A text as one word of a POSIX shell: as it is when a shell would take it so, otherwise in quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
