import type { Forest } from "./forest.js";
import type { Plan } from "./shap-plan.js";

/** As many answers to a tree's splits are remembered, and so many splits have their answers in one number. */
const mostAnswers = 1 << 16;
const mostSplits = 31;
/** Fewer rows hardly ever answer alike. */
const fewestRemembered = 100;

/** Whether so many rows are worth comparing by their answers to this tree's splits. */
export const answerAlike = ({ splits }: Plan, rows: number): boolean =>
  splits.length <= mostSplits && rows >= fewestRemembered;

/** What a tree asks of a row, split by split. */
export interface Questions {
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  /** Whether a missing value goes left. */
  readonly missing: Uint8Array;
  /** Which categories go left; a split on a number has none. */
  readonly sets: readonly (Uint8Array | undefined)[];
  /** Columns, each once. */
  readonly used: Int32Array;
}

export function questionsOf(
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
export function explainAlike(
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
