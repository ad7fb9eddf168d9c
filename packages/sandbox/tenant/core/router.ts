import type { BoundOperation, Surface } from "./operation";
import { Refusal } from "./refusal";
import { TenantError } from "./tenantError";

/** An operation found for a request, with what its path captured. */
export interface Route<State> {
  readonly surface: Surface<State>;
  readonly operation: BoundOperation<State>;
  readonly params: Readonly<Record<string, string>>;
  readonly version: string;
}

interface Pattern<State> {
  readonly surface: Surface<State>;
  readonly operation: BoundOperation<State>;
  readonly segments: readonly string[];
}

/** Finds operations by method and path. Literal segments are compared without regard to case, as Microsoft's services do. */
export class Router<State> {
  private readonly patterns: readonly Pattern<State>[];

  /** @throws TenantError when an id or an address is there twice, or a row says nothing about permissions. */
  constructor(surfaces: readonly Surface<State>[]) {
    const seen = new Set<string>();
    const once = (key: string): void => {
      if (seen.has(key)) throw new TenantError(`The operation table has ${key} twice.`);
      seen.add(key);
    };
    for (const operation of surfaces.flatMap((surface) => surface.operations)) {
      once(operation.id);
      once(`${operation.method} ${operation.path.replace(/\{\w+/g, "{")}`);
      if (operation.access === undefined || operation.access === null) {
        throw new TenantError(`The operation ${operation.id} does not say which permission it demands.`);
      }
      if (operation.path.includes("{version}") !== operation.versions.length > 0) {
        throw new TenantError(`The operation ${operation.id} does not say which versions it has.`);
      }
    }
    this.patterns = surfaces
      .flatMap((surface) =>
        surface.operations.map((operation) => ({
          surface,
          operation,
          segments: operation.path.split("/").filter((segment) => segment !== ""),
        })),
      )
      .sort((a, b) => captures(a) - captures(b));
  }

  /**
   * @throws Refusal of kind `notImplemented`, naming what was asked for. Whether the service itself would take the method is not known
   *   here: an operation that it is known to refuse is a row of the table.
   */
  find(method: string, path: string): Route<State> {
    const segments = splitPath(path);
    const others = new Set<string>();
    for (const { surface, operation, segments: wanted } of this.patterns) {
      const params = match(wanted, 0, segments, 0);
      if (params === undefined) continue;
      const version = params.version ?? "";
      if (operation.versions.length > 0 && !operation.versions.includes(version)) continue;
      if (operation.method === method) return { surface, operation, params, version };
      others.add(operation.method);
    }
    throw new Refusal({
      kind: "notImplemented",
      message: `The sandbox tenant does not implement ${method} ${path}.`,
      why: others.size === 0 ? "unknown operation" : `this path has ${[...others].join(", ")} only`,
    });
  }
}

function captures<State>(pattern: Pattern<State>): number {
  return pattern.segments.reduce((sum, s) => sum + (s.endsWith("+}") ? 100 : s.startsWith("{") ? 1 : 0), 0);
}

/** Decoded segments; `name(key='value')` becomes two segments, as OData's key syntax demands. */
function splitPath(path: string): readonly string[] {
  return path
    .split("/")
    .filter((segment) => segment !== "")
    .flatMap((segment) => {
      const text = decode(segment);
      const key = /^([A-Za-z]+)\((\w+=)?'(.*)'\)$/.exec(text);
      if (key === null) return [text];
      const [, name = "", property, value = ""] = key;
      return [name, property === undefined ? value : `${property}'${value}'`];
    });
}

/** A path with its segments decoded; one that is not encoded as it should be stays as it is, as for the routes. */
export function decodePath(path: string): string {
  return path.split("/").map(decode).join("/");
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function match(
  wanted: readonly string[],
  w: number,
  got: readonly string[],
  g: number,
): Record<string, string> | undefined {
  const pattern = wanted[w];
  if (pattern === undefined) return g === got.length ? {} : undefined;
  const greedy = /^\{(\w+)\+\}$/.exec(pattern)?.[1];
  if (greedy !== undefined) {
    for (let end = got.length; end > g; end--) {
      const rest = match(wanted, w + 1, got, end);
      if (rest !== undefined) return { ...rest, [greedy]: got.slice(g, end).join("/") };
    }
    return undefined;
  }
  const value = got[g];
  if (value === undefined) return undefined;
  const name = /^\{(\w+)\}$/.exec(pattern)?.[1];
  if (name === undefined && pattern.toLowerCase() !== value.toLowerCase()) return undefined;
  const rest = match(wanted, w + 1, got, g + 1);
  if (rest === undefined) return undefined;
  return name === undefined ? rest : { ...rest, [name]: value };
}
