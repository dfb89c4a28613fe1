import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.js";
import { literal } from "../values.js";
import { ambiguous, instantOf, orderedInstant } from "./dates.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase(":memory:");
});
afterAll(() => database.close());

const utc = { dateFormat: undefined, timeZone: "UTC" };
async function read(text: string, sql: (text: string) => string): Promise<string | null> {
  const [row] = await database.rows<{ at: string | null }>(
    `select strftime(${sql("t")}, '%Y-%m-%d %H:%M:%S.%g') as at from (select ${literal(text)} as t)`,
  );
  return row.at?.replace(/\.000$/, "").replace(/ 00:00:00$/, "") ?? null;
}

describe("instantOf", () => {
  it.each([
    ["2011-12-09", "2011-12-09"],
    ["2011-12-09 10:05", "2011-12-09 10:05:00"],
    ["2011-12-09T10:05:06.789Z", "2011-12-09 10:05:06.789"],
    ["2011-12-09T10:05:06+02:00", "2011-12-09 08:05:06"],
    ["2011-12-09 10:05:06 -0500", "2011-12-09 15:05:06"],
    ["2011-12-09 10:05+0530", "2011-12-09 04:35:00"],
    ["2011-12-09 10:05:06 UTC", "2011-12-09 10:05:06"],
    ["2011/12/09", "2011-12-09"],
    ["2011.12.09 8:26", "2011-12-09 08:26:00"],
    ["2011-1-09", "2011-01-09"],
    ["20111209", "2011-12-09"],
    ["20111209T100506", "2011-12-09 10:05:06"],
    ["20111209100506", "2011-12-09 10:05:06"],
    ["1323424800", "2011-12-09 10:00:00"],
    ["1323424800.5", "2011-12-09 10:00:00.500"],
    ["1323424800000", "2011-12-09 10:00:00"],
    ["1323424800000000", "2011-12-09 10:00:00"],
    ["9 Dec 2011", "2011-12-09"],
    ["Dec 9, 2011 8:26 PM", "2011-12-09 20:26:00"],
    ["09-Dec-2011 10:05", "2011-12-09 10:05:00"],
    ["9th December 2011", "2011-12-09"],
    ["Fri, 09 Dec 2011 10:05:06 +0000", "2011-12-09 10:05:06"],
    ["Sept. 9, 2011", "2011-09-09"],
    ["2012-02-29", "2012-02-29"],
  ])("reads %s", async (text, at) => {
    expect(await read(text, (t) => instantOf(t, utc))).toBe(at);
  });

  it.each([
    "2011-02-29",
    "2011-13-01",
    "yesterday",
    "12",
    "0001-01-01",
    "9999-12-31",
    "2011-12-09 25:00",
    "9/9/2011",
    "infinity",
    "2011-12-09 10:05:06+99:00",
  ])("refuses %s", async (text) => {
    expect(await read(text, (t) => instantOf(t, utc))).toBeNull();
  });

  it("takes a naive date for one of the zone, summer and winter, but heeds an offset", async () => {
    const berlin = { dateFormat: undefined, timeZone: "Europe/Berlin" };
    const at = (text: string) => read(text, (t) => instantOf(t, berlin));
    expect(await at("2011-07-01 12:00")).toBe("2011-07-01 10:00:00");
    expect(await at("2011-12-01 12:00:00.5")).toBe("2011-12-01 11:00:00.500");
    expect(await at("2011-12-01T12:00:00Z")).toBe("2011-12-01 12:00:00");
    expect(await at("1323424800")).toBe("2011-12-09 10:00:00");
  });

  it("reads by a format of the user's", async () => {
    const options = { dateFormat: "%d/%m/%Y %H.%M", timeZone: "America/New_York" };
    expect(await read("09/12/2011 10.30", (t) => instantOf(t, options))).toBe(
      "2011-12-09 15:30:00",
    );
    expect(await read("2011-12-09", (t) => instantOf(t, options))).toBeNull();
  });
});

describe("dates with the day and the month in numbers", () => {
  it.each([
    ["9/12/2011", "2011-12-09", "2011-09-12"],
    ["9.12.11 8:26", "2011-12-09 08:26:00", "2011-09-12 08:26:00"],
    ["09-12-1999 08:26:30", "1999-12-09 08:26:30", "1999-09-12 08:26:30"],
    ["9/12/2011, 8:26:30 pm", "2011-12-09 20:26:30", "2011-09-12 20:26:30"],
    ["9/12/2011 8:26 p.m.", "2011-12-09 20:26:00", "2011-09-12 20:26:00"],
    ["9/12/71", "1971-12-09", "1971-09-12"],
    ["9/12/2011 10:00+02:00", "2011-12-09 08:00:00", "2011-09-12 08:00:00"],
    ["31/12/2011", "2011-12-31", null],
    ["31/31/2011", null, null],
  ])("reads %s either way", async (text, dayFirst, monthFirst) => {
    expect(await read(text, (t) => orderedInstant(t, "day first", "UTC"))).toBe(dayFirst);
    expect(await read(text, (t) => orderedInstant(t, "month first", "UTC"))).toBe(monthFirst);
    const [row] = await database.rows<{ waits: boolean }>(
      `select ${ambiguous("t", utc)} is not null as waits from (select ${literal(text)} as t)`,
    );
    expect(row.waits).toBe(true);
  });
});
