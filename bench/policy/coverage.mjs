const mail = { rows: 1000, actions: 5, base: 0.1, logged: 0, judged: 1, explored: 1 };
const kinds = {
  "even chances": mail,
  "nearly decided": { ...mail, rows: 1500, actions: 8, judged: 5 },
  "the log likes the contrary": { ...mail, rows: 2000, logged: 2, judged: -1, explored: 0.1 },
  "rare rewards": { ...mail, rows: 4000, base: 0.01, judged: 2 },
  "30 arms, 5 % random": { ...mail, rows: 8000, actions: 30, logged: 1, judged: 3, explored: 0.05 },
};

/** How often 95 % intervals hold the planted value, in logs that are not abstained from. */
export async function coverage({ learn, planted, runs }) {
  console.log(`\nshare of ${runs} logs whose 95 % interval holds the true value`);
  console.log(
    "log                          sample   judged     ips   snips  doubly robust  self-norm.",
  );
  for (const [name, kind] of Object.entries(kinds)) {
    const truth = planted.plantedValue({ ...kind, seed: 1 });
    const covered = { ips: 0, snips: 0, doublyRobust: 0, selfNormalised: 0 };
    let judged = 0;
    let sample = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const { log, policy } = planted.planted({ ...kind, seed });
      const { context, ...bare } = log;
      const { verdict, estimates, effectiveSample } = await learn.evaluatePolicy(bare, policy);
      sample += effectiveSample / runs;
      if (verdict !== "estimated") continue;
      judged++;
      for (const [one, { low, high }] of Object.entries(estimates))
        if (low <= truth && truth <= high) covered[one]++;
    }
    const shares = Object.values(covered).map((count) => (count / judged).toFixed(3).padStart(8));
    console.log(
      `${name.padEnd(28)} ${sample.toFixed(0).padStart(6)} ${String(judged).padStart(8)} ${shares.join("")}`,
    );
  }
}
