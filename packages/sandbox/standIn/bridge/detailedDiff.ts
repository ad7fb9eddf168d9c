import type { ChangeKind, PropertyChange } from "../server/plugin";
import {
  isPropertyList,
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  sameValue,
  UNKNOWN,
} from "../server/propertyValue";
import { formatPath, type PropertyPath } from "./propertyPath";
import { isZero, type PropertyType, type Schema } from "./propertySchema";

/** A list without elements counts as none: it appears, or goes, as a whole. */
function isAbsent(value: PropertyValue): boolean {
  return value === null || (isPropertyList(value) && value.length === 0);
}

/** Collects the changes of one top-level property. */
class Differ {
  constructor(
    private readonly changes: Map<string, PropertyChange>,
    private readonly replace: boolean,
  ) {}

  value(type: PropertyType, path: PropertyPath, old: PropertyValue, planned: PropertyValue): void {
    if (planned === UNKNOWN) return this.add(path, isAbsent(old) ? "add" : "update");
    if (isZero(old) && isZero(planned)) return;
    if (isAbsent(old)) return this.add(path, "add");
    if (isAbsent(planned)) return this.add(path, "delete");
    switch (type.kind) {
      case "object":
        if (!isPropertyMap(old) || !isPropertyMap(planned)) break;
        return this.properties(type.properties, path, old, planned);
      case "map":
        if (!isPropertyMap(old) || !isPropertyMap(planned)) break;
        return this.entries(path, old, planned);
      case "list":
        if (!isPropertyList(old) || !isPropertyList(planned)) break;
        return this.list(type.element, path, old, planned);
      case "set":
        if (!isPropertyList(old) || !isPropertyList(planned)) break;
        return this.set(type.element, path, old, planned);
      case "string":
      case "boolean":
      case "integer":
        break;
    }
    if (!sameValue(old, planned)) this.add(path, "update");
  }

  private properties(schema: Schema, path: PropertyPath, old: PropertyMap, planned: PropertyMap): void {
    for (const [name, property] of Object.entries(schema)) {
      this.value(property.type, [...path, name], old[name] ?? null, planned[name] ?? null);
    }
  }

  private entries(path: PropertyPath, old: PropertyMap, planned: PropertyMap): void {
    for (const name of new Set([...Object.keys(old), ...Object.keys(planned)])) {
      const inner = [...path, name];
      if (!Object.hasOwn(planned, name)) this.add(inner, "delete");
      else if (!Object.hasOwn(old, name)) this.add(inner, "add");
      else if (!sameValue(old[name], planned[name])) this.add(inner, "update");
    }
  }

  private list(
    element: PropertyType,
    path: PropertyPath,
    old: readonly PropertyValue[],
    planned: readonly PropertyValue[],
  ): void {
    for (let index = 0; index < Math.max(old.length, planned.length); index += 1) {
      this.element(element, [...path, index], old[index], planned[index]);
    }
  }

  /** Elements that are in both are no change, wherever they stand; the rest is compared place by place. */
  private set(
    element: PropertyType,
    path: PropertyPath,
    old: readonly PropertyValue[],
    planned: readonly PropertyValue[],
  ): void {
    const isIn = (value: PropertyValue, set: readonly PropertyValue[]): boolean =>
      set.some((other) => this.unchanged(element, value, other));
    const gone = old.map((value) => (isIn(value, planned) ? undefined : value));
    const come = planned.map((value) => (isIn(value, old) ? undefined : value));
    for (let index = 0; index < Math.max(gone.length, come.length); index += 1) {
      this.element(element, [...path, index], gone[index], come[index]);
    }
  }

  private element(
    type: PropertyType,
    path: PropertyPath,
    old: PropertyValue | undefined,
    planned: PropertyValue | undefined,
  ): void {
    if (old === undefined && planned === undefined) return;
    if (old === undefined) this.add(path, "add");
    else if (planned === undefined) this.add(path, "delete");
    else this.value(type, path, old, planned);
  }

  private unchanged(type: PropertyType, old: PropertyValue, planned: PropertyValue): boolean {
    const changes = new Map<string, PropertyChange>();
    new Differ(changes, false).value(type, [], old, planned);
    return changes.size === 0;
  }

  private add(path: PropertyPath, kind: ChangeKind): void {
    this.changes.set(formatPath(path), { kind, replace: this.replace });
  }
}

/** What differs between the existing state and the planned one, property by property. */
export function detailedDiff(
  schema: Schema,
  old: PropertyMap,
  planned: PropertyMap,
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();
  for (const [name, property] of Object.entries(schema)) {
    new Differ(changes, property.forceNew === true).value(
      property.type,
      [name],
      old[name] ?? null,
      planned[name] ?? null,
    );
  }
  return changes;
}
