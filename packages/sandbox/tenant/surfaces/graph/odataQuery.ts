import type { Answer, Input } from "../../core/exchange";
import { badRequest, notImplemented } from "../../domain/directoryRefusals";
import { graphHeaders } from "./graphRenderer";

/** A Graph object as it is sent, before `$select`. */
export type Entity = Readonly<Record<string, unknown>>;

/** How a type of entity is shown. */
export interface EntityType {
  /** For error texts, for example `microsoft.graph.application`. */
  readonly name: string;
  /** Properties sent only when `$select` names them, by version of the API; null where an entity has no value for them. */
  readonly onlySelected: Readonly<Record<string, readonly string[]>>;
}

const success =
  "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
const defaultPageSize = 100;

/** Reads a query string; an option that is not listed is refused by name. */
function checkOptions(input: Input, allowed: readonly string[]): void {
  for (const name of input.query.keys()) {
    if (!allowed.includes(name)) throw notImplemented(`the query option '${name}' of ${input.operation}`);
  }
}

/** Answers with one entity. */
export function entityAnswer(
  input: Input,
  context: string,
  type: EntityType,
  entity: Entity,
  status: 200 | 201 = 200,
): Answer {
  checkOptions(input, ["$select"]);
  const selected = readSelect(input);
  return json(input, status, {
    "@odata.context": contextUrl(input, context, selected, "/$entity"),
    ...project(input, type, entity, selected),
  });
}

/** Answers with what an action returned, such as a new credential. */
export function actionAnswer(input: Input, context: string, result: object): Answer {
  checkOptions(input, []);
  return json(input, 200, { "@odata.context": contextUrl(input, context, undefined, ""), ...result });
}

/** Answers a change that returns nothing. */
export function noContent(input: Input): Answer {
  checkOptions(input, []);
  return { status: 204, headers: graphHeaders(input) };
}

/**
 * Answers with a collection, filtered, projected and cut into pages.
 * @param filters properties that `$filter` may compare, with what they are compared to
 */
export function collectionAnswer<Item>(
  input: Input,
  context: string,
  type: EntityType,
  items: readonly Item[],
  view: (item: Item) => Entity,
  filters: Readonly<Record<string, (item: Item) => string | null>> = {},
): Answer {
  const filterable = Object.keys(filters).length > 0;
  checkOptions(input, ["$select", "$top", "$skiptoken", ...(filterable ? ["$filter"] : [])]);
  const selected = readSelect(input);
  const found = applyFilter(input, items, filters);
  const size = readTop(input);
  const start = readSkipToken(input);
  const page = found.slice(start, start + size).map((item) => project(input, type, view(item), selected));
  const next = start + size < found.length ? { "@odata.nextLink": nextLink(input, start + size) } : {};
  return json(input, 200, {
    "@odata.context": contextUrl(input, context, selected, ""),
    ...next,
    value: page,
  });
}

/** Whether `$select` names a property, for those that are sent only then. */
export function selects(input: Input, property: string): boolean {
  return readSelect(input)?.includes(property) ?? false;
}

function json(input: Input, status: number, body: object): Answer {
  return {
    status,
    headers: { ...graphHeaders(input), "content-type": success, "odata-version": "4.0" },
    json: body,
  };
}

function contextUrl(
  input: Input,
  context: string,
  selected: readonly string[] | undefined,
  tail: string,
): string {
  const chosen = selected === undefined ? "" : `(${selected.join(",")})`;
  return `${input.base}/${input.version}/$metadata#${context}${chosen}${tail}`;
}

function readSelect(input: Input): readonly string[] | undefined {
  const value = input.query.get("$select");
  if (value === null || value === "*") return undefined;
  return value.split(",").map((name) => name.trim());
}

function project(
  input: Input,
  type: EntityType,
  entity: Entity,
  selected: readonly string[] | undefined,
): Entity {
  const hidden = Object.values(type.onlySelected).flat();
  const offered = [
    ...Object.keys(entity).filter((name) => !hidden.includes(name)),
    ...(type.onlySelected[input.version] ?? []),
  ];
  const annotations = Object.keys(entity).filter((name) => name.startsWith("@"));
  const names = selected === undefined ? offered.filter((name) => !hidden.includes(name)) : selected;
  const unknown = names.find((name) => !offered.includes(name));
  if (unknown !== undefined) {
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${type.name}'.`,
      "BadRequest",
    );
  }
  // an entity's id comes with every selection
  const id = selected !== undefined && "id" in entity ? ["id"] : [];
  return Object.fromEntries(
    [...new Set([...annotations, ...id, ...names])].map((name) => [name, entity[name] ?? null]),
  );
}

function applyFilter<Item>(
  input: Input,
  items: readonly Item[],
  filters: Readonly<Record<string, (item: Item) => string | null>>,
): readonly Item[] {
  const filter = input.query.get("$filter");
  if (filter === null) return items;
  return splitAnd(filter).reduce((rest, clause) => {
    const match = comparison.exec(clause);
    const property = match?.[1];
    const compare = property === undefined ? undefined : filters[property];
    if (match === null || compare === undefined) {
      throw notImplemented(`the $filter '${filter}' of ${input.operation}`);
    }
    const wanted = readLiterals(match[2] ?? match[3] ?? "");
    return rest.filter((item) => {
      const value = compare(item);
      return value !== null && wanted.includes(value.toLowerCase());
    });
  }, items);
}

/** `property eq 'text'` or `property in ('text', 'text')`. */
const literal = "'(?:[^']|'')*'";
const comparison = new RegExp(
  `^\\s*(\\w+)\\s+(?:eq\\s+(${literal})|in\\s*\\(\\s*(${literal}(?:\\s*,\\s*${literal})*)\\s*\\))\\s*$`,
);

/** How many values Graph takes in one `in`. */
const mostLiterals = 15;

/** The texts in quotes, in lower case, as Graph compares without regard to case. */
function readLiterals(list: string): readonly string[] {
  const literals = (list.match(/'(?:[^']|'')*'/g) ?? []).map((literal) =>
    literal.slice(1, -1).replaceAll("''", "'").toLowerCase(),
  );
  if (literals.length > mostLiterals) {
    throw badRequest(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${String(literals.length)}. Max allowed: ${String(mostLiterals)}.`,
      "Request_UnsupportedQuery",
    );
  }
  return literals;
}

/** Splits at `and` outside of quotes. */
function splitAnd(filter: string): readonly string[] {
  return (filter.match(/(?:'(?:[^']|'')*'|(?!\sand\s)[^'])+/g) ?? [filter]).map((clause) =>
    clause.replace(/^\s*and\s/, ""),
  );
}

function readTop(input: Input): number {
  const value = input.query.get("$top");
  if (value === null) return defaultPageSize;
  if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > 999) {
    throw badRequest(`Invalid page size specified: '${value}'. Must be between 1 and 999 inclusive.`);
  }
  return Number(value);
}

/** The token is the position of the next page, so that a page is never lost or repeated while nothing changes. */
function readSkipToken(input: Input): number {
  const value = input.query.get("$skiptoken");
  if (value === null) return 0;
  const position = /^\d+$/.exec(Buffer.from(value, "base64url").toString("latin1"))?.[0];
  if (position === undefined)
    throw badRequest("The provided value for $skiptoken is invalid.", "Request_BadRequest");
  return Number(position);
}

function nextLink(input: Input, position: number): string {
  const query = new URLSearchParams(input.query);
  query.set("$skiptoken", Buffer.from(String(position)).toString("base64url"));
  return `${input.base}${input.path}?${query.toString().replaceAll("%24", "$")}`;
}
