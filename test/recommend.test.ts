import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../packages/cli/src/program.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-movielens-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command prints on stdout. */
async function printed(...argv: string[]): Promise<string> {
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await run(argv);
    return text;
  } finally {
    write.mockRestore();
  }
}

const ratings = "../shared/data/movielens-100k/ratings.csv.gz";

describe.skipIf(!existsSync(ratings))("MovieLens-100k", () => {
  it("is recommended from better than by any one of the classic models", {
    timeout: 600_000,
  }, async () => {
    const [names, ...rows] = gunzipSync(readFileSync(ratings)).toString().trim().split("\n");
    const isTest = (line: string): boolean => {
      const [user, item] = line.split(",");
      return hash(`ml${user}:${item}`) < 0.2;
    };
    const [train, test] = [join(folder, "ml-train.csv"), join(folder, "ml-test.csv")];
    writeFileSync(train, [names, ...rows.filter((line) => !isTest(line))].join("\n"));
    writeFileSync(test, [names, ...rows.filter(isTest)].join("\n"));
    const columns = ["--user", "user_id", "--item", "item_id"];
    const text = await printed("recommend", train, "--test", test, ...columns, "--json");
    const { models, chosen } = JSON.parse(text) as {
      models: { name: string; recall: number; ndcg: number }[];
      chosen: string;
    };
    const of = (name: string) => models.find((model) => model.name === name) ?? models[0];
    // reference implementations on the same split, less .003
    for (const [name, recall, ndcg] of [
      ["popularity", 0.1654, 0.2129],
      ["item-knn", 0.3166, 0.3827],
      ["rp3beta", 0.3049, 0.3727],
      ["ease", 0.3537, 0.4352],
      ["ials", 0.3584, 0.4243],
    ] as const) {
      expect(of(name).recall).toBeGreaterThan(recall);
      expect(of(name).ndcg).toBeGreaterThan(ndcg);
    }
    expect(of(chosen).recall).toBeGreaterThanOrEqual(0.365);
    expect(of(chosen).ndcg).toBeGreaterThanOrEqual(0.444);
  });
});

/** FNV-1a, then the finaliser of murmur3, over 2³². */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}
