import { type Bans, emptyLists, type Lists } from "./best.js";

const f = Math.fround;

/** The inner product as the kernel adds it up, to the last bit. `size` is a multiple of 8. */
export function productTwin(
  one: Float32Array,
  oneAt: number,
  two: Float32Array,
  twoAt: number,
  size: number,
): number {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  for (let at = 0; at < size; at += 8) {
    const x = oneAt + at;
    const y = twoAt + at;
    a0 = f(a0 + f(one[x] * two[y]));
    a1 = f(a1 + f(one[x + 1] * two[y + 1]));
    a2 = f(a2 + f(one[x + 2] * two[y + 2]));
    a3 = f(a3 + f(one[x + 3] * two[y + 3]));
    b0 = f(b0 + f(one[x + 4] * two[y + 4]));
    b1 = f(b1 + f(one[x + 5] * two[y + 5]));
    b2 = f(b2 + f(one[x + 6] * two[y + 6]));
    b3 = f(b3 + f(one[x + 7] * two[y + 7]));
  }
  return f(f(f(a0 + b0) + f(a1 + b1)) + f(f(a2 + b2) + f(a3 + b3)));
}

/** The same lists in plain TypeScript: quicker for a few users, since nothing is copied. */
export function bestTwin(
  users: Float32Array,
  items: Float32Array,
  size: number,
  k: number,
  bans: Bans,
): Lists {
  const userCount = users.length / size;
  const itemCount = items.length / size;
  const lists = emptyLists(userCount, k);
  for (let user = 0; user < userCount; user++) {
    let ban = bans.pointers[user];
    const end = bans.pointers[user + 1];
    const top = topList(k);
    for (let item = 0; item < itemCount; item++) {
      if (ban < end && bans.items[ban] === item) {
        ban++;
        continue;
      }
      top.add(item, productTwin(users, user * size, items, item * size, size));
    }
    top.write(lists, user);
  }
  return lists;
}

/** Keeps the k best; of equal scores the lower item comes first, in whatever order they are added. */
export interface TopList {
  add(item: number, score: number): void;
  /** Writes them best first, and starts anew. */
  write(lists: Lists, row: number): void;
}

export function topList(k: number): TopList {
  const items = new Int32Array(k);
  const scores = new Float64Array(k);
  let count = 0;

  const isWorse = (score: number, item: number, at: number): boolean =>
    score < scores[at] || (score === scores[at] && item > items[at]);

  function sink(score: number, item: number, size: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && isWorse(scores[child + 1], items[child + 1], child)) child++;
      const isPlace = score < scores[child] || (score === scores[child] && item > items[child]);
      if (isPlace) break;
      scores[at] = scores[child];
      items[at] = items[child];
      at = child;
    }
    scores[at] = score;
    items[at] = item;
  }

  return {
    add(item, score) {
      if (count === k) {
        if (k > 0 && !isWorse(score, item, 0)) sink(score, item, k);
        return;
      }
      let at = count++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isWorse(score, item, parent)) break;
        scores[at] = scores[parent];
        items[at] = items[parent];
        at = parent;
      }
      scores[at] = score;
      items[at] = item;
    },
    write(lists, row) {
      for (let last = count - 1; last >= 0; last--) {
        lists.items[row * lists.k + last] = items[0];
        lists.scores[row * lists.k + last] = scores[0];
        sink(scores[last], items[last], last);
      }
      count = 0;
    },
  };
}
