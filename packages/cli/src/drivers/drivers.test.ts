import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivers, random } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { banded } from "./bands.js";
import { hourOf } from "./hour-of.js";
import { readCampaigns } from "./read-campaigns.js";
import { tellDrivers } from "./tell.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-drivers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function write(content: string, extension = "csv"): string {
  const path = join(folder, `file-${files++}.${extension}`);
  writeFileSync(path, content);
  return path;
}
const quiet = { signal: new AbortController().signal, onProgress() {} };

describe("a file of campaigns", () => {
  it("is read by common names of columns, and says which", async () => {
    const path = write(
      "\ufeffCampaign ID;Subject;Sent;Unique Clicks;Audience;Sent At;Colour;offer\r\n" +
        '1;"Hello; ""you""";1.000;10;vip;2026-01-05 09:30;red;\r\n' +
        "1;今日は;1.000;12;vip;2026-01-05 09:30;blue;gift\r\n" +
        "2;Hi;500;;rest;2026-01-11 21:00;red;gift\r\n" +
        "3;Hey;500;5;;2026-01-11 21:00;red;gift\r\n".repeat(60),
    );
    const { trials, columns, notes } = await readCampaigns(path, { ...quiet, decimal: "," });
    expect(columns).toMatchObject({
      text: "Subject",
      group: "Campaign ID",
      shown: "Sent",
      clicked: "Unique Clicks",
      segment: "Audience",
      sentAt: "Sent At",
      factors: ["Colour", "offer"],
    });
    expect(notes[0]).toContain('--segment "Audience"');
    expect(notes.join(" ")).toContain("1 row without how often");
    expect(Array.from(trials.shown).slice(0, 3)).toEqual([1000, 1000, 500]);
    expect(trials.segments?.slice(0, 3)).toEqual(["vip", "vip", undefined]);
    expect(trials.factors?.offer.slice(0, 3)).toEqual([undefined, "gift", "gift"]);
    expect(trials.factors?.weekday.slice(1, 3)).toEqual(["Monday", "Sunday"]);
    expect(trials.texts?.[0]).toBe('Hello; "you"');
    expect(Array.from(trials.groups ?? []).slice(0, 3)).toEqual([0, 0, 1]);
  });

  it("reads hours however they are written, and on the clock that is asked for", async () => {
    expect(["9", "09:30", "9 pm", "12 am", "21 Uhr", "24"].map(hourOf)).toEqual([
      9, 9, 21, 0, 21, 0,
    ]);
    expect(["noon", "25", "13 pm", ""].map(hourOf)).toEqual([NaN, NaN, NaN, NaN]);
    const rows = Array.from({ length: 20 }, () => "100,5,2026-07-01T12:00:00Z");
    const path = write(`shown,clicked,sent_at\n${rows.join("\n")}\n`);
    const { trials } = await readCampaigns(path, { ...quiet, timeZone: "Europe/Berlin" });
    expect(trials.factors?.hour[0]).toBe("14");
    const days = write(`shown,clicked,date\n${rows.map(() => "100,5,2026-07-01").join("\n")}\n`);
    const read = await readCampaigns(days, quiet);
    expect(read.trials.factors?.hour).toBeUndefined();
    expect(read.trials.factors?.weekday[0]).toBe("Wednesday");
    expect(read.notes.join(" ")).toContain("days without hours");
  });

  it("tells many different numbers in bands", () => {
    expect(banded(["5", "10", undefined])).toEqual(["5", "10", undefined]);
    const many = banded(Array.from({ length: 100 }, (_, at) => String(at)));
    expect([...new Set(many)]).toEqual(["< 25", "25 to < 50", "50 to < 75", "≥ 75"]);
  });

  it("says what is missing or cannot be", async () => {
    const refused = async (content: string, options: object, says: RegExp) =>
      expect(readCampaigns(write(content), { ...quiet, ...options })).rejects.toSatisfy(
        (error) => InchwormError.is(error, "input") && says.test(`${error.message} ${error.hint}`),
      );
    await refused("a,b\nx,1\n", {}, /no column that looks like --shown.*"a", "b"/);
    await refused("shown,clicked\n10,11\n", {}, /1 row of .* has more in "clicked".*line 2/);
    await refused("shown,clicked\nmany,few\nmore,less\n", {}, /2 of 2 rows.*line 2/);
    await refused("shown,clicked\n10,1\n", { factor: ["color"] }, /no column "color"/);
    await refused("shown,clicked,t\n10,1,soon\n", { sentAt: "t" }, /time/);
    await refused("shown,clicked\n", {}, /no rows/);
  });

  it("looks at pictures, and tells by row which cannot be read", async () => {
    const paint = async (name: string, background: string) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background } })
        .png()
        .toFile(join(folder, name));
    await paint("red.png", "#c81e1e");
    await paint("blue.png", "#1e50c8");
    writeFileSync(join(folder, "broken.png"), "no picture");
    const names = ["red.png", "blue.png", "red.png", "broken.png", "none.jpg", "", "https://a.b/c"];
    const path = write(
      `shown,clicked,banner\n${names.map((name) => `100,3,${name}`).join("\n")}\n`,
    );
    const { trials, images, notes } = await readCampaigns(path, { ...quiet, image: "banner" });
    expect(trials.factors?.["image color"]).toEqual([
      "red",
      "blue",
      "red",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(images?.read).toBe(2);
    expect(images?.failed).toEqual([
      { line: 5, image: "broken.png", reason: "is no picture that can be read" },
      { line: 6, image: "none.jpg", reason: "is not there" },
      { line: 8, image: "c", reason: "is an address, and only files are read" },
    ]);
    expect(notes.join(" ")).toContain("3 rows without a readable picture; the first is line 5");
  });

  it("gives what was planted, in words", async () => {
    const draws = random(1);
    const rows = Array.from({ length: 160 }, (_, at) => {
      const color = ["red", "blue"][draws.below(2)];
      const rate =
        (at % 2 ? 0.05 : 0.02) * (color === "red" ? 1.4 : 1) * (0.9 + 0.2 * draws.uniform());
      return `c${at},${at % 2 ? "vip" : "rest"},${color},5000,${Math.round(5000 * rate)}`;
    });
    const path = write(`campaign,segment,color,sent,clicks\n${rows.join("\n")}\n`);
    const { trials } = await readCampaigns(path, quiet);
    const report = await drivers().fit(trials);
    const lines = tellDrivers(report, 0.1);
    expect(lines[0]).toMatch(/^160 rows, 160 campaigns, 0 of them tests; 4\.\d+ % click$/);
    const red = lines.find((line) => /color {2}red {3,}/.test(line)) ?? "";
    expect(red).toMatch(
      /\+\d\d\.\d % \(\+\d\d\.\d to \+\d\d\.\d\).*points {2}adjusted {2,}q < \.001/,
    );
    expect(lines.at(-1)).toMatch(/^Test next: color "red"/);
  });
});
