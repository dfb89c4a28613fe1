import type { Interactions } from "./types.js";

/** How much there is to learn from. */
export interface Shape {
  readonly users: number;
  readonly items: number;
  readonly pairs: number;
  /** Sum of the squares of the lengths of histories. */
  readonly squares: number;
}

export function shapeOf({ userCount, itemCount, users }: Interactions): Shape {
  const counts = new Float64Array(userCount);
  for (const user of users) counts[user]++;
  let people = 0;
  let squares = 0;
  for (const count of counts) {
    if (count > 0) people++;
    squares += count * count;
  }
  return { users: people, items: itemCount, pairs: users.length, squares };
}

/** As many more users of the same kind as make so many pairs. */
export function grown(shape: Shape, pairs: number): Shape {
  const times = Math.max(1, pairs / Math.max(1, shape.pairs));
  return {
    users: times * shape.users,
    items: shape.items,
    pairs: times * shape.pairs,
    squares: times * shape.squares,
  };
}

/**
 * A contender is out of reach when learning from everything and making lists for everybody would take a core longer: a sixth of half an
 * hour on two cores.
 */
export const reach = 600;
/** Parts of a blend together. */
export const blendReach = 1000;

// About what one core of a server of 2.5 GHz with little else to do gets done in a second: where memory is in the way, and where it is not.
const gathered = 4e9;
const dense = 8e9;
const packed = 45e9;
const visits = 2.5e8;

const listsOf = ({ users, items }: Shape, size: number): number =>
  (2 * users * items * size) / packed;

/** So many steps of conjugate gradient for each of these rows. */
const solved = (rows: number, pairs: number, size: number, steps: number): number =>
  steps * ((4 * pairs * size) / gathered + (2 * rows * size * size) / dense);

/** What each kind of model costs, in core-seconds. */
export const costs = {
  popularity: ({ users, pairs }: Shape): number => (users * 20 + pairs) / visits,
  neighbours: ({ users, pairs, squares }: Shape, neighbours: number): number =>
    (Math.min(squares, mostVisits) + pairs * neighbours + 200 * users) / visits,
  ease: ({ items, pairs, squares }: Shape, neighbours: number): number =>
    items ** 3 / 30e9 + (items ** 2 + squares + pairs * neighbours) / visits,
  spectral: (shape: Shape, size: number, rounds: number): number =>
    (4 * rounds * shape.pairs * size) / gathered + listsOf(shape, size),
  ials: (shape: Shape, size: number, steps: number, foldSteps: number): number =>
    solved(shape.users + shape.items, 2 * shape.pairs, size, steps) +
    solved(shape.users, shape.pairs, size, foldSteps) +
    listsOf(shape, size),
  sequence: ({ users, pairs }: Shape, window: number, neighbours: number): number =>
    (pairs * (window + neighbours + 20) + 200 * users) / visits,
};

/** Co-occurrences looked at, at most: longer histories are then cut. */
export const mostVisits = 5e9;
