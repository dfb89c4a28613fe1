import type { Explanation, Table } from "../types.js";
import { makeReaders } from "./columns.js";
import type { Forest } from "./forest.js";

/** A leaf with more features on its path is worked out for each row anew. */
const mostRemembered = 12;
/** As many answers to a tree's splits are remembered, and so many splits have their answers in one number. */
const mostAnswers = 1 << 16;
const mostSplits = 31;
/** Fewer rows hardly ever answer alike. */
const fewestRemembered = 100;

/** A leaf and the features on its path, each once. */
interface Path {
  readonly value: number;
  /** Columns, in the order in which the path meets them. */
  readonly columns: Int32Array;
  /** Per column: share of the training rows that go the leaf's way at that column's splits. */
  readonly shares: Float64Array;
  /** Where the mask of the leaf is found after a row's walk. */
  readonly leaf: number;
}

/** A tree, node by node from the root down. */
interface Plan {
  readonly column: Int32Array;
  /** Global node, for thresholds and sets. */
  readonly node: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Bit of the column on the path, and whether an earlier split of the path used it. */
  readonly bit: Int32Array;
  readonly again: Uint8Array;
  readonly paths: readonly Path[];
  readonly mean: number;
  /** The nodes that split, as places in the lists above. */
  readonly splits: Int32Array;
}

/**
 * Exact Shapley values of the margin under the trees' own conditional expectations (path-dependent TreeSHAP: Lundberg et al. 2020,
 * algorithm 2), in double precision: `base` plus a row's contributions is its margin.
 *
 * What a leaf gives to each feature of its path depends only on which of them the row satisfies. That set is found for all leaves
 * of a tree in one walk over its nodes, and what belongs to a set is worked out once and remembered (the idea of Fast TreeSHAP v2,
 * Yang 2021, filled on demand). What a whole tree gives depends only on how the row answers each of its splits: few of the many
 * answers occur, and each is worked out once.
 */
export function explainer(who: string, forest: Forest): (table: Table) => Explanation {
  const readersOf = makeReaders(who, forest.columns);
  let plans: readonly Plan[] | undefined;
  return (table) => {
    const readers = readersOf(table);
    plans ??= Array.from({ length: forest.roots.length - 1 }, (_, tree) =>
      makePlan(forest, forest.roots[tree]),
    );
    const width = forest.columns.length;
    const contributions = new Float64Array(table.rows * width);
    const values = new Float32Array(table.rows * width);
    for (let column = 0; column < width; column++)
      readers[column].read(0, table.rows, values, column, width);
    let base = forest.base;
    for (const plan of plans) {
      base += plan.mean;
      const memories = plan.paths.map(makeMemory);
      const masks = new Int32Array(plan.node.length);
      const row = (at: number, target: Float64Array, to: number) =>
        explainRow(forest, plan, memories, masks, values, at, target, to);
      if (plan.splits.length > mostSplits || table.rows < fewestRemembered)
        for (let at = 0; at < contributions.length; at += width) row(at, contributions, at);
      else explainAlike(questionsOf(forest, plan), values, width, contributions, row);
    }
    return { base, columns: forest.columns.map(({ name }) => name), contributions };
  };
}

function explainRow(
  forest: Forest,
  plan: Plan,
  memories: readonly Memory[],
  masks: Int32Array,
  values: Float32Array,
  at: number,
  contributions: Float64Array,
  to: number,
): void {
  walk(forest, plan, masks, values, at);
  const { paths } = plan;
  for (let index = 0; index < paths.length; index++) {
    const { columns, leaf } = paths[index];
    const memory = memories[index];
    const mask = masks[leaf];
    const from = memory.find(mask);
    const { shares } = memory;
    for (let place = 0; place < columns.length; place++)
      contributions[to + columns[place]] += shares[from + place];
  }
}

/** Which conditions of its path a row satisfies, for each node at once. */
function walk(
  { threshold, set, sets, missing, left: leftOf }: Forest,
  { column, node, left, right, bit, again }: Plan,
  masks: Int32Array,
  values: Float32Array,
  at: number,
): void {
  masks[0] = 0;
  for (let index = 0; index < column.length; index++) {
    if (column[index] < 0) continue;
    const x = values[at + column[index]];
    const here = node[index];
    const goes =
      set[here] >= 0
        ? sets[set[here]][x] === 1
        : x <= threshold[here] || (Number.isNaN(x) && missing[here] === leftOf[here]);
    const mask = masks[index];
    // a second split on a column can only take its bit away
    const without = mask & ~bit[index];
    const kept = again[index] ? mask : mask | bit[index];
    masks[left[index]] = goes ? kept : without;
    masks[right[index]] = goes ? without : kept;
  }
}

