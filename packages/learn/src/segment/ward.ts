/** Two branches of a tree become one. Leaves are numbered from 0, the branch made by the first merge is number `leaves`, and so on. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  /** By how much the sum of squared distances grows. Never less than that of the merge before. */
  readonly height: number;
}

/** The tree over weighted centres that joins at each step the two branches whose union is tightest (Ward 1963). */
export function ward(centers: Float64Array, weights: Float64Array): Merge[] {
  const leaves = weights.length;
  const size = centers.length / leaves;
  const branches = Array.from({ length: leaves }, (_, leaf) => ({
    node: leaf,
    weight: weights[leaf],
    center: centers.slice(leaf * size, (leaf + 1) * size),
  }));
  const merges: Merge[] = [];
  while (branches.length > 1) {
    let least = Infinity;
    let pair: [number, number] = [0, 1];
    for (let left = 0; left < branches.length; left++)
      for (let right = left + 1; right < branches.length; right++) {
        const one = branches[left];
        const other = branches[right];
        let square = 0;
        for (let axis = 0; axis < size; axis++)
          square += (one.center[axis] - other.center[axis]) ** 2;
        const weight = one.weight + other.weight;
        const cost = weight > 0 ? (square * one.weight * other.weight) / weight : 0;
        if (cost < least) {
          least = cost;
          pair = [left, right];
        }
      }
    const [left, right] = pair;
    const one = branches[left];
    const [other] = branches.splice(right, 1);
    const weight = one.weight + other.weight;
    branches[left] = {
      node: leaves + merges.length,
      weight,
      center: one.center.map((coordinate, axis) =>
        weight > 0
          ? (coordinate * one.weight + other.center[axis] * other.weight) / weight
          : coordinate,
      ),
    };
    merges.push({ left: one.node, right: other.node, height: least });
  }
  return merges;
}

/** The branch of each leaf when the tree is cut into so many; branches are numbered from 0 in the order of their first leaf. */
export function cut(merges: readonly Merge[], branches: number): Int32Array {
  const leaves = merges.length + 1;
  const above = new Int32Array(leaves + merges.length).fill(-1);
  for (let step = 0; step < leaves - Math.max(1, branches); step++) {
    above[merges[step].left] = leaves + step;
    above[merges[step].right] = leaves + step;
  }
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: leaves }, (_, leaf) => {
    let top = leaf;
    while (above[top] >= 0) top = above[top];
    const number = numbers.get(top) ?? numbers.size;
    numbers.set(top, number);
    return number;
  });
}
