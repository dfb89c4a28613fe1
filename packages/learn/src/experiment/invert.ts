/**
 * The differences that a test does not reject: from where `test` falls to `critical` to where it falls to −`critical`. `test` falls with
 * the supposed difference and is 0 at about `value`; `ends` bound the search.
 */
export function invert(
  test: (difference: number) => number,
  value: number,
  critical: number,
  [least, most]: readonly [number, number],
): readonly [low: number, high: number] {
  const crossing = (inside: number, outside: number, sign: number): number => {
    if (!(sign * test(outside) > critical)) return outside;
    let [near, far] = [inside, outside];
    for (let step = 0; step < 60; step++) {
      const middle = (near + far) / 2;
      if (sign * test(middle) > critical) far = middle;
      else near = middle;
    }
    return near;
  };
  return [crossing(value, least, 1), crossing(value, most, -1)];
}
