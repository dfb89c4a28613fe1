import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@inchworm/learn";
import { afterAll, expect, it } from "vitest";
import { recommendFile } from "./recommend-file.js";
import { sequenceModel } from "./sequence-model.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-sequence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Knows 36 items by the numbers 1 to 36: those of the same dozen as the latest of four score 3, all others -3. */
const model = fileURLToPath(new URL("__fixtures__/same-taste.onnx", import.meta.url));
const names = Array.from({ length: 36 }, (_, at) => `taste ${Math.floor(at / 12)} no ${at % 12}`);
const written = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

it("lets a model of one's own race, and says what it does not know", async () => {
  const { below } = random(3);
  const rows = Array.from({ length: 500 }, (_, at) => {
    const user = at % 50;
    return `u${user},${names[12 * (user % 3) + below(12)]},2024-01-${10 + Math.floor(at / 50)}T00:00:${10 + user}`;
  });
  const path = written(
    "log.csv",
    ["who,what,day", ...rows, "u1,a new thing,2024-01-09"].join("\n"),
  );
  const { card } = await recommendFile(path, {
    columns: { user: "who", item: "what", time: "day" },
    sequence: { model, items: written("items.json", [null, ...names]) },
    k: 5,
    seed: 1,
    keep: false,
  });
  const recall = (name: string) => card.models.find((one) => one.name === name)?.recall ?? -1;
  expect(recall("sequence-model")).toBeGreaterThan(1.5 * recall("popularity"));
  expect(card.notes.join(" ")).toMatch(/trained elsewhere.*does not know 1 item/);
});

it("takes numbers by item as well, and says what is wrong with a list", async () => {
  const items = Object.fromEntries(names.map((name, at) => [name, at + 1]));
  const files = { model, items: written("numbers.json", items) };
  expect((await sequenceModel(files, names)).notes).toHaveLength(1);
  const message = async (content: unknown, path = model) =>
    sequenceModel({ model: path, items: written("wrong.json", content) }, names).then(
      () => "none",
      (error: Error) => error.message,
    );
  expect(await message("no json")).toMatch(/is no JSON/);
  expect(await message("12")).toMatch(/holds no list/);
  expect(await message(["a", "a"])).toMatch(/lists an item twice/);
  expect(await message([{ id: 1 }])).toMatch(/no item/);
  expect(await message({ a: -1 })).toMatch(/number that is none/);
  expect(await message(["somewhere else"])).toMatch(/None of the items/);
  expect(await message(names, join(folder, "none.onnx"))).toMatch(/cannot be read/);
});
