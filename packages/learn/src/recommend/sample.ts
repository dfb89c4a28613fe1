import { random } from "../random.js";
import type { Interactions, SideFeatures } from "./types.js";

/** All that some users had, so many interactions or about so many, with the users numbered anew; the same ones for the same seed. */
export function someUsers(interactions: Interactions, most: number, seed: number): Interactions {
  const { userCount, users, items, weights, times, segments, itemFeatures, userFeatures } =
    interactions;
  const share = most / users.length;
  if (share >= 1) return interactions;
  const draw = random(seed, 31);
  const places = new Int32Array(userCount).fill(-1);
  let people = 0;
  for (let user = 0; user < userCount; user++) if (draw.uniform() < share) places[user] = people++;
  let count = 0;
  for (const user of users) if (places[user] >= 0) count++;
  const taken = {
    users: new Int32Array(count),
    items: new Int32Array(count),
    ...(weights && { weights: new Float32Array(count) }),
    ...(times && { times: new Float64Array(count) }),
  };
  let next = 0;
  for (let row = 0; row < users.length; row++) {
    const place = places[users[row]];
    if (place < 0) continue;
    taken.users[next] = place;
    taken.items[next] = items[row];
    if (taken.weights && weights) taken.weights[next] = weights[row];
    if (taken.times && times) taken.times[next] = times[row];
    next++;
  }
  return {
    userCount: people,
    itemCount: interactions.itemCount,
    ...taken,
    ...(segments && { segments: segments.filter((_, user) => places[user] >= 0) }),
    ...(itemFeatures && { itemFeatures }),
    ...(userFeatures && { userFeatures: someRows(userFeatures, (user) => places[user] >= 0) }),
  };
}

const someRows = ({ size, values }: SideFeatures, isKept: (row: number) => boolean) => ({
  size,
  values: values.filter((_, at) => isKept(Math.floor(at / size))),
});
