import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../standIn/server/propertyValue";
import { decodeProperties, encodeProperties } from "../../standIn/server/wireStruct";

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const outputMark = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const referenceMark = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const name = fc.string({ minLength: 1 }).filter((text) => text !== "__proto__");
const { value } = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string(),
    fc.constant(UNKNOWN),
    fc.array(tie("value")),
    fc.dictionary(name, tie("value"), { noNullPrototype: true }),
  ),
}));

describe("stand-in: properties on the wire", () => {
  it("come back as they were sent", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (properties) => {
        assert.deepEqual(decodeProperties(encodeProperties(properties)), properties);
      }),
    );
  });

  it("mark top-level secrets, but neither null nor what is not known", () => {
    const properties: PropertyMap = { value: "hidden", name: "shown", gone: null, later: UNKNOWN };
    const struct = encodeProperties(properties, new Set(["value", "gone", "later"]));
    assert.deepEqual(struct.toJavaScript(), {
      value: { [signature]: secretMark, value: "hidden" },
      name: "shown",
      gone: null,
      later: unknownText,
    });
    assert.deepEqual(decodeProperties(struct), properties);
  });

  it("unwrap secrets, outputs and references wherever they are", () => {
    const wire = {
      list: [{ [signature]: secretMark, value: "a" }],
      known: { [signature]: outputMark, value: { [signature]: secretMark, value: 1 }, secret: true },
      unknown: { [signature]: outputMark },
      reference: { [signature]: referenceMark, urn: "urn:pulumi:x", id: "the id" },
      unborn: { [signature]: referenceMark, urn: "urn:pulumi:x", id: "" },
    };
    assert.deepEqual(decodeProperties(Struct.fromJavaScript(wire)), {
      list: ["a"],
      known: 1,
      unknown: UNKNOWN,
      reference: "the id",
      unborn: UNKNOWN,
    });
  });

  it("are none when there is no struct", () => {
    assert.deepEqual(decodeProperties(undefined), {});
  });
});
