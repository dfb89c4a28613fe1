import { expect, it } from "vitest";
import { LearnError } from "../error.js";
import { gradientBoosting } from "./gradient-boosting.js";
import { plantedTable } from "./planted.fixture.js";

// biome-ignore lint/suspicious/noExplicitAny: the artifact is bent in ways its type forbids
type Bend = (forest: any) => void;

it("refuses trees that are none", async () => {
  const { table, labels } = plantedTable(500, 2);
  const estimator = gradientBoosting({ trees: 30 });
  const saved = JSON.stringify((await estimator.fit(table, labels)).save());
  const chain =
    (links: number): Bend =>
    (forest) => {
      const size = 2 * links + 1;
      const fill = (value: (node: number) => number): number[] =>
        Array.from({ length: size }, (_, node) => value(node));
      forest.sizes = [size];
      // each odd node is a leaf, each even one splits
      const isSplit = (node: number): boolean => node % 2 === 0 && node < size - 1;
      forest.feature = fill((node) => (isSplit(node) ? 0 : -1));
      forest.left = fill((node) => (isSplit(node) ? node + 1 : -1));
      forest.right = fill((node) => (isSplit(node) ? node + 2 : -1));
      for (const key of ["threshold", "value", "gain", "missingLeft"]) forest[key] = fill(() => 0);
      forest.rows = fill(() => 1);
      forest.sets = [];
    };
  const bends: Record<string, Bend> = {
    "walks in circles": (forest) => {
      forest.left[1] = 0;
    },
    "has two parents": (forest) => {
      forest.left[0] = 2;
      forest.right[0] = 2;
    },
    "has a child behind the end": (forest) => {
      forest.left[0] = 10_000;
    },
    "claims more nodes than there are": (forest) => {
      forest.sizes[0]++;
    },
    "claims more than memory": (forest) => {
      forest.sizes[0] = 2 ** 50;
    },
    "is too deep": chain(31),
    "has no rows": (forest) => {
      forest.rows[0] = 0;
    },
    "splits a column that is not there": (forest) => {
      forest.feature[0] = 99;
    },
    "says what no float holds": (forest) => {
      forest.value[forest.feature.indexOf(-1)] = 1e300;
    },
    "has a set too many": (forest) => {
      forest.sets.push("00".repeat(32));
    },
    "has a set of something else": (forest) => {
      forest.sets[0] = "zz".repeat(32);
    },
    "splits a number by a set": (forest) => {
      for (const column of forest.columns) delete Object.assign(column, { kind: "number" }).levels;
    },
    "has two columns of one name": (forest) => {
      forest.columns[1].name = forest.columns[0].name;
    },
    "has 300 levels": (forest) => {
      forest.columns[2].levels = Array.from({ length: 300 }, (_, level) => `${level}`);
    },
  };
  const load = (bend: Bend) => {
    const artifact = JSON.parse(saved);
    bend(artifact.data.forest);
    return () => estimator.load(artifact);
  };
  for (const [name, bend] of Object.entries(bends)) {
    let error: unknown;
    try {
      load(bend)();
    } catch (thrown) {
      error = thrown;
    }
    expect([name, LearnError.is(error, "artifact")]).toEqual([name, true]);
  }
  expect(load(() => {})).not.toThrow();
  expect(load(chain(30))).not.toThrow();
});