/** What a tree asks of a row, split by split. */
interface Questions {
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  /** Whether a missing value goes left. */
  readonly missing: Uint8Array;
  /** Which categories go left; a split on a number has none. */
  readonly sets: readonly (Uint8Array | undefined)[];
  /** Columns, each once. */
  readonly used: Int32Array;
}

function questionsOf(
  { threshold, set, sets, missing, left }: Forest,
  { column, node, splits }: Plan,
): Questions {
  const nodes = splits.map((index) => node[index]);
  const columns = splits.map((index) => column[index]);
  return {
    column: columns,
    threshold: Float64Array.from(nodes, (here) => threshold[here]),
    missing: Uint8Array.from(nodes, (here) => (missing[here] === left[here] ? 1 : 0)),
    sets: Array.from(nodes, (here) => (set[here] >= 0 ? sets[set[here]] : undefined)),
    used: Int32Array.from(new Set(columns)),
  };
}

/** Explains rows that answer a tree's splits alike once. */
function explainAlike(
  { column, threshold, missing, sets, used }: Questions,
  values: Float32Array,
  width: number,
  contributions: Float64Array,
  explainOne: (at: number, target: Float64Array, to: number) => void,
): void {
  const answers = makeAnswers(used.length);
  const own = new Float64Array(width);
  for (let at = 0; at < contributions.length; at += width) {
    let answer = 0;
    for (let bit = 0; bit < column.length; bit++) {
      const x = values[at + column[bit]];
      const among = sets[bit];
      const goes = among
        ? among[x]
        : x <= threshold[bit]
          ? 1
          : x >= threshold[bit]
            ? 0
            : missing[bit];
      answer |= goes << bit;
    }
    let from = answers.find(answer);
    if (from < 0) {
      from = answers.add(answer);
      if (from < 0) {
        explainOne(at, contributions, at);
        continue;
      }
      own.fill(0);
      explainOne(at, own, 0);
      for (let place = 0; place < used.length; place++)
        answers.shares[from + place] = own[used[place]];
    }
    const { shares } = answers;
    for (let place = 0; place < used.length; place++)
      contributions[at + used[place]] += shares[from + place];
  }
}

interface Answers {
  /** What belongs to the answers, `width` numbers each. */
  readonly shares: Float64Array;
  /** Where the numbers of an answer begin; -1 = not known. */
  find(answer: number): number;
  /** Makes room for an answer that is not known; -1 = there are too many. */
  add(answer: number): number;
}

/** A hash table with open addressing that doubles when half full. */
function makeAnswers(width: number): Answers {
  let size = 256;
  let keys = new Int32Array(size);
  let places = new Int32Array(size).fill(-1);
  let shares = new Float64Array((size / 2) * width);
  let count = 0;
  const slotOf = (answer: number): number => {
    let slot = (Math.imul(answer, 0x9e3779b1) >>> 7) & (size - 1);
    while (places[slot] >= 0 && keys[slot] !== answer) slot = (slot + 1) & (size - 1);
    return slot;
  };
  const put = (answer: number, place: number): void => {
    const slot = slotOf(answer);
    keys[slot] = answer;
    places[slot] = place;
  };
  return {
    get shares() {
      return shares;
    },
    find: (answer) => places[slotOf(answer)],
    add(answer) {
      if (count === mostAnswers) return -1;
      if (count === size / 2) {
        const [oldKeys, oldPlaces] = [keys, places];
        size *= 2;
        keys = new Int32Array(size);
        places = new Int32Array(size).fill(-1);
        for (let slot = 0; slot < oldKeys.length; slot++)
          if (oldPlaces[slot] >= 0) put(oldKeys[slot], oldPlaces[slot]);
        const more = new Float64Array((size / 2) * width);
        more.set(shares);
        shares = more;
      }
      put(answer, count * width);
      return count++ * width;
    },
  };
}

interface Memory {
  readonly shares: Float64Array;
  /** Where the contributions of a set of satisfied features begin in `shares`. */
  find(mask: number): number;
}

