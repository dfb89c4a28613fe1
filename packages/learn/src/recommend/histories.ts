import { LearnError } from "../error.js";
import { type Sparse, takeSparseRows } from "./matrix.js";
import type { History, Interactions, SideFeatures } from "./types.js";

/** What users had, a row each: every item once, in the order of items. */
export interface Histories {
  /** Values are summed weights. */
  readonly entries: Sparse;
  /** Per entry the last time; undefined when no times are known. */
  readonly times: Float64Array | undefined;
  readonly segments: Int32Array | undefined;
  readonly itemFeatures?: SideFeatures | undefined;
  readonly userFeatures?: SideFeatures | undefined;
}

/** @throws LearnError "input" naming what cannot be used */
export function historiesOf(who: string, interactions: Interactions): Histories {
  const isInOrder = checkInteractions(who, interactions);
  const { itemFeatures, userFeatures } = interactions;
  return { ...(isInOrder ? ordered : sorted)(interactions), itemFeatures, userFeatures };
}

/** Nothing is copied: of many millions of pairs there is room for one copy. */
function ordered(interactions: Interactions): Histories {
  const { userCount, itemCount, users, items, weights, times, segments } = interactions;
  const pointers = new Int32Array(userCount + 1);
  for (let at = 0; at < users.length; at++) pointers[users[at] + 1]++;
  for (let user = 0; user < userCount; user++) pointers[user + 1] += pointers[user];
  return {
    entries: {
      rows: userCount,
      columns: itemCount,
      pointers,
      indices: items,
      values: weights ?? new Float32Array(users.length).fill(1),
    },
    times,
    segments,
  };
}

function sorted(interactions: Interactions): Histories {
  const { userCount, itemCount, users, items, weights, times, segments } = interactions;
  const count = users.length;
  // by item, then by user: both passes keep the order, so that each row comes out in the order of its items
  const byItem = countingOrder(items, itemCount, undefined);
  const order = countingOrder(users, userCount, byItem);
  const pointers = new Int32Array(userCount + 1);
  const indices = new Int32Array(count);
  const values = new Float32Array(count);
  const last = times && new Float64Array(count);
  let next = 0;
  for (let at = 0; at < count; at++) {
    const from = order[at];
    const user = users[from];
    const isSame = at > 0 && users[order[at - 1]] === user && indices[next - 1] === items[from];
    if (!isSame) {
      indices[next] = items[from];
      pointers[user + 1]++;
      if (last && times) last[next] = times[from];
      next++;
    } else if (last && times) last[next - 1] = Math.max(last[next - 1], times[from]);
    values[next - 1] += weights ? weights[from] : 1;
  }
  for (let user = 0; user < userCount; user++) pointers[user + 1] += pointers[user];
  return {
    entries: {
      rows: userCount,
      columns: itemCount,
      pointers,
      indices: indices.slice(0, next),
      values: values.slice(0, next),
    },
    times: last?.slice(0, next),
    segments,
  };
}

/** One history as a row. */
export function historyOf(who: string, history: History, itemCount: number): Histories {
  const { items, weights, times, segment } = history;
  const interactions: Interactions = {
    userCount: 1,
    itemCount,
    users: new Int32Array(items.length),
    items: Int32Array.from(items),
    ...(weights && { weights: Float32Array.from(weights) }),
    ...(times && { times: Float64Array.from(times) }),
    ...(segment !== undefined && { segments: Int32Array.of(segment) }),
  };
  return historiesOf(who, interactions);
}

export function takeHistories(
  { entries, times, segments }: Histories,
  users: Int32Array,
): Histories {
  const taken = takeSparseRows(entries, users);
  let takenTimes: Float64Array | undefined;
  if (times) {
    takenTimes = new Float64Array(taken.indices.length);
    for (let row = 0; row < users.length; row++)
      takenTimes.set(
        times.subarray(entries.pointers[users[row]], entries.pointers[users[row] + 1]),
        taken.pointers[row],
      );
  }
  return {
    entries: taken,
    times: takenTimes,
    segments: segments && users.map((user) => segments[user]),
  };
}

function countingOrder(
  keys: Int32Array,
  limit: number,
  before: Int32Array | undefined,
): Int32Array {
  const starts = new Int32Array(limit + 1);
  for (const key of keys) starts[key + 1]++;
  for (let key = 0; key < limit; key++) starts[key + 1] += starts[key];
  const order = new Int32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const from = before ? before[at] : at;
    order[starts[keys[from]]++] = from;
  }
  return order;
}

/** @returns whether each pair comes once, by user and then by item */
function checkInteractions(who: string, interactions: Interactions): boolean {
  const { userCount, itemCount, users, items, weights, times, segments } = interactions;
  for (const [name, value] of Object.entries({ userCount, itemCount }))
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** 31)
      throw new LearnError("input", `${who}: "${name}" must be an integer ≥ 0, got ${value}.`);
  const length = (name: string, found: number, wanted: number): void => {
    if (found !== wanted)
      throw new LearnError("input", `${who}: "${name}" has ${found} entries instead of ${wanted}.`);
  };
  length("items", items.length, users.length);
  if (weights) length("weights", weights.length, users.length);
  if (times) length("times", times.length, users.length);
  if (segments) length("segments", segments.length, userCount);
  checkFeatures(who, "itemFeatures", interactions.itemFeatures, itemCount);
  checkFeatures(who, "userFeatures", interactions.userFeatures, userCount);
  let isInOrder = true;
  for (let row = 0; row < users.length; row++) {
    if (row > 0 && isInOrder)
      isInOrder =
        users[row] > users[row - 1] ||
        (users[row] === users[row - 1] && items[row] > items[row - 1]);
    if (!(users[row] >= 0 && users[row] < userCount))
      throw new LearnError("input", `${who}: user ${users[row]} in row ${row} is none.`);
    if (!(items[row] >= 0 && items[row] < itemCount))
      throw new LearnError("input", `${who}: item ${items[row]} in row ${row} is none.`);
    if (weights && !(weights[row] > 0 && weights[row] < Infinity))
      throw new LearnError(
        "input",
        `${who}: weights must be numbers > 0, got ${weights[row]} in row ${row}.`,
        { hint: "Leave out what is no interaction." },
      );
    if (times && !Number.isFinite(times[row]))
      throw new LearnError("input", `${who}: the time in row ${row} is not known.`);
  }
  return isInOrder;
}

function checkFeatures(
  who: string,
  name: string,
  features: SideFeatures | undefined,
  rows: number,
): void {
  if (!features) return;
  const { size, values } = features;
  if (!Number.isSafeInteger(size) || size < 1 || values.length !== size * rows)
    throw new LearnError(
      "input",
      `${who}: "${name}" has ${values.length} values, not ${size} for each of ${rows} rows.`,
    );
  if (values.some((value) => !Number.isFinite(value)))
    throw new LearnError("input", `${who}: "${name}" holds what is no number.`);
}
