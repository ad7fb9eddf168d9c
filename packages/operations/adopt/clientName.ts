/**
 * A client's name made of a display name: lower-case letters, digits and hyphens, a letter first, at most 50 characters.
 *
 * @returns undefined when nothing of the display name can be part of one
 */
export function clientNameOf(displayName: string): string | undefined {
  const name = slug(displayName)
    .replace(/^[0-9-]+/, "")
    .slice(0, 50)
    .replace(/-+$/, "");
  return name === "" ? undefined : name;
}

/** A display name as the configuration can have it, which takes no apostrophe. */
export function configuredName(displayName: string): string {
  return displayName.replaceAll("'", "’");
}

/** Lower-case letters, digits and single hyphens between them; accents are dropped. May be empty. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
