import type { NumberColumn } from "../table.js";
import type { Table } from "../types.js";
import { type Shape, shaped, unshaped } from "./shape.js";
import { surrogate } from "./surrogate.js";
import {
  clauses,
  type Difference,
  percent,
  ruleText,
  segmentNames,
  short,
  type Words,
} from "./words.js";

export interface Described {
  readonly names: readonly string[];
  readonly descriptions: readonly string[];
  readonly differences: readonly (readonly string[])[];
  readonly fidelity: number;
}

/** A tree has so many leaves, or one for each group where there are more. */
const leastLeaves = 8;

/** Says in words what sets each group apart: differences from the rest, and a rule of a small tree with how far it holds. */
export function describe(
  who: string,
  shapes: readonly Shape[],
  table: Table,
  labels: Int32Array,
  groups: number,
  words: Words,
): Described {
  const tamed = shaped(who, shapes, table).columns as readonly NumberColumn[];
  const means = tamed.map(({ values }) => meanOf(values));
  const raw = shapes.map(({ name }) => table.columns.find((column) => column.name === name));
  const rows = table.rows;
  const values = new Float32Array(rows * shapes.length);
  for (const [axis, column] of (raw as readonly NumberColumn[]).entries()) {
    const typical = unshaped(shapes[axis], means[axis]);
    for (let row = 0; row < rows; row++) {
      const value = column.values[row];
      values[row * shapes.length + axis] = Number.isNaN(value) ? typical : value;
    }
  }
  const columns = raw as readonly NumberColumn[];
  if (groups === 1) return alone(words, shapes, means, columns);
  const differences = contrasts(shapes, tamed, means, labels, groups).map((own, group) =>
    own.map((difference) => {
      const column = columns.find(({ name }) => name === difference.column);
      const level = column && mostOf(column, words, labels, group);
      return level ? { ...difference, level } : difference;
    }),
  );
  const { fidelity, rules } = surrogate(
    values,
    shapes.length,
    labels,
    groups,
    Math.max(leastLeaves, groups),
  );
  const names = shapes.map(({ name }) => name);
  const said = differences.map((own) => clauses(words, own));
  return {
    names: segmentNames(words, differences),
    differences: said,
    fidelity,
    descriptions: said.map((own, group) => {
      const sets = own.length > 0 ? `${own.join("; ")}.` : "Near the middle in every column.";
      const rule = rules[group];
      return rule ? `${sets} ${ruleText(words, names, rule)}` : sets;
    }),
  };
}

function alone(
  words: Words,
  shapes: readonly Shape[],
  means: readonly number[],
  columns: readonly NumberColumn[],
): Described {
  const typical = shapes.map((shape, axis) => {
    const everybody = new Int32Array(columns[axis].values.length);
    const level = mostOf(columns[axis], words, everybody, 0);
    if (level) return `${percent(level.here)} ${level.name}`;
    return `${words[shape.name]?.label ?? shape.name} ${short(unshaped(shape, means[axis]))}`;
  });
  return {
    names: ["everyone"],
    differences: [[]],
    fidelity: 1,
    descriptions: [`All rows: nothing sets any of them apart. Typical are ${typical.join(", ")}.`],
  };
}

/** Of a column whose numbers stand for words: which word a group has more often than the rest, by the most. */
function mostOf(
  { name, values }: NumberColumn,
  words: Words,
  labels: Int32Array,
  group: number,
): Difference["level"] {
  const { levels } = words[name] ?? {};
  if (!levels) return undefined;
  const place = new Map(levels.map(({ value }, index) => [value, index]));
  const counts = levels.map(() => [0, 0]);
  const sizes = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const index = place.get(values[row]);
    if (index === undefined) continue;
    const side = labels[row] === group ? 0 : 1;
    counts[index][side]++;
    sizes[side]++;
  }
  const [here, rest] = sizes.map((size) => Math.max(1, size));
  const shares = counts.map((own) => ({ here: own[0] / here, rest: own[1] / rest }));
  const more = shares.map((share) => share.here - share.rest);
  const most = more.indexOf(Math.max(...more));
  return most < 0 ? undefined : { name: levels[most].name, ...shares[most] };
}

/** Missing values are taken for the mean, as distances do. */
function meanOf(values: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values)
    if (!Number.isNaN(value)) {
      sum += value;
      count++;
    }
  return count > 0 ? sum / count : 0;
}

/** Per group the columns in which it differs, most first. */
function contrasts(
  shapes: readonly Shape[],
  tamed: readonly NumberColumn[],
  means: readonly number[],
  labels: Int32Array,
  groups: number,
): Difference[][] {
  const sizes = new Float64Array(groups);
  for (const label of labels) sizes[label]++;
  const found: Difference[][] = Array.from({ length: groups }, () => []);
  for (const [axis, { name, values }] of tamed.entries()) {
    const sums = new Float64Array(groups);
    let squares = 0;
    for (let row = 0; row < values.length; row++) {
      const value = Number.isNaN(values[row]) ? means[axis] : values[row];
      sums[labels[row]] += value;
      squares += (value - means[axis]) ** 2;
    }
    const deviation = Math.sqrt(squares / values.length);
    const total = sums.reduce((sum, own) => sum + own, 0);
    for (let group = 0; group < groups; group++) {
      if (sizes[group] === 0 || sizes[group] === values.length || !(deviation > 0)) continue;
      const here = sums[group] / sizes[group];
      const rest = (total - sums[group]) / (values.length - sizes[group]);
      found[group].push({
        column: name,
        here: unshaped(shapes[axis], here),
        rest: unshaped(shapes[axis], rest),
        deviations: (here - rest) / deviation,
      });
    }
  }
  for (const own of found)
    own.sort((one, other) => Math.abs(other.deviations) - Math.abs(one.deviations));
  return found;
}
