import assert from "node:assert/strict";
import fc from "fast-check";
import { checkInputs } from "../../standIn/bridge/checkInputs";
import { detailedDiff } from "../../standIn/bridge/detailedDiff";
import { importInputs, refreshInputs } from "../../standIn/bridge/liveInputs";
import { planState } from "../../standIn/bridge/planState";
import { copyAt, formatPath, isSameOrBelow, parsePath } from "../../standIn/bridge/propertyPath";
import {
  block,
  computed,
  booleanType,
  integerType,
  listOf,
  optional,
  optionalComputed,
  required,
  type Schema,
  setOf,
  stringType,
  mapType,
} from "../../standIn/bridge/propertySchema";
import { guidOnly, notEmpty, choiceOnly, rfc3339Only } from "../../standIn/bridge/validations";
import { applicationSchema } from "../../standIn/azuread/applicationSchema";
import { type PropertyMap, UNKNOWN } from "../../standIn/server/propertyValue";

const guid = "d9b097b4-0b3f-488a-bd6a-b6362325fb2b";
const otherGuid = "f288a39e-0cf7-4fc6-bc4a-2d20b6cd88a5";

const schema: Schema = {
  displayName: required(stringType, { validate: notEmpty }),
  enabled: optional(booleanType, { defaultValue: true }),
  note: optional(stringType),
  remark: optional(stringType),
  kind: optional(stringType, { forceNew: true, validate: choiceOnly("a", "b") }),
  owners: optional(setOf(stringType), { validate: guidOnly }),
  redirects: optional(listOf(stringType)),
  settings: optional(block({ level: optional(integerType), hint: optional(stringType) }), {
    saysNothing: (settings) => settings["level"] === 0 && settings["hint"] === "",
  }),
  labels: optional(mapType),
  endDate: optionalComputed(stringType, { validate: rfc3339Only }),
  picture: optional(stringType, { notCovered: true }),
  id: computed(stringType),
};

const subject = { name: "client", token: "azuread:index/thing:Thing", plugin: "azuread" };

function reasons(inputs: PropertyMap): readonly string[] {
  return checkInputs(schema, inputs, subject).failures;
}

