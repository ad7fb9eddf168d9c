import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  isPropertyList,
  isPropertyMap,
  UNKNOWN,
  type PropertyMap,
  type PropertyValue,
} from "./propertyValue";

// The marks that Pulumi's wire format uses inside a protobuf Struct (pulumi/pulumi, sdk/proto and
// sdk/go/common/resource/properties.go): a signature property tells special objects apart, and a
// fixed text per type stands for a value that is not known yet.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceReferenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputValueSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const unknownTexts = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type WireValue = null | number | string | boolean | WireValue[] | { [name: string]: WireValue };

function fromWire(value: WireValue): PropertyValue {
  if (typeof value === "string") return unknownTexts.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== "object" || value === null) return value;
  switch (value[signatureKey]) {
    case secretSignature:
      return fromWire(value["value"] ?? null);
    case outputValueSignature:
      return "value" in value ? fromWire(value["value"] ?? null) : UNKNOWN;
    case resourceReferenceSignature:
      return fromWire(value["id"] || unknownText);
    default:
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fromWire(inner)]));
  }
}

function toWire(value: PropertyValue): WireValue {
  if (value === UNKNOWN) return unknownText;
  if (isPropertyList(value)) return value.map(toWire);
  if (isPropertyMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toWire(inner)]));
  }
  return value;
}

/** Reads properties off the wire. Secrets and output values are unwrapped; an absent struct has no properties. */
export function decodeProperties(struct: Struct | undefined): PropertyMap {
  if (struct === undefined) return {};
  const wire = struct.toJavaScript();
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, fromWire(value)]));
}

/** Writes properties for the wire; those named in `secrets` (top level) are wrapped as secrets unless null. */
export function encodeProperties(properties: PropertyMap, secrets: ReadonlySet<string> = new Set()): Struct {
  const wire = Object.entries(properties).map(([name, value]): [string, WireValue] => {
    const plain = toWire(value);
    const wrap = secrets.has(name) && value !== null && value !== UNKNOWN;
    return [name, wrap ? { [signatureKey]: secretSignature, value: plain } : plain];
  });
  return Struct.fromJavaScript(Object.fromEntries(wire));
}
