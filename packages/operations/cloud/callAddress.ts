import type { CloudCall } from "./call";

/** Values of a call's parameters. */
export type CallParameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * The address of a call. Parameters that are resource ids or addresses (`scope`, `…Id` that start with a slash, `…Url`) are put in
 * as paths, in the query everything is encoded. A list stands in the query as texts in quotes, with commas between.
 */
export function callAddress({ path }: CloudCall, base: string, parameters: CallParameters): string {
  const [template = "", query] = path.split("?");
  const value = (name: string): string => {
    const given = parameters[name];
    if (typeof given !== "string") throw new RangeError(`the parameter ${name} of ${path} is missing`);
    return given;
  };
  const literal = (text: string): string => text.replaceAll("'", "''");
  const inQuery = (name: string): string => {
    const given = parameters[name];
    return Array.isArray(given)
      ? (given as readonly string[]).map((text) => `'${literal(text)}'`).join(",")
      : literal(value(name));
  };
  const filled = template.replace(/\{(\w+)\}/g, (_all, name: string) =>
    /^(\/|https:)/.test(value(name)) ? encodeURI(value(name)) : encodeURIComponent(value(name)),
  );
  const address = filled.startsWith("https:") ? filled : `${base}${filled}`;
  if (query === undefined) return address;
  const pairs = query.split("&").map((pair) => {
    const at = pair.indexOf("=");
    const text = pair.slice(at + 1).replace(/\{(\w+)\}/g, (_all, name: string) => inQuery(name));
    return `${pair.slice(0, at)}=${encodeURIComponent(text)}`;
  });
  return `${address}?${pairs.join("&")}`;
}