describe("stand-in bridge: checking inputs", () => {
  it("adds defaults and leaves out what is null", () => {
    assert.deepEqual(checkInputs(schema, { displayName: "x", note: null }, subject), {
      inputs: { displayName: "x", enabled: true, __defaults: ["enabled"] },
      failures: [],
    });
  });

  it("writes numbers and switches given as text, and texts given as numbers, in the property's own type", () => {
    const { inputs } = checkInputs(schema, { displayName: 7, enabled: "false" }, subject);
    assert.deepEqual(inputs, { displayName: "7", enabled: false, __defaults: [] });
  });

  const left: readonly [string, PropertyMap, boolean][] = [
    ["keeps a default of before", { enabled: false, __defaults: ["enabled"] }, false],
    ["does not take what the program gave before for a default", { enabled: false, __defaults: [] }, true],
    ["takes what was there without a list of defaults for one", { enabled: false }, false],
  ];
  for (const [what, before, enabled] of left) {
    it(`${what}, of a property that is left out`, () => {
      const { inputs } = checkInputs(schema, { displayName: "x" }, subject, before);
      assert.deepEqual(inputs, { displayName: "x", enabled, __defaults: ["enabled"] });
    });
  }

  const wrong: readonly [string, PropertyMap, RegExp][] = [
    [
      "a missing property",
      {},
      /Missing required argument. The argument "display_name" is required.*'client.displayName'/,
    ],
    ["an unknown property", { displayName: "x", colour: "red" }, /Invalid or unknown key.*'client.colour'/],
    [
      "one that objects have themselves",
      { displayName: "x", constructor: "y" },
      /unknown key.*'client.constructor'/,
    ],
    ["a property that only the service sets", { displayName: "x", id: "y" }, /unknown key.*'client.id'/],
    ["an empty text", { displayName: "" }, /expected "display_name" to not be an empty string/],
    [
      "something that is no GUID",
      { displayName: "x", owners: [guid, "me"] },
      /expected "owners" to be a valid UUID, got me/,
    ],
    [
      "a value that is not among the allowed ones",
      { displayName: "x", kind: "c" },
      /expected kind to be one of \["a" "b"\], got c/,
    ],
    [
      "a date in another form",
      { displayName: "x", endDate: "1 May 2027" },
      /expected "end_date" to be a valid RFC3339 date/,
    ],
    [
      "a date that does not exist",
      { displayName: "x", endDate: "2027-13-01T00:00:00Z" },
      /valid RFC3339 date/,
    ],
    [
      "a value of another type",
      { displayName: "x", owners: guid },
      /expected a value of the type set.*'client.owners'/,
    ],
    [
      "a property that the stand-in cannot do",
      { displayName: "x", picture: "p" },
      /the stand-in for azuread does not cover the property 'client.picture' of azuread:index\/thing:Thing; install the real plugin/,
    ],
  ];

  for (const [what, inputs, message] of wrong) {
    it(`refuses ${what}`, () => {
      const found = reasons(inputs);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }

  it("tells all problems at once", () => {
    assert.equal(reasons({ owners: ["me"], kind: "c" }).length, 3);
  });

  it("lets pass what is not known yet", () => {
    const { failures } = checkInputs(
      schema,
      { displayName: UNKNOWN, owners: [UNKNOWN], kind: UNKNOWN },
      subject,
    );
    assert.deepEqual(failures, []);
  });

  for (const name of ["password", "logoImage", "templateId"]) {
    it(`says that an application's ${name} is not covered`, () => {
      const { failures } = checkInputs(applicationSchema, { displayName: "x", [name]: "y" }, subject);
      assert.match(failures[0] ?? "", new RegExp(`does not cover the property 'client.${name}'`));
    });
  }
});

const nothingSet = {
  displayName: "x",
  enabled: true,
  note: null,
  remark: null,
  kind: null,
  owners: null,
  redirects: null,
  settings: null,
  labels: null,
  picture: null,
};

describe("stand-in bridge: planning", () => {
  it("leaves open what only the service will know", () => {
    const planned = planState({ schema, inputs: { displayName: "x", enabled: true } });
    assert.deepEqual(planned, { ...nothingSet, endDate: UNKNOWN, id: UNKNOWN });
  });

  it("keeps what the service set, and takes away what the program no longer gives", () => {
    const old = { ...nothingSet, note: "gone", endDate: "2027-05-01T00:00:00Z", id: "1" };
    const planned = planState({ schema, inputs: { displayName: "x", enabled: true }, old });
    assert.deepEqual(planned, { ...old, note: null });
  });

  it("takes a set in another order for the same, and a list for another", () => {
    const old = { ...nothingSet, owners: [guid, otherGuid], redirects: ["a", "b"] };
    const inputs = { displayName: "x", owners: [otherGuid, guid], redirects: ["b", "a"] };
    const planned = planState({ schema, inputs, old });
    assert.deepEqual(planned["owners"], [guid, otherGuid]);
    assert.deepEqual(planned["redirects"], ["b", "a"]);
  });

  it("keeps a block that the service always sends, unless it says something", () => {
    const silent = { ...nothingSet, settings: { level: 0, hint: "" } };
    const telling = { ...nothingSet, settings: { level: 3, hint: "" } };
    const inputs = { displayName: "x" };
    assert.deepEqual(planState({ schema, inputs, old: silent })["settings"], { level: 0, hint: "" });
    assert.equal(planState({ schema, inputs, old: telling })["settings"], null);
  });

  it("ignores changes where it is told to", () => {
    const old = { ...nothingSet, displayName: "old", owners: [guid], labels: { a: "1", b: "2" } };
    const inputs = { displayName: "new", owners: [otherGuid], labels: { a: "3", b: "4" } };
    const ignoreChanges = ["displayName", "owners[0]", "labels.a"];
    const planned = planState({ schema, inputs, old, ignoreChanges });
    assert.equal(planned["displayName"], "old");
    assert.deepEqual(planned["owners"], [guid]);
    assert.deepEqual(planned["labels"], { a: "1", b: "4" });
  });
});

describe("stand-in bridge: differences", () => {
  const changes = (old: PropertyMap, planned: PropertyMap): Record<string, string> =>
    Object.fromEntries(
      [...detailedDiff(schema, { ...nothingSet, ...old }, { ...nothingSet, ...planned })].map(
        ([path, { kind, replace }]) => [path, `${kind}${replace ? ", replace" : ""}`],
      ),
    );

  const cases: readonly [string, PropertyMap, PropertyMap, Record<string, string>][] = [
    ["nothing, for different ways of saying nothing", { note: "", labels: {}, owners: [] }, {}, {}],
    ["an added text", {}, { note: "a" }, { note: "add" }],
    ["a text in place of an empty one", { note: "" }, { note: "a" }, { note: "update" }],
    ["a switch that is put on", { enabled: false }, { enabled: true }, { enabled: "update" }],
    ["a removed text", { note: "a" }, {}, { note: "delete" }],
    ["a replacing property", { kind: "a" }, { kind: "b" }, { kind: "update, replace" }],
    ["something not known yet", { note: "a" }, { note: UNKNOWN }, { note: "update" }],
    [
      "a set's new element, at its place",
      { owners: [guid] },
      { owners: [guid, otherGuid] },
      { "owners[1]": "add" },
    ],
    [
      "a set's missing element, at its old place",
      { owners: [guid, otherGuid] },
      { owners: [otherGuid] },
      { "owners[0]": "delete" },
    ],
    ["a set that comes as a whole", { owners: [] }, { owners: [guid] }, { owners: "add" }],
    ["a set that goes as a whole", { owners: [guid] }, { owners: [] }, { owners: "delete" }],
    ["a set's exchanged element", { owners: [guid] }, { owners: [otherGuid] }, { "owners[0]": "update" }],
    [
      "a list's order",
      { redirects: ["a", "b"] },
      { redirects: ["b", "a"] },
      { "redirects[0]": "update", "redirects[1]": "update" },
    ],
    [
      "a property of a block",
      { settings: { level: 1, hint: "h" } },
      { settings: { level: 2, hint: "h" } },
      { "settings.level": "update" },
    ],
    [
      "a label",
      { labels: { "a.b": "1", c: "2" } },
      { labels: { "a.b": "2", d: "3" } },
      { 'labels["a.b"]': "update", "labels.c": "delete", "labels.d": "add" },
    ],
  ];

  for (const [what, old, planned, expected] of cases) {
    it(`shows ${what}`, () => {
      assert.deepEqual(changes(old, planned), expected);
    });
  }
});

describe("stand-in bridge: inputs from live state", () => {
  it("follow what the program gives, and nothing else", () => {
    const inputs = { displayName: "x", owners: [guid], settings: { level: 1 } };
    const live = {
      displayName: "y",
      note: "by hand",
      owners: [otherGuid, guid],
      settings: { level: 2, hint: "h" },
    };
    assert.deepEqual(refreshInputs(inputs, live), {
      displayName: "y",
      owners: [otherGuid],
      settings: { level: 2 },
    });
  });

  it("keep the program's way of saying nothing", () => {
    assert.deepEqual(refreshInputs({ note: "", owners: [] }, { note: null, owners: null }), {
      note: "",
      owners: [],
    });
  });

  it("hold for an import what is required and what is not a default", () => {
    const live = {
      ...nothingSet,
      note: "",
      settings: { level: 2, hint: "" },
      labels: {},
      endDate: "2027-05-01T00:00:00Z",
      id: "1",
    };
    assert.deepEqual(importInputs(schema, live), {
      displayName: "x",
      settings: { level: 2, __defaults: [] },
      endDate: "2027-05-01T00:00:00Z",
      __defaults: [],
    });
  });

  it("let a live value take the place of the only default, for good", () => {
    const inputs = { displayName: "x", enabled: true, __defaults: ["enabled"] };
    const refreshed = refreshInputs(inputs, { displayName: "x", enabled: false });
    assert.deepEqual(refreshed, { displayName: "x", enabled: false });
    const next = checkInputs(schema, { displayName: "x" }, subject, refreshed);
    assert.equal(next.inputs["enabled"], false);
    assert.equal(
      checkInputs(schema, { displayName: "x", enabled: true }, subject, refreshed).inputs["enabled"],
      true,
    );
  });

  it("keep the list of defaults as long as one of them is as it was", () => {
    const inputs = { enabled: true, kind: "a", __defaults: ["enabled", "kind"] };
    assert.deepEqual(refreshInputs(inputs, { enabled: false, kind: "a" }), {
      enabled: false,
      kind: "a",
      __defaults: ["kind"],
    });
  });
});

describe("stand-in bridge: property paths", () => {
  it("read what they wrote", () => {
    const part = fc.oneof(fc.nat({ max: 50 }), fc.stringMatching(/^[A-Za-z][A-Za-z0-9.[\]" -]*$/));
    const path = fc
      .tuple(fc.stringMatching(/^[a-z][A-Za-z]*$/), fc.array(part))
      .map(([first, rest]) => [first, ...rest]);
    fc.assert(
      fc.property(path, (parts) => {
        assert.deepEqual(parsePath(formatPath(parts)), parts);
      }),
    );
  });

  it("know what lies within them", () => {
    assert.ok(isSameOrBelow(parsePath("api.scopes[2].value"), parsePath("api.scopes")));
    assert.ok(isSameOrBelow(parsePath("owners[2]"), parsePath("owners[*]")));
    assert.ok(!isSameOrBelow(parsePath("api"), parsePath("api.scopes")));
  });

  it("copy what is there, and take away what is not", () => {
    assert.deepEqual(copyAt({ a: { b: 1, c: 2 } }, { a: { c: 3 } }, parsePath("a.b")), { a: { c: 2 } });
    assert.deepEqual(copyAt({ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 8 }, { b: 9 }] }, parsePath("a[*].b")), {
      a: [{ b: 8 }, { b: 9 }],
    });
  });
});
