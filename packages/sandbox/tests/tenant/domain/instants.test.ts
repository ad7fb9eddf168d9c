import assert from "node:assert/strict";
import fc from "fast-check";
import { addYears, parseInstant, toInstant, toWholeSecond } from "../../../tenant/domain/instants";

const dates = fc.date({
  min: new Date("1970-01-01T00:00:00Z"),
  max: new Date("2900-01-01T00:00:00Z"),
  noInvalidDate: true,
});

describe("Dates in the directory", () => {
  it("are written in UTC and read back as the same moment", () => {
    fc.assert(
      fc.property(dates, (date) => {
        const text = toInstant(date);
        assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/);
        assert.equal(parseInstant(text)?.getTime(), date.getTime());
      }),
    );
  });

  it("drop zeros of the fraction and nothing else", () => {
    assert.equal(toInstant(new Date("2026-11-20T10:00:00.000Z")), "2026-11-20T10:00:00Z");
    assert.equal(toInstant(new Date("2026-11-20T10:00:00.120Z")), "2026-11-20T10:00:00.12Z");
    assert.equal(toWholeSecond(new Date("2026-11-20T10:00:00.999Z")), "2026-11-20T10:00:00Z");
  });

  it("are read with their offset, and refused without one or when there is no such day", () => {
    assert.equal(parseInstant("2027-05-01T09:00:00+09:00")?.toISOString(), "2027-05-01T00:00:00.000Z");
    for (const text of ["2027-05-01", "2027-05-01T09:00:00", "2027-13-01T00:00:00Z", "soon"]) {
      assert.equal(parseInstant(text), undefined, text);
    }
  });

  it("end two years later on the same day, the 29th of February on the 28th", () => {
    assert.equal(toInstant(addYears(new Date("2026-11-23T02:01:45Z"), 2)), "2028-11-23T02:01:45Z");
    assert.equal(toInstant(addYears(new Date("2028-02-29T12:00:00Z"), 2)), "2030-02-28T12:00:00Z");
  });
});
