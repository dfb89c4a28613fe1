import { expect, logConstants, type Mixture, narrowest } from "../cluster/em.js";
import { bestRun } from "../cluster/iterate.js";
import type { Points } from "../cluster/points.js";

export interface SearchSettings {
  readonly seed: number;
  readonly starts: number;
}

/** Points sorted into groups by centres, or by centres with widths of their own. */
export interface Grouping {
  readonly clusters: number;
  readonly mixture: Mixture;
  /**
   * −2 · classification log-likelihood + parameters · ln(rows): the less the better. It pays for every group by the rows it
   * splits, and so stops where further groups would only slice one cloud (Celeux & Govaert 1992; Biernacki et al. 2000).
   */
  readonly criterion: number;
}

export type FamilyName = "kmeans" | "gaussian-mixture";

/** A kind of groups, and how to find so many of them. */
export interface Family {
  readonly name: FamilyName;
  find(
    points: Points,
    clusters: number,
    settings: SearchSettings & { readonly from?: Float64Array | undefined },
    signal: AbortSignal | undefined,
  ): Promise<Grouping>;
}

const who = "segmentation";
const iterations = 100;
/** So few groups start anew more often: a wrong start costs more there, and time less. */
const fewGroups = 8;
/** Points that repeat exactly must not be worth any number of groups: none counts as narrower than a tenth of a deviation. */
const leastVariance = 0.01;

/** Round groups of one width: k-means. */
export const round: Family = {
  name: "kmeans",
  async find(points, clusters, settings, signal) {
    const { rows, size } = points;
    const run = await bestRun(
      who,
      points,
      { ...settings, clusters, iterations, tolerance: 1e-4 },
      signal,
    );
    const variance = Math.max(run.inertia / (rows * size), leastVariance);
    let logLikelihood = (-rows * size * Math.log(2 * Math.PI * variance)) / 2;
    logLikelihood -= run.inertia / variance / 2;
    for (const count of run.counts) if (count > 0) logLikelihood += count * Math.log(count / rows);
    return {
      clusters,
      mixture: {
        shares: run.counts.map((count) => count / rows),
        means: run.centers,
        variances: new Float64Array(run.centers.length).fill(variance),
      },
      criterion: -2 * logLikelihood + clusters * (size + 1) * Math.log(rows),
    };
  },
};

/** Groups with a width of their own along each column, by classification EM from k-means. */
export const wide: Family = {
  name: "gaussian-mixture",
  async find(points, clusters, settings, signal) {
    let best: Grouping | undefined;
    // the tightest start in round groups need not lead to the likeliest wide ones
    const starts = clusters <= fewGroups ? settings.starts : Math.max(1, settings.starts / 2);
    for (let start = 0; start < starts; start++) {
      const seed = settings.seed + start * 7919;
      const found = await round.find(
        points,
        clusters,
        { seed, starts: 1, from: start === 0 ? settings.from : undefined },
        signal,
      );
      const next = widened(points, found);
      if (!best || next.criterion < best.criterion) best = next;
    }
    return best as Grouping;
  },
};

function widened(points: Points, { clusters, mixture: start }: Grouping): Grouping {
  const { rows, size } = points;
  const { mixture, classified } = climb(points, start, labelNearest(points, start.means));
  const parameters = clusters * (2 * size + 1) - 1;
  return { clusters, mixture, criterion: -2 * classified + parameters * Math.log(rows) };
}

/** Groups found on some rows, fitted to others. */
export function widenedFrom(points: Points, start: Mixture) {
  const { mixture } = climb(points, start, labelLikeliest(points, start).labels);
  const weights = new Float64Array(points.rows * mixture.shares.length);
  return { mixture, logLikelihood: expect(points, mixture, weights) };
}

/** Classification EM (Celeux & Govaert 1992): every row to its likeliest group, then the groups' moments, until nothing is gained. */
function climb(points: Points, start: Mixture, from: Int32Array) {
  let labels = from;
  let mixture = start;
  let classified = -Infinity;
  for (let iteration = 0; iteration < iterations; iteration++) {
    mixture = moments(points, labels, mixture);
    const next = labelLikeliest(points, mixture);
    labels = next.labels;
    if (!(next.logLikelihood > classified + 1e-6 * points.rows)) break;
    classified = next.logLikelihood;
  }
  return { mixture, classified };
}

function moments({ rows, size, values }: Points, labels: Int32Array, before: Mixture): Mixture {
  const clusters = before.shares.length;
  const counts = new Float64Array(clusters);
  const means = new Float64Array(clusters * size);
  const variances = new Float64Array(clusters * size);
  for (let row = 0, at = 0; row < rows; row++, at += size) {
    const label = labels[row];
    counts[label]++;
    for (let axis = 0; axis < size; axis++) means[label * size + axis] += values[at + axis];
  }
  for (let at = 0; at < means.length; at++) {
    const count = counts[Math.floor(at / size)];
    means[at] = count > 0 ? means[at] / count : before.means[at];
  }
  for (let row = 0, at = 0; row < rows; row++, at += size) {
    const from = labels[row] * size;
    for (let axis = 0; axis < size; axis++)
      variances[from + axis] += (values[at + axis] - means[from + axis]) ** 2;
  }
  for (let at = 0; at < variances.length; at++) {
    const count = counts[Math.floor(at / size)];
    variances[at] =
      count > 0 ? Math.max(leastVariance, variances[at] / count) : before.variances[at];
  }
  return { shares: counts.map((count) => count / rows), means, variances };
}

/** The likeliest group of each row, and the log-likelihood of points and groups together. */
export function labelLikeliest({ rows, size, values }: Points, mixture: Mixture) {
  const { means, shares } = mixture;
  const halves = mixture.variances.map((variance) => 0.5 / Math.max(variance, narrowest));
  const constants = logConstants(mixture, size);
  const labels = new Int32Array(rows);
  let logLikelihood = 0;
  for (let row = 0, from = 0; row < rows; row++, from += size) {
    let most = -Infinity;
    for (let cluster = 0, at = 0; cluster < shares.length; cluster++) {
      let log = constants[cluster];
      for (let axis = 0; axis < size; axis++, at++)
        log -= (values[from + axis] - means[at]) ** 2 * halves[at];
      if (log > most) {
        most = log;
        labels[row] = cluster;
      }
    }
    logLikelihood += most;
  }
  return { labels, logLikelihood };
}

export function labelNearest({ rows, size, values }: Points, means: Float64Array): Int32Array {
  const labels = new Int32Array(rows);
  for (let row = 0, from = 0; row < rows; row++, from += size) {
    let least = Infinity;
    for (let at = 0; at < means.length; at += size) {
      let square = 0;
      for (let axis = 0; axis < size; axis++)
        square += (values[from + axis] - means[at + axis]) ** 2;
      if (square < least) {
        least = square;
        labels[row] = at / size;
      }
    }
  }
  return labels;
}

/** The group of each row. */
export const labelsOf = (name: FamilyName, points: Points, { mixture }: Grouping): Int32Array =>
  name === "kmeans" ? labelNearest(points, mixture.means) : labelLikeliest(points, mixture).labels;
