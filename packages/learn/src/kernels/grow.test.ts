import { describe, expect, it } from "vitest";
import { type GrowInput, grow } from "../tree/grow.js";
import { plantedTable } from "../tree/planted.fixture.js";
import { growTwin } from "./grow.twin.js";
import * as layout from "./layout.js";

const base = {
  order: undefined,
  weights: undefined,
  shift: 0,
  scale: 1,
  start: [0.25],
  objective: layout.BINARY,
  bounds: { gradient: 1, hessian: 0.25 },
  quantile: 0.5,
  monotone: new Map<number, number>(),
  trees: 4,
  learningRate: 0.3,
  leaves: 12,
  maxDepth: 30,
  minRows: 5,
  minHessian: 1e-3,
  minGain: 0,
  l2: 1,
  bins: 255,
  rowSampling: 1,
  columnSampling: 1,
  seed: 7,
  reorderFrom: Infinity,
  bundleFrom: Infinity,
  threads: 1,
  signal: undefined,
  onRound: () => false,
} satisfies Partial<GrowInput>;

const { table, labels, odds, weights } = plantedTable(1501, 4);
const data = { ...base, table, rows: 1501, trained: 1501, labels };
const counts = odds.map((value) => Math.max(0, Math.round(value)));
const order = Uint32Array.from({ length: 1501 }, (_, place) => (place * 7) % 1501);
const none = { gradient: 0, hessian: 0 };

const cases: Record<string, GrowInput> = {
  binary: data,
  "with weights": { ...data, weights },
  "rows in another order, some kept back": { ...data, order, trained: 1202 },
  "rows put in the order of the first tree": {
    ...data,
    weights,
    order,
    trained: 1202,
    reorderFrom: 1,
  },
  "features of few bins share histograms, rows put in order": {
    ...data,
    bins: 12,
    order,
    trained: 1202,
    weights,
    bundleFrom: 1,
    reorderFrom: 1,
  },
  "features of few bins share histograms, rows and columns drawn": {
    ...data,
    bins: 12,
    rowSampling: 0.7,
    columnSampling: 0.6,
    bundleFrom: 1,
  },
  "features of few bins share histograms, all in one": { ...data, bins: 3, bundleFrom: 1 },
  "a constraint, features of few bins share histograms": {
    ...data,
    bins: 40,
    monotone: new Map([[0, 1]]),
    bundleFrom: 1,
  },
  "few bins, no ridge, deep and narrow": { ...data, bins: 5, l2: 0, maxDepth: 3, leaves: 40 },
  "rows and columns drawn": { ...data, rowSampling: 0.5, columnSampling: 0.6 },
  "a constraint each way": {
    ...data,
    monotone: new Map([
      [0, 1],
      [3, -1],
    ]),
    leaves: 25,
  },
  "a gain worth having, a leaf of some size": { ...data, minGain: 1, minRows: 60, minHessian: 9 },
  "squared error": {
    ...data,
    objective: layout.SQUARED_ERROR,
    labels: odds,
    bounds: none,
    shift: 0.5,
    scale: 4,
    start: [0],
  },
  poisson: { ...data, objective: layout.POISSON, labels: counts, bounds: none, weights },
  "poisson without weights, rows drawn": {
    ...data,
    objective: layout.POISSON,
    labels: counts,
    bounds: none,
    rowSampling: 0.7,
  },
  quantile: {
    ...data,
    objective: layout.QUANTILE,
    labels: odds,
    quantile: 0.8,
    bounds: { gradient: 0.8, hessian: 1 },
  },
  "weighted quantile": {
    ...data,
    objective: layout.QUANTILE,
    labels: odds,
    weights,
    bounds: { gradient: 1, hessian: 1 },
  },
  "several classes, reordered": {
    ...data,
    objective: layout.MULTICLASS,
    labels: labels.map((label, row) => label + (row % 2)),
    start: [-1, -0.5, -1.5],
    bounds: { gradient: 1, hessian: 0.375 },
    reorderFrom: 1,
  },
  multiclass: {
    ...data,
    objective: layout.MULTICLASS,
    labels: labels.map((label, row) => label + (row % 2)),
    start: [-1, -0.5, -1.5],
    bounds: { gradient: 1, hessian: 0.375 },
  },
};

const largeRows = 66_001;
const large = plantedTable(largeRows, 6);
const largeData = {
  ...base,
  table: large.table,
  rows: largeRows,
  trained: largeRows - 200,
  labels: large.labels,
  trees: 2,
  leaves: 5,
  bundleFrom: 1,
};
const largeCases: Record<string, GrowInput> = {
  "gradients of 16 bits": { ...largeData, reorderFrom: 1 },
  "weights within 16 bits, rows drawn": {
    ...largeData,
    weights: large.weights.map((weight) => (weight > 1 ? 1 : 0.999)),
    rowSampling: 0.9,
  },
  "weights beyond 16 bits": { ...largeData, weights: large.weights, leaves: 3 },
};

describe("growing trees in WebAssembly", () => {
  for (const [name, input] of Object.entries({ ...cases, ...largeCases }))
    it(`agrees with plain TypeScript to the last bit: ${name}`, async () => {
      const seen: Float32Array[][] = [];
      const onRound = (_: number, margins: readonly Float32Array[]): boolean => {
        seen.push(margins.map((column) => column.slice()));
        return false;
      };
      const grown = await grow({ ...input, onRound });
      const kernelMargins = seen.splice(0);
      expect(grown.rounds.length).toBeGreaterThan(0);
      expect(grown.rounds[0][0].feature.length).toBeGreaterThan(4);
      expect(await grow({ ...input, threads: 2 })).toEqual(grown);
      expect(grown).toEqual(growTwin({ ...input, onRound }));
      expect(kernelMargins).toEqual(seen);
    });
});
