import { isRefusalStatus, type FaultEffect, type FaultRequest } from "../../core/faults";
import * as s from "../../core/bodySchema";

/** A whole number. @param initial what it is when nothing was said */
export const count = (least: number, initial: number): s.BodySchema<number> => ({
  initial: () => initial,
  read(value, property) {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least) {
      throw new s.BodySchemaError("invalid", property);
    }
    return value;
  },
});

const when = s.oneOf(["before", "after"]);
const detail = s.object({ code: s.text, message: s.text, target: s.text }, ["code", "message"]);

const refuse = s.object(
  {
    kind: s.oneOf(["refuse"]),
    status: count(400, 400),
    code: s.nullableText,
    message: s.nullableText,
    details: s.list(detail),
    retryAfter: s.nullableInteger,
    when,
  },
  ["status"],
);
const slow = s.object({ kind: s.oneOf(["slow"]), milliseconds: count(0, 0) }, ["milliseconds"]);
const cut = s.object({ kind: s.oneOf(["cut"]), when });

/** An effect, read by its `kind`; every other kind and every property that the kind does not have is refused. */
const effect: s.BodySchema<FaultEffect> = {
  initial: () => cut.initial(),
  read(value, property) {
    const kind = (value as { readonly kind?: unknown } | null)?.kind;
    switch (kind) {
      case "refuse": {
        const read = refuse.read(value, property, undefined);
        if (!isRefusalStatus(read.status)) throw new s.BodySchemaError("invalid", `${property}.status`);
        return read;
      }
      case "slow":
        return slow.read(value, property, undefined);
      case "cut":
        return cut.read(value, property, undefined);
      default:
        throw new s.BodySchemaError("invalid", `${property}.kind`);
    }
  },
};

/** A fault to queue; `times` is 1 and `skip` 0 unless said otherwise. */
export const faultInstruction: s.BodySchema<FaultRequest> = s.object(
  {
    operation: s.text,
    version: s.nullableText,
    pathContains: s.nullableText,
    skip: count(0, 0),
    times: count(1, 1),
    effect,
  },
  ["operation", "effect"],
);