function makeMemory(path: Path): Memory {
  const size = path.columns.length;
  const scratch = new Float64Array(2 * size + 2);
  if (size > mostRemembered) {
    const shares = new Float64Array(size);
    return {
      shares,
      find(mask) {
        contribute(path, mask, scratch, shares, 0);
        return 0;
      },
    };
  }
  const known = new Uint8Array(1 << size);
  const shares = new Float64Array(size << size);
  return {
    shares,
    find(mask) {
      if (known[mask] === 0) {
        known[mask] = 1;
        contribute(path, mask, scratch, shares, mask * size);
      }
      return mask * size;
    },
  };
}

/**
 * What a leaf contributes to each feature of its path when the row satisfies those in `mask`: with z the shares and o = 0 or 1,
 * (o − z) · value · Σ_S |S|! (d − 1 − |S|)! / d! · Π_{j ∈ S} o_j · Π_{j ∉ S} z_j over the other features. The sum over sets of one
 * size is a coefficient of Π (z_j + o_j y); one factor is divided out at a time, from the top, where errors shrink as z ≤ 1.
 */
function contribute(
  { value, shares }: Path,
  mask: number,
  scratch: Float64Array,
  target: Float64Array,
  at: number,
): void {
  const size = shares.length;
  if (size === 0) return;
  let unmet = 1;
  let met = 0;
  scratch[0] = 1;
  for (let place = 0; place < size; place++) {
    if (!((mask >> place) & 1)) {
      unmet *= shares[place];
      continue;
    }
    scratch[met + 1] = scratch[met];
    for (let power = met; power > 0; power--)
      scratch[power] = scratch[power - 1] + shares[place] * scratch[power];
    scratch[0] *= shares[place];
    met++;
  }
  // |S|! (d − 1 − |S|)! / d! for |S| = 0 … met
  const weights = size + 1;
  scratch[weights] = 1 / size;
  for (let power = 1; power <= Math.min(met, size - 1); power++)
    scratch[weights + power] = (scratch[weights + power - 1] * power) / (size - power);
  let whole = 0;
  for (let power = 0; power <= Math.min(met, size - 1); power++)
    whole += scratch[power] * scratch[weights + power];
  for (let place = 0; place < size; place++) {
    if (!((mask >> place) & 1)) {
      // the factor is z alone: (0 − z) · (unmet / z) · Σ
      target[at + place] = -value * unmet * whole;
      continue;
    }
    let quotient = scratch[met];
    let sum = quotient * scratch[weights + met - 1];
    for (let power = met - 1; power > 0; power--) {
      quotient = scratch[power] - shares[place] * quotient;
      sum += quotient * scratch[weights + power - 1];
    }
    target[at + place] = (1 - shares[place]) * value * unmet * sum;
  }
}

function makePlan(forest: Forest, root: number): Plan {
  const order: number[] = [root];
  for (let index = 0; index < order.length; index++) {
    const node = order[index];
    if (forest.feature[node] >= 0) order.push(forest.left[node], forest.right[node]);
  }
  const place = new Map(order.map((node, index) => [node, index]));
  const count = order.length;
  const plan = {
    column: Int32Array.from(order, (node) => forest.feature[node]),
    node: Int32Array.from(order),
    left: new Int32Array(count),
    right: new Int32Array(count),
    bit: new Int32Array(count),
    again: new Uint8Array(count),
  };
  const paths: Path[] = [];
  let mean = 0;
  const visit = (index: number, columns: readonly number[], shares: readonly number[]): void => {
    const node = order[index];
    const column = forest.feature[node];
    if (column < 0) {
      const value = forest.value[node];
      mean += value * shares.reduce((product, share) => product * share, 1);
      paths.push({
        value,
        columns: Int32Array.from(columns),
        shares: Float64Array.from(shares),
        leaf: index,
      });
      return;
    }
    const known = columns.indexOf(column);
    const slot = known < 0 ? columns.length : known;
    plan.bit[index] = 1 << slot;
    plan.again[index] = known < 0 ? 0 : 1;
    const longer = known < 0 ? [...columns, column] : columns;
    const total = forest.rows[forest.left[node]] + forest.rows[forest.right[node]];
    for (const child of [forest.left[node], forest.right[node]]) {
      const next = [...shares];
      next[slot] = (next[slot] ?? 1) * (forest.rows[child] / total);
      const at = place.get(child) as number;
      if (child === forest.left[node]) plan.left[index] = at;
      else plan.right[index] = at;
      visit(at, longer, next);
    }
  };
  visit(0, [], []);
  const splits = Int32Array.from(plan.column.keys()).filter((index) => plan.column[index] >= 0);
  return { ...plan, paths, mean, splits };
}
