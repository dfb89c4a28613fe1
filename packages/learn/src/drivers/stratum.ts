import { type Block, blocksOf, type Compare } from "./columns.js";
import { contrastsOf, type Estimate } from "./contrasts.js";
import { fitMixed, type MixedFit } from "./mixed.js";
import { type DesignRow, designRows } from "./rows.js";
import type { Sendings } from "./sendings.js";
import type { Unit } from "./units.js";

/** What was found of one level, by one kind of comparison. */
export interface Finding extends Estimate {
  readonly factor: string;
  readonly level: string;
  readonly freedom: number;
  readonly comparisons: number;
  /** Units that have it. */
  readonly units: Int32Array;
}

export interface Stratum {
  readonly findings: readonly Finding[];
  readonly fit: MixedFit;
}

/** Fewer degrees of freedom than this tell nothing of the noise. */
const leastFreedom = 4;

export interface StratumOptions {
  readonly compare: Compare;
  readonly comparisons: number;
  readonly terms: number;
  readonly signal?: AbortSignal | undefined;
}

/** The blocks of units, ready to be fitted with any fixed columns. */
export function prepared(sendings: Sendings, units: readonly Unit[], options: StratumOptions) {
  const blocks = blocksOf(sendings, units, options);
  const on = units.map((): number[] => []);
  const starts: number[] = [];
  let column = 0;
  const families = new Map<string, number>();
  for (const block of blocks) {
    starts.push(column);
    for (const { units: own } of block.features) {
      for (const unit of own) on[unit].push(column);
      column++;
    }
    if (block.rest.length > 0) {
      for (const unit of block.rest) on[unit].push(column);
      column++;
    }
    families.set(block.factor, column);
  }
  // blocks of one factor are neighbours: words, then style, then each factor
  const ends = [...families.values()];
  const sizes = ends.map((end, at) => end - (ends[at - 1] ?? 0));
  return { blocks, on, starts, sizes, names: [...families.keys()], columns: column, units };
}

export type Prepared = ReturnType<typeof prepared>;

/** Fits, with fixed columns beside. Nothing where there is too little to tell the noise. */
export async function fitted(
  { on, sizes, units }: Prepared,
  fixed: readonly (readonly number[])[],
  groups: Parameters<typeof fitMixed>[1],
  signal: AbortSignal | undefined,
): Promise<MixedFit | undefined> {
  const rows = units.map(
    (unit, at): DesignRow => ({
      group: unit.group,
      shown: unit.shown,
      clicked: unit.clicked,
      fixed: fixed[at] ?? [],
      on: on[at],
    }),
  );
  const width = fixed[0]?.length ?? 0;
  const count = new Set(units.map(({ group }) => group)).size;
  const most = (groups === "own-level" ? rows.length - count : count) - width;
  if (most < leastFreedom) return undefined;
  return fitMixed(designRows(rows, width, sizes), groups, signal);
}

/** What the fit says of every level. */
export function findingsOf(
  { blocks, starts, names, columns }: Prepared,
  fit: MixedFit,
  fixed: number,
): Finding[] {
  return blocks.flatMap((block, at) => {
    const variance = fit.variances[names.indexOf(block.factor)];
    const counts = countsOf(block);
    const estimates = contrastsOf(fit, fixed + columns, {
      from: fixed + starts[at],
      variance,
      counts,
    });
    return block.features.map((feature, index) => ({
      ...estimates[index],
      factor: feature.factor,
      level: feature.level,
      freedom: fit.freedom,
      comparisons: feature.comparisons,
      units: feature.units,
    }));
  });
}

const countsOf = ({ features, rest }: Block): number[] => [
  ...features.map(({ units }) => units.length),
  ...(rest.length > 0 ? [rest.length] : []),
];
