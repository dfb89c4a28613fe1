import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, subjectLines } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { afterAll, describe, expect, it } from "vitest";
import { lineColumns } from "./columns.js";
import { messagesFile, tellMessages } from "./messages-file.js";
import { readLines } from "./read-lines.js";
import { loadLines } from "./saved-lines.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-text-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function write(content: string, extension = "csv"): string {
  const path = join(folder, `file-${files++}.${extension}`);
  writeFileSync(path, content);
  return path;
}
const quiet = { signal: new AbortController().signal, onProgress() {} };

const campaigns = write(
  "\ufeffCampaign ID;Subject;Sent;Unique Clicks;picture\r\n" +
    '1;"Hello; ""you""";100;10;a\r\n1;Guten Tag;100;5;a\r\n1;今日は;100;7;b\r\n2;Hello;0;0;a\r\n2;Hi;;3;a\r\n',
);

describe("a file of tested lines", () => {
  it("is read by common names of columns, and lines are compared only where all is the same", async () => {
    const columns = await lineColumns(campaigns, {}, undefined);
    expect(columns).toEqual({
      text: "Subject",
      group: "Campaign ID",
      shown: "Sent",
      clicked: "Unique Clicks",
    });
    const { trials, notes } = await readLines(campaigns, { columns, same: ["picture"], ...quiet });
    expect(trials.texts).toEqual(['Hello; "you"', "Guten Tag", "今日は", "Hello"]);
    expect(trials.campaigns).toEqual([0, 0, 1, 2]);
    expect(notes.join(" ")).toContain("1 line without how often");
  });

  it("says which column is not there, and when more clicked than were shown it", async () => {
    const bare = write("a,b\nx,1\ny,2\n");
    await expect(lineColumns(bare, {}, undefined)).rejects.toSatisfy(
      (error) => InchwormError.is(error, "input") && /--text/.test(error.message),
    );
    const wrong = write("text,test,shown,clicked\nx,1,10,11\ny,1,10,1\n");
    const columns = await lineColumns(wrong, {}, undefined);
    await expect(readLines(wrong, { columns, ...quiet })).rejects.toThrow(
      'has more in "clicked" than in "shown"',
    );
  });

  it.each([
    [
      "three campaigns",
      "a,x one,1000,40\na,y two,1000,30\nb,x,900,9\nb,z,900,8\nc,q,10,0\nc,w,10,0\n",
      3,
    ],
    ["one campaign", "a,x one,1000,40\na,y two,1000,30\n", 1],
    ["no pairs", "a,x one,1000,40\nb,y two,1000,30\nc,z,0,0\n", 0],
    ["the same line twice", "a,x one,1000,40\na,x one ,1000,30\n", 0],
    ["huge and no clicks", "a,x,1e15,0\na,y,1e15,1e15\nb,x,5,0\nb,y,5,0\n", 2],
    [
      "any script",
      'a,"multi\nline ""q""",100,5\na,🎉 عرض خاص,100,9\nb,今日のお得,1000,20\nb,明日,1000,25\n',
      2,
    ],
  ])("answers by the declared prior with %s", async (_, rows, contests) => {
    const file = write(`campaign,subject,sent,clicks\n${rows}`);
    const columns = await lineColumns(file, {}, undefined);
    const { trials } = await readLines(file, { columns, ...quiet });
    const model = await subjectLines().fit(trials);
    expect(model.prior?.because).toContain("before the same people");
    expect(model.proof.contests).toBe(contests);
    for (const { effect, low, high } of model.score(["x one", "", "🎉", "今日"])) {
      expect(low).toBeLessThanOrEqual(effect);
      expect(high).toBeGreaterThanOrEqual(effect);
    }
    expect(JSON.stringify([model.proof, model.prior, model.words])).not.toContain("NaN");
  });

  it("a saved model is told from anything else", async () => {
    expect(() => loadLines(join(folder, "none.json"))).toThrow("There is no model");
    expect(() => loadLines(write("{", "json"))).toThrow("not JSON");
    expect(() => loadLines(write('{"format":"inchworm","kind":"kmeans"}', "json"))).toThrow(
      "no model that inchworm subjects wrote",
    );
    const draws = random(1);
    const texts = Array.from({ length: 60 }, (_, at) => `line ${at} ${at % 2 ? "free" : "new"}`);
    const model = await subjectLines({ folds: 2 }).fit({
      texts,
      campaigns: texts.map((_, at) => at >> 1),
      shown: texts.map(() => 1000),
      clicked: texts.map((_, at) => 40 + (at % 2 ? 20 : 0) + draws.below(5)),
    });
    const back = loadLines(write(JSON.stringify(model.save()), "json"));
    expect(back.score(["free"])).toEqual(model.score(["free"]));
    expect(back.score(["free line"])[0].effect).toBeGreaterThan(back.score(["new line"])[0].effect);
  });
});

describe("messages", () => {
  const lines = (from: number, size: number) =>
    Array.from({ length: size }, (_, at) =>
      (from + at) % 2
        ? `where is parcel ${from + at},late`
        : `"love it, thanks ${from + at}",praise`,
    ).join("\n");
  const train = write(`text,label\n${lines(0, 60)}\n`);
  const options = { text: "text", label: "label", seed: 1, ...quiet };

  it("are judged by folds, or by a test file whose labels may be new", async () => {
    const { card } = await messagesFile(train, options);
    expect(card).toMatchObject({
      labels: 2,
      texts: 60,
      judged: 60,
      judgedBy: "folds",
      accuracy: 1,
    });
    const test = write(`text,label\n${lines(100, 10)}\n日本語,other\n`);
    const { card: told } = await messagesFile(train, { ...options, test });
    expect(told.accuracy).toBeCloseTo(10 / 11, 12);
    expect(told.macroF1).toBeCloseTo(2 / 3, 12);
    expect(told.abstained).toBeCloseTo(1 / 11, 12);
    expect(tellMessages(told)[0]).toContain("90.9 % right on 11 texts of the test file");
  });

  it("says what is missing", async () => {
    await expect(messagesFile(train, { ...options, label: "topic" })).rejects.toThrow(
      'has no column "topic"',
    );
    const one = write("text,label\nhello,a\nthere,a\n");
    await expect(messagesFile(one, options)).rejects.toThrow('only "a"');
    await expect(messagesFile(one, { ...options, label: "text" })).rejects.toThrow(
      'both name the column "text"',
    );
  });
});
