import type { Input } from "../../core/request";
import { Refusal } from "../../core/refusal";
import { ShapeError, type Shape } from "../../core/shape";

/** Reads a JSON body. @throws Refusal naming the property that is unknown, missing or of the wrong type */
export function readArmBody<T>(input: Input, shape: Shape<T>): T {
  try {
    return shape.read(JSON.parse(input.body.toString("utf8")), "", undefined);
  } catch (error) {
    if (error instanceof ShapeError && error.problem === "notImplemented") {
      throw notImplemented(`the property '${error.property}' of ${input.operation}`);
    }
    const problem =
      error instanceof ShapeError
        ? `The property '${error.property}' is ${error.problem === "required" ? "required" : error.problem}.`
        : "The body is not valid JSON.";
    throw new Refusal({
      kind: "badRequest",
      code: "InvalidRequestContent",
      message: `The request content was invalid and could not be deserialized: '${problem}'`,
    });
  }
}

/** Refuses query options that the operation does not read, by name. */
export function checkArmQuery(input: Input, allowed: readonly string[] = []): void {
  const unknown = [...input.query.keys()].find((name) => name !== "api-version" && !allowed.includes(name));
  if (unknown === undefined) return;
  throw notImplemented(`the query option '${unknown}' of ${input.operation}`);
}

export function notImplemented(what: string): Refusal {
  return new Refusal({
    kind: "notImplemented",
    code: "NotImplemented",
    message: `The sandbox tenant does not implement ${what}.`,
    why: what,
  });
}
