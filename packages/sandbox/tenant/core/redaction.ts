/** Names whose values are credentials, with the placeholder that takes their place. */
const maskedNames: ReadonlyMap<string, string> = new Map([
  ["client_secret", "<secret>"],
  ["client_assertion", "<jwt>"],
  ["access_token", "<jwt>"],
  ["accesstoken", "<jwt>"],
  ["secrettext", "<secretText>"],
  ["assertion", "<jwt>"],
  ["arm_client_secret", "<secret>"],
  ["controlkey", "<secret>"],
]);

/** A signed token in compact form. */
const token = /\b[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g;
/** The recognisable form of an Entra client secret: three characters, a digit, `Q~`, and 31 to 34 more. */
const clientSecret = /[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}/g;

/** Text without tokens and client secrets. */
export function redactText(text: string): string {
  return text.replace(clientSecret, "<secret>").replace(token, "<jwt>");
}

/** Levels of a value that are shown; what lies deeper, no request of a client's has. */
const deepest = 100;

/**
 * A copy of a JSON value in which every credential is replaced by a placeholder, and so is what is nested too deeply to be shown.
 * @param conceals further property names whose texts are masked
 */
export function redact(value: unknown, conceals: readonly string[] = [], depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (value === null || typeof value !== "object") return value;
  if (depth >= deepest) return "<nested too deeply>";
  if (Array.isArray(value)) return value.map((item) => redact(item, conceals, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      const mask =
        maskedNames.get(name.toLowerCase()) ?? (conceals.includes(name) ? "<secretValue>" : undefined);
      return [
        name,
        mask !== undefined && typeof inner === "string" ? mask : redact(inner, conceals, depth + 1),
      ];
    }),
  );
}
