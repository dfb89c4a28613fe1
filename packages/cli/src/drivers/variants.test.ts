import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readVariants } from "./read-variants.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-variants-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function write(content: string): string {
  const path = join(folder, `file-${files++}.csv`);
  writeFileSync(path, content);
  return path;
}
const quiet = { signal: new AbortController().signal, onProgress() {} };

describe("a file of variants", () => {
  it("adds up rows of one batch and variant, and keeps batches apart", async () => {
    const path = write(
      "\ufeffSubject;Sent;Opens;Wave;Hours\nHallo;100;10;1;48\n今日;100;12;1;48\nHallo;50;1;2;\nHallo;50;2;2;1.5\n",
    );
    const { variants, batches, columns } = await readVariants(path, {}, quiet);
    expect(columns).toEqual({
      variant: "Subject",
      shown: "Sent",
      clicked: "Opens",
      batch: "Wave",
      hours: "Hours",
    });
    expect(variants).toEqual(["Hallo", "今日"]);
    expect(batches).toEqual([
      {
        name: "1",
        hours: 48,
        counts: { Hallo: { shown: 100, clicked: 10 }, 今日: { shown: 100, clicked: 12 } },
      },
      { name: "2", hours: 1.5, counts: { Hallo: { shown: 100, clicked: 3 } } },
    ]);
  });

  it("says what is missing or cannot be", async () => {
    await expect(readVariants(write("a,b\n1,2\n"), {}, quiet)).rejects.toThrow("--variant");
    const two = write("variant,sent,opens,hours\nA,9,1,1\nA,9,1,2\n");
    await expect(readVariants(two, {}, quiet)).rejects.toThrow('Batch "all" of');
    const word = write("variant,sent,opens\nA,many,1\nB,9,1\n");
    await expect(readVariants(word, {}, quiet)).rejects.toThrow('no readable number in "sent"');
  });
});
