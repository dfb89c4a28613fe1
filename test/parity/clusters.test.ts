import { adjustedRandIndex, gaussianMixture, kmeans, segmentation } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { haveData, readRows, toTable } from "./tables.js";

// Reference: scikit-learn 1.9 KMeans on z-scored columns, true number of groups, best of 20 k-means++ starts. s-set of Fränti &
// Virmajoki 2006, R15 and D31 of Veenman et al. 2002.
const published = [
  { file: "s-set1", clusters: 15, index: 0.995, inertia: 154.608 },
  { file: "s-set2", clusters: 15, index: 0.9577, inertia: 257.636 },
  { file: "R15", clusters: 15, index: 0.9928, inertia: 10.205 },
  { file: "D31", clusters: 31, index: 0.9548, inertia: 68.85 },
];

describe.skipIf(!haveData)("clusters of points with known groups", () => {
  it.each(published)(
    "kmeans gives scikit-learn's groups on $file",
    async ({ file, clusters, index, inertia }) => {
      const rows = readRows(`labelled-clusters/${file}.csv`);
      const labels = rows.rows.map((row) => Number(row[rows.header.indexOf("label")]));
      const table = toTable(rows, ["label"]);
      const model = await kmeans({ clusters, seed: 1 }).fit(table);
      expect(Math.abs(model.inertia / inertia - 1)).toBeLessThan(0.001);
      expect(adjustedRandIndex(model.assign(table), labels)).toBeGreaterThan(index - 0.002);
    },
  );

  it.each(published)(
    "segmentation finds those groups on $file without being told how many",
    async ({ file, clusters, index }) => {
      const rows = readRows(`labelled-clusters/${file}.csv`);
      const labels = rows.rows.map((row) => Number(row[rows.header.indexOf("label")]));
      const table = toTable(rows, ["label"]);
      const model = await segmentation({ seed: 1 }).fit(table);
      expect(model.clusters).toBe(clusters);
      expect(adjustedRandIndex(model.assign(table), labels)).toBeGreaterThan(index - 0.002);
      expect(model.stability).toBeGreaterThan(0.9);
    },
  );

  it("a mixture chooses the 15 groups of R15 by itself", async () => {
    const rows = readRows("labelled-clusters/R15.csv");
    const table = toTable(rows, ["label"]);
    const model = await gaussianMixture({ clusters: [12, 14, 15, 16, 18], seed: 1 }).fit(table);
    expect(model.clusters).toBe(15);
    const labels = rows.rows.map((row) => Number(row[rows.header.indexOf("label")]));
    expect(adjustedRandIndex(model.assign(table), labels)).toBeGreaterThan(0.99);
  });
});
