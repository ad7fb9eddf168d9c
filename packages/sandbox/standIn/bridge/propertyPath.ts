import { isPropertyList, isPropertyMap, type PropertyMap, type PropertyValue } from "../server/propertyValue";

/** A property path in parts: `a.b[0]["c"]` is a, b, 0, c. */
export type PropertyPath = readonly (string | number)[];

const partPattern = /\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g;
const plainKey = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Reads a path in Pulumi's notation; `*` stands for any one part. */
export function parsePath(path: string): PropertyPath {
  return [...path.matchAll(partPattern)].map(([, index, quoted, name]) => {
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return quoted?.replaceAll('\\"', '"') ?? name ?? "";
  });
}

/** Writes a path in Pulumi's notation. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((part, at) => {
      if (typeof part === "number") return `[${part}]`;
      if (!plainKey.test(part)) return `["${part.replaceAll('"', '\\"')}"]`;
      return at === 0 ? part : `.${part}`;
    })
    .join("");
}

/** Whether `path` is `parent` or lies below it. */
export function isSameOrBelow(path: PropertyPath, parent: PropertyPath): boolean {
  return parent.length <= path.length && parent.every((part, at) => part === "*" || part === path[at]);
}

/** A copy of `target` that has what `source` has at the path, or nothing there if `source` has nothing. */
export function copyAt(target: PropertyMap, source: PropertyMap, path: PropertyPath): PropertyMap {
  return copyInto(target, source, path) as PropertyMap;
}

function copyInto(
  target: PropertyValue | undefined,
  source: PropertyValue | undefined,
  path: PropertyPath,
): PropertyValue | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return source;
  if (isPropertyMap(target) && isPropertyMap(source)) {
    const names = part === "*" ? Object.keys(target) : [String(part)];
    const copy: Record<string, PropertyValue> = { ...target };
    for (const name of names) {
      const value = copyInto(target[name], source[name], rest);
      if (value === undefined) delete copy[name];
      else copy[name] = value;
    }
    return copy;
  }
  if (isPropertyList(target) && isPropertyList(source)) {
    return target.map((element, index) =>
      part === "*" || part === index ? (copyInto(element, source[index], rest) ?? element) : element,
    );
  }
  return target;
}
