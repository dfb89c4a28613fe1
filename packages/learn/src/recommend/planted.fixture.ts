import { random } from "../random.js";
import type { Interactions } from "./types.js";

/** Users of a few tastes, each with mostly items of its own taste, which come in an order of their own. */
export function plantedTastes(
  userCount: number,
  itemCount: number,
  seed: number,
  tastes = 4,
): Interactions {
  const draw = random(seed);
  const users: number[] = [];
  const items: number[] = [];
  const times: number[] = [];
  for (let user = 0; user < userCount; user++) {
    const count = 4 + draw.below(12);
    for (let at = 0; at < count; at++) {
      const own = draw.uniform() < 0.85;
      const item = draw.below(Math.floor(itemCount / tastes));
      users.push(user);
      items.push(own ? item * tastes + (user % tastes) : draw.below(itemCount));
      times.push(at + draw.uniform());
    }
  }
  return {
    userCount,
    itemCount,
    users: Int32Array.from(users),
    items: Int32Array.from(items),
    times: Float64Array.from(times),
    weights: Float32Array.from(users, () => 1 + draw.below(3)),
    segments: Int32Array.from({ length: userCount }, (_, user) => user % tastes),
  };
}
