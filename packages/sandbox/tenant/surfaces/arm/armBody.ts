import type { Input } from "../../core/request";
import { notImplemented, Refusal } from "../../core/refusal";
import { BodySchemaError, type BodySchema } from "../../core/bodySchema";

/** Reads a JSON body. @throws Refusal naming the property that is unknown, missing or of the wrong type */
export function readArmBody<T>(input: Input, schema: BodySchema<T>): T {
  try {
    return schema.read(JSON.parse(input.body.toString("utf8")), "", undefined);
  } catch (error) {
    if (error instanceof BodySchemaError && error.problem === "notImplemented") {
      throw notImplemented(`the property '${error.property}' of ${input.operation}`);
    }
    const problem =
      error instanceof BodySchemaError
        ? `The property '${error.property}' is ${error.problem === "required" ? "required" : error.problem}.`
        : "The body is not valid JSON.";
    throw new Refusal({
      kind: "badRequest",
      code: "InvalidRequestContent",
      message: `The request content was invalid and could not be deserialized: '${problem}'`,
    });
  }
}
