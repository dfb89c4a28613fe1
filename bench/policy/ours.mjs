/** The share of wrong guesses of a bandit that learns as it goes. */
export function ours({ bandit }, { rows, features, arms, x, label }, seed) {
  const names = Array.from({ length: arms }, (_, arm) => String(arm));
  const one = bandit({ arms: names, features, seed });
  let wrong = 0;
  const started = performance.now();
  for (let row = 0; row < rows; row++) {
    const { arm } = one.choose(x.subarray(row * features, (row + 1) * features), { id: `${row}` });
    const hit = Number(arm) === label[row];
    if (!hit) wrong++;
    one.reward(`${row}`, hit ? 1 : 0);
  }
  return { loss: wrong / rows, seconds: (performance.now() - started) / 1000 };
}
