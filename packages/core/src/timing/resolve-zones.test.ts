import { describe, expect, it } from "vitest";
import { countryNamed } from "./countries.js";
import { resolveZones } from "./resolve-zones.js";
import type { ContactPlace, ZoneResolver } from "./types.js";
import { zoneNamed } from "./zone-name.js";

const asOf = Date.UTC(2025, 5, 1);
const resolve = async (place: ContactPlace, resolvers: readonly ZoneResolver[] = []) =>
  (await resolveZones([place], { asOf, resolvers }))[0];

describe("zoneNamed", () => {
  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    [" europe/berlin ", "Europe/Berlin"],
    ["us_slash_eastern", "America/New_York"],
    ["america_slash_new_york", "America/New_York"],
    ["America/New York", "America/New_York"],
    ["US/Pacific", "America/Los_Angeles"],
    ["(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"],
    ["Pacific Standard Time", "America/Los_Angeles"],
    ["(UTC+01:00) Europe/Madrid", "Europe/Madrid"],
    ["UTC+2", "Etc/GMT-2"],
    ["-05:00", "Etc/GMT+5"],
    ["(GMT-03:00) Somewhere", "Etc/GMT+3"],
    ["GMT", "UTC"],
  ])("reads %j", (text, zone) => {
    expect(zoneNamed(text)).toBe(zone);
  });

  it.each([
    "",
    "Mars/Phobos",
    "EST",
    "CST",
    "UTC+25",
    "UTC+5:30",
    "Central European Standard Time",
    "E. Africa Standard Time",
    "N/A",
    "5",
  ])("does not guess at %j", (text) => {
    expect(zoneNamed(text)).toBeUndefined();
  });
});

describe("countryNamed", () => {
  it.each([
    ["de", "DE"],
    ["Deutschland", "DE"],
    ["ALLEMAGNE", "DE"],
    ["United States", "US"],
    ["U.S.A.", "US"],
    ["UK", "GB"],
    ["España", "ES"],
    ["espana", "ES"],
    ["日本", "JP"],
  ])("reads %j", (text, code) => {
    expect(countryNamed(text)).toBe(code);
  });

  it("knows nothing of what is no country", () => {
    for (const text of ["", "ZZ", "Atlantis", "Europe", "EU"])
      expect(countryNamed(text)).toBeUndefined();
  });
});

describe("resolveZones", () => {
  it("takes the platform's field, in any spelling", async () => {
    const found = await resolve({ timeZone: "us_slash_eastern" });
    expect(found).toMatchObject({ zone: "America/New_York", evidence: ["time zone"], against: [] });
    expect(found.confidence).toBeGreaterThan(0.9);
  });

  it("takes the country where it has one clock", async () => {
    expect(await resolve({ country: "Germany" })).toMatchObject({
      zone: "Europe/Berlin",
      evidence: ["country"],
    });
    expect((await resolve({ country: "India" })).zone).toMatch(/^Asia\/(Calcutta|Kolkata)$/);
  });

  it("abstains in a country of several clocks, and tells which they are; a region decides", async () => {
    const nowhere = await resolve({ country: "US" });
    expect(nowhere.zone).toBeUndefined();
    expect(nowhere.confidence).toBeLessThan(0.6);
    expect(nowhere.candidates.slice(0, 3).map(({ zone }) => zone)).toEqual([
      "America/New_York",
      "America/Chicago",
      "America/Los_Angeles",
    ]);
    const shares = nowhere.candidates.reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeGreaterThan(0.9);
    expect(shares).toBeLessThanOrEqual(1);
    for (const region of ["CA", "California", "us-ca"])
      expect((await resolve({ country: "USA", region })).zone).toBe("America/Los_Angeles");
    expect((await resolve({ country: "US", region: "Tennessee" })).zone).toBeUndefined();
    expect((await resolve({ country: "CA", region: "Québec" })).zone).toBe("America/Toronto");
    expect((await resolve({ country: "Spain" })).zone).toBe("Europe/Madrid");
  });

  it("takes the beginning of a phone number, less surely", async () => {
    const berlin = await resolve({ phonePrefix: "+493023" });
    expect(berlin).toMatchObject({ zone: "Europe/Berlin", evidence: ["phone"] });
    expect(berlin.confidence).toBeLessThan((await resolve({ country: "DE" })).confidence);
    expect((await resolve({ phonePrefix: "+121255" })).zone).toBeUndefined();
    expect(await resolve({ phonePrefix: "+999123" })).toMatchObject({
      confidence: 0,
      candidates: [],
    });
  });

  it("is surer of what agrees, and less sure of what does not", async () => {
    const alone = await resolve({ country: "FR" });
    const both = await resolve({ country: "FR", phonePrefix: "+331990" });
    const torn = await resolve({ country: "FR", phonePrefix: "+819012" });
    expect(both.confidence).toBeGreaterThan(alone.confidence);
    expect(torn.confidence).toBeLessThan(alone.confidence);
    expect(torn.against).toEqual(["phone"]);
    const conflict = await resolve({ timeZone: "America/New_York", country: "JP" });
    expect(conflict.zone).toBeUndefined();
    // neighbours with one clock do not disagree
    const near = await resolve({ timeZone: "Europe/Paris", country: "DE" });
    expect(near).toMatchObject({ zone: "Europe/Paris", against: [] });
  });

  it("asks resolvers once about each place, showing them only what they look at", async () => {
    const asked: ContactPlace[][] = [];
    const byPostalCode: ZoneResolver = {
      name: "postal code",
      columns: ["country", "postalCode"],
      resolve(places) {
        asked.push([...places]);
        return places.map(({ postalCode }) =>
          postalCode === "60601" ? "America/Chicago" : postalCode === "1" ? "no zone" : undefined,
        );
      },
    };
    const place = { country: "US", postalCode: "60601", city: "Chicago" };
    const found = await resolveZones(
      [place, { ...place, city: "CHICAGO" }, { postalCode: "1" }, {}],
      { asOf, resolvers: [byPostalCode] },
    );
    expect(asked).toEqual([[{ country: "US", postalCode: "60601" }, { postalCode: "1" }, {}]]);
    expect(found[0]).toMatchObject({
      zone: "America/Chicago",
      evidence: ["postal code", "country"],
    });
    expect(found[1]).toEqual(found[0]);
    expect(found[2].zone).toBeUndefined();
    await expect(
      resolve({ country: "US" }, [{ ...byPostalCode, resolve: () => [] }]),
    ).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(/"postal code" gave 0 answers for 1/),
    });
  });
});
