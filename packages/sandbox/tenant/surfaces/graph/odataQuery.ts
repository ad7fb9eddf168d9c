import type { Answer, Input } from "../../core/request";
import { refuseUnread } from "../../core/operation";
import { notImplemented } from "../../core/refusal";
import { badRequest } from "../../domain/directoryRefusals";
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

/** Answers with one entity. */
export function entityAnswer(
  input: Input,
  context: string,
  type: EntityType,
  entity: Entity,
  status: 200 | 201 = 200,
): Answer {
  refuseUnread(input, ["$select"]);
  const selected = readSelect(input);
  return json(input, status, {
    "@odata.context": contextUrl(input, context, selected, "/$entity"),
    ...project(input, type, entity, selected),
  });
}

/** Answers with what an action returned, such as a new credential. */
export function actionAnswer(input: Input, context: string, result: object): Answer {
  refuseUnread(input, []);
  return json(input, 200, { "@odata.context": contextUrl(input, context, undefined, ""), ...result });
}

/** Answers a change that returns nothing. */
export function noContent(input: Input): Answer {
  refuseUnread(input, []);
  return { status: 204, headers: graphHeaders(input) };
}

/**
 * Answers with a collection, filtered, projected and cut into pages.
 * @param filters properties that `$filter` may compare, with their values
 */
export function collectionAnswer<Item>(
  input: Input,
  context: string,
  type: EntityType,
  items: readonly Item[],
  view: (item: Item) => Entity,
  filters: Filters<Item> = {},
): Answer {
  const filterable = Object.keys(filters).length > 0;
  refuseUnread(input, ["$select", "$top", "$skiptoken", ...(filterable ? ["$filter"] : [])]);
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

/** Properties that `$filter` may name: a text, or a list of texts of which `any` asks for one. */
export type Filters<Item> = Readonly<Record<string, (item: Item) => string | null | readonly string[]>>;

function applyFilter<Item>(input: Input, items: readonly Item[], filters: Filters<Item>): readonly Item[] {
  const filter = input.query.get("$filter");
  if (filter === null) return items;
  const alternatives = splitAt("or", filter).map((alternative) =>
    splitAt("and", alternative).map((clause) => {
      const condition = readCondition(clause, filters);
      if (condition === undefined) throw notImplemented(`the $filter '${filter}' of ${input.operation}`);
      return condition;
    }),
  );
  return items.filter((item) =>
    alternatives.some((conditions) => conditions.every((fulfils) => fulfils(item))),
  );
}

const literal = "'(?:[^']|'')*'";
/** `property eq 'text'` or `property in ('text', 'text')`. */
const comparison = new RegExp(
  `^\\s*(\\w+)\\s+(?:eq\\s+(${literal})|in\\s*\\(\\s*(${literal}(?:\\s*,\\s*${literal})*)\\s*\\))\\s*$`,
);
/** `startswith(property,'text')`. */
const beginning = new RegExp(`^\\s*startswith\\(\\s*(\\w+)\\s*,\\s*(${literal})\\s*\\)\\s*$`, "i");
/** `property/any(x:x eq 'text')`. */
const anyOf = new RegExp(`^\\s*(\\w+)/any\\(\\s*(\\w+)\\s*:\\s*\\2\\s+eq\\s+(${literal})\\s*\\)\\s*$`, "i");

/** One condition of a filter; undefined when it is written in a way, or looks at a property, that is not implemented. */
function readCondition<Item>(clause: string, filters: Filters<Item>): ((item: Item) => boolean) | undefined {
  const among = anyOf.exec(clause);
  const start = beginning.exec(clause);
  const match = among ?? start ?? comparison.exec(clause);
  const property = match?.[1];
  const valueOf = property !== undefined && Object.hasOwn(filters, property) ? filters[property] : undefined;
  if (match === null || valueOf === undefined) return undefined;
  if (among !== null) {
    const [wanted = ""] = readLiterals(among[3] ?? "");
    return (item) => lowerCase(valueOf(item), "list").includes(wanted);
  }
  const wanted = readLiterals(match[2] ?? match[3] ?? "");
  return (item) =>
    lowerCase(valueOf(item), "text").some((value) =>
      start === null ? wanted.includes(value) : value.startsWith(wanted[0] ?? ""),
    );
}

/** The values of a property that is a text, or of one that is a list: only what the condition asks for has any. */
function lowerCase(value: string | null | readonly string[], kind: "text" | "list"): readonly string[] {
  if (value === null || (typeof value === "string") !== (kind === "text")) return [];
  return [value].flat().map((one) => one.toLowerCase());
}

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

/** Splits at `and` or `or` outside of quotes. */
function splitAt(word: "and" | "or", filter: string): readonly string[] {
  const parts = filter.match(new RegExp(`(?:${literal}|(?!\\s${word}\\s)[^'])+`, "g")) ?? [filter];
  return parts.map((part) => part.replace(new RegExp(`^\\s*${word}\\s`), ""));
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
