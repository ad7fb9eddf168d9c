import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCalendarDay, formatMidnight, parseCalendarDay } from "../../components/calendarDate";

describe("calendar dates", () => {
  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 1_000_000 }), (day) => {
        assert.equal(parseCalendarDay(formatCalendarDay(day)), day);
        assert.equal(parseCalendarDay(formatMidnight(day)), day);
      }),
    );
  });

  it("reads what the Pulumi CLI makes of an unquoted date", () => {
    const day = parseCalendarDay("2026-11-23");
    assert.ok(day !== undefined);
    assert.equal(parseCalendarDay("2026-11-23 00:00:00 +0000 UTC"), day);
    assert.equal(parseCalendarDay("2026-11-23T00:00:00Z"), day);
  });

  for (const text of [
    "2026-02-30",
    "2026-13-01",
    "23.11.2026",
    "2026-11-23T12:00:00Z",
    "2026-1-1",
    "today",
    "",
  ]) {
    it(`does not read ${JSON.stringify(text)}`, () => {
      assert.equal(parseCalendarDay(text), undefined);
    });
  }
});
