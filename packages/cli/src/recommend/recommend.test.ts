import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { random } from "@inchworm/learn";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../program.js";
import { readAdjacency } from "./adjacency.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-recommend-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command prints on stdout, and its exit code. */
async function printed(...argv: string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    return { code: await run(argv), text };
  } finally {
    write.mockRestore();
  }
}

/** Users of three tastes and rows of who had what, each item of a taste but a few. */
function tastes(seed: number): [user: string, item: string, day: string][] {
  const draw = random(seed);
  return Array.from({ length: 1200 }, () => {
    const user = draw.below(90);
    const own = draw.uniform() < 0.9 ? user % 3 : draw.below(3);
    const day = new Date(Date.UTC(2024, 0, 1 + draw.below(300))).toISOString().slice(0, 10);
    return [`Ü${user}`, `item "${own}", ${draw.below(12)}`, day];
  });
}

const csv = (rows: readonly (readonly string[])[]): string =>
  `\uFEFFwho,what,day\r\n${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\r\n")}\r\n`;

describe("inchworm recommend", () => {
  it("judges on its own latest part, and writes a list for everybody", async () => {
    const path = join(folder, "log.csv");
    const out = join(folder, "lists.csv");
    writeFileSync(path, csv(tastes(1)));
    const named = ["--user", "who", "--item", "what", "--time", "day"];
    const { code, text } = await printed(
      "recommend",
      path,
      ...named,
      "--k",
      "5",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    const result = JSON.parse(text);
    expect(Object.keys(result).slice(0, 4)).toEqual(["users", "items", "models", "chosen"]);
    expect(result).toMatchObject({ users: 90, items: 36 });
    const byName = Object.fromEntries(
      result.models.map((model: { name: string }) => [model.name, model]),
    );
    for (const model of result.models)
      for (const key of ["recall", "ndcg", "coverage", "seconds"])
        expect(model[key]).toBeGreaterThanOrEqual(0);
    expect(byName[result.chosen].recall).toBeGreaterThan(byName.popularity.recall);
    const lines = readFileSync(out, "utf8").trim().split("\n");
    expect(lines[0]).toBe("user,rank,item,score,because");
    expect(lines).toHaveLength(1 + 90 * 5);
    const had = new Set(tastes(1).map(([user, item]) => `${user} ${item}`));
    for (const line of lines.slice(1)) {
      const [, user, item] = /^([^,]*),\d,"((?:[^"]|"")*)"/.exec(line) ?? [];
      expect(had.has(`${user} ${item.replaceAll('""', '"')}`)).toBe(false);
    }
  });

  it("writes the chosen model for onnxruntime, which gives the same lists", async () => {
    const path = join(folder, "orders.csv");
    const [out, onnx] = [join(folder, "next.csv"), join(folder, "next.onnx")];
    const rows = tastes(4);
    writeFileSync(path, csv(rows));
    const argv = ["recommend", path, "--user", "who", "--item", "what", "--k", "5"];
    const { code, text } = await printed(...argv, "--out", out, "--onnx", onnx, "--json");
    expect(code).toBe(0);
    const { files } = JSON.parse(text);
    expect(files).toEqual({ lists: out, onnx, items: join(folder, "next.items.json") });
    const items: string[] = JSON.parse(readFileSync(files.items, "utf8"));
    const history = new Float32Array(items.length);
    for (const [user, item] of rows) if (user === "Ü7") history[items.indexOf(item)]++;
    const session = await InferenceSession.create(onnx);
    const dims = [1, items.length];
    // what the models that were chosen look at is asked for, and nothing else
    const all: Record<string, Tensor> = {
      history: new Tensor("float32", history, dims),
      banned: new Tensor("bool", Uint8Array.from(history, Number), dims),
      k: new Tensor("int64", [5n], [1]),
    };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, all[name]]));
    const { items: found } = await session.run(feeds);
    const listed = readFileSync(out, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("Ü7,"))
      .map((line) => /"((?:[^"]|"")*)"/.exec(line)?.[1].replaceAll('""', '"'));
    expect(Array.from(found.data as BigInt64Array, (item) => items[Number(item)])).toEqual(listed);
  });

  it("learns from one file and judges on another, in lines of users and items", async () => {
    const rows = tastes(2);
    const lines = (part: (row: number) => boolean): string => {
      const lists = new Map<string, Set<string>>();
      rows.forEach(([user, item], row) => {
        if (part(row))
          lists.set(user, (lists.get(user) ?? new Set()).add(item.replaceAll(/[", ]/g, "_")));
      });
      return [...lists].map(([user, items]) => [user, ...items].join(" ")).join("\r\n");
    };
    const [train, test] = [join(folder, "train.txt.gz"), join(folder, "test.txt")];
    writeFileSync(train, gzipSync(`${lines((row) => row % 5 > 0)}\n\nlonely\n`));
    writeFileSync(
      test,
      lines((row) => row % 5 === 0),
    );
    const argv = ["recommend", train, "--test", test, "--format", "adjacency", "--json"];
    const { code, text } = await printed(...argv);
    expect(code).toBe(0);
    const result = JSON.parse(text);
    expect(result.method).toBe("the test file");
    expect(result.models.at(-1).name).toBe("blend");
    const again = JSON.parse((await printed(...argv)).text);
    const figures = ({ models }: { models: { seconds?: number }[] }) =>
      models.map(({ seconds: _, ...rest }) => rest);
    expect(figures(again)).toEqual(figures(result));
  });

  it("says what is missing or does not fit", async () => {
    const path = join(folder, "few.csv");
    writeFileSync(path, "who,what\nada,book\ngrace,pen\n");
    const message = async (...argv: string[]) => {
      const { code, text } = await printed("recommend", ...argv, "--json");
      expect(code).toBe(2);
      return JSON.parse(text).error.message;
    };
    expect(await message(path)).toMatch(/Who had what is not known/);
    expect(await message(path, "--format", "json")).toMatch(/--format is/);
    expect(await message(path, "--format", "adjacency", "--user", "who")).toMatch(/no columns/);
    expect(await message(path, "--user", "who", "--item", "what", "--out", path)).toMatch(
      /not overwritten/,
    );
    expect(await message(path, "--user", "who", "--item", "what", "--onnx", "model")).toMatch(
      /an .onnx file/,
    );
    const named = ["--user", "who", "--item", "what"];
    const sequence = ["--sequence-model", "m.onnx"];
    expect(await message(path, ...named, ...sequence)).toMatch(/goes by numbers/);
    sequence.push("--sequence-items", "i.json");
    expect(await message(path, ...named, ...sequence)).toMatch(/what came last/);
    sequence.push("--time", "what", "--onnx", "next.onnx");
    expect(await message(path, ...named, ...sequence)).toMatch(/imported is not written/);
    expect(await message(path, ...named)).toMatch(/nothing to judge/);
    expect(await message(join(folder, "none.txt"), "--format", "adjacency")).toMatch(/no file/);
    writeFileSync(join(folder, "empty.txt"), "ada\n\n");
    expect(await message(join(folder, "empty.txt"), "--format", "adjacency")).toMatch(/no line/);
  });
});

describe("lines of users and items", () => {
  it("may be apart by commas or tabs, and repeat a user", async () => {
    const path = join(folder, "mixed.txt");
    writeFileSync(path, "\uFEFFu1,a, b\nu2\tc\n\nu1 c\n");
    const { users, items } = await readAdjacency(path);
    expect(Array.from(users.codes, (code) => users.levels[code])).toEqual(["u1", "u1", "u2", "u1"]);
    expect(Array.from(items.codes, (code) => items.levels[code])).toEqual(["a", "b", "c", "c"]);
  });
});
