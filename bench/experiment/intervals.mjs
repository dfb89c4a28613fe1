const percent = (share) => `${(100 * share).toFixed(2)} %`.padStart(8);

/** How often 95 % intervals hold the truth, and what adjusting and the check of allocations do. */
export function intervals(simulate, runs) {
  const { meanCoverage, shareCoverage, poolCoverage, varianceCut, biasFound, familyClaims } =
    simulate;
  console.log(`\n95 % intervals that hold the truth, ${runs} runs`);
  const shares = [
    [450, 0.12, 50, 0.1],
    [900, 0.04, 100, 0.03],
    [30, 0.4, 30, 0.3],
    [200, 0.05, 200, 0.02],
    [4500, 0.012, 500, 0.01],
  ];
  for (const [many, one, few, other] of shares)
    console.log(
      percent(shareCoverage({ people: many, rate: one }, { people: few, rate: other }, runs, 1)),
      `proportions: ${one} of ${many} against ${other} of ${few}`,
    );
  // share who buy, spread of log amounts, and its level
  const regular = [1, 1, 0];
  const means = [
    [50, regular, 50, regular],
    [10, regular, 10, regular],
    [270, regular, 30, [1, 2, 0]],
    [500, [0.1, 1, 0], 500, [0.1, 1, 0]],
    [4500, [0.1, 1, 0], 500, [0.1, 1, 0]],
    [4500, [0.15, 1, 0], 500, [0.1, 1, 0]],
    [4500, [0.1, 1.2, 0], 500, [0.1, 1, 0]],
    [4500, [0.1, 0.7, 0], 500, [0.1, 1, 0]],
    [4500, [0.02, 1, 0], 500, [0.02, 1, 0]],
    [9000, [0.02, 0.7, 0], 1000, [0.02, 0.7, 0]],
  ];
  const arm = (people, [share, spread, level]) => ({ people, share, spread, level });
  const told = ([share, spread]) =>
    share === 1 ? `normal, deviation ${spread}` : `${100 * share} % buy, log spread ${spread}`;
  for (const [many, one, few, other] of means)
    console.log(
      percent(meanCoverage(arm(many, one), arm(few, other), runs, 2)),
      `means: ${many} (${told(one)}) against ${few} (${told(other)})`,
    );
  for (const campaigns of [2, 3, 5, 10])
    for (const spread of [0, 1])
      console.log(
        percent(poolCoverage({ campaigns, spread }, runs, 3)),
        `pooled: ${campaigns} campaigns whose effects differ by ${spread}`,
      );

  console.log("\nVariance that adjusting takes away: seen over runs, told by each, and coverage");
  for (const correlation of [0.3, 0.6, 0.9]) {
    const {
      seen,
      told: own,
      coverage,
    } = varianceCut({ correlation, control: 200, treated: 800 }, runs, 4);
    // standard error of a ratio of two variances that go together
    const error = ((1 - correlation ** 2) * 2 * correlation) / Math.sqrt(runs);
    console.log(
      `rho² ${(correlation ** 2).toFixed(2)}: seen ${seen.toFixed(3)} ± ${(1.96 * error).toFixed(3)}, told ${own.toFixed(3)}, coverage ${percent(coverage).trim()}`,
    );
  }

  console.log("\nAllocations of 100,000 people to halves that are found out (p < 0.001)");
  for (const [bias, what] of [
    [0, "sound"],
    [0.01, "50.5 % in place of 50 %"],
    [0.02, "51 % in place of 50 %"],
  ])
    console.log(percent(biasFound({ people: 100_000, share: 0.5, bias }, runs, 5)), what);

  console.log("\nExperiments without an effect in which some arm is said to have one");
  for (const arms of [1, 2, 4])
    console.log(percent(familyClaims(arms, Math.ceil(runs / 5), 6)), `${arms} beside the control`);
}
