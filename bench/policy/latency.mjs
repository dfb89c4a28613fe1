const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds of CPU, which other work on the machine does not lengthen, that one choice takes at 50 arms and 50 features, once it has learned from 2,000 rewards. */
export function latency({ bandit, random }) {
  console.log("\none choice of 50 arms by 50 features, and one reward, ms of CPU");
  for (const method of ["square-cb", "thompson", "lin-ucb"]) {
    const { normal, uniform } = random(1);
    const features = 50;
    const arms = Array.from({ length: 50 }, (_, arm) => String(arm));
    const one = bandit({ arms, features, method });
    const times = { choose: [], reward: [] };
    for (let number = 0; number < 6000; number++) {
      const known = Float64Array.from({ length: features }, normal);
      const started = spent();
      one.choose(known, { id: `${number}` });
      const chosen = spent();
      one.reward(`${number}`, uniform() < 0.1 ? 1 : 0);
      const told = spent();
      if (number < 2000) continue;
      times.choose.push(chosen - started);
      times.reward.push(told - chosen);
    }
    const at = (list, share) => list.toSorted((a, b) => a - b)[Math.floor(share * list.length)];
    const words = Object.entries(times).map(
      ([name, list]) => `${name} p50 ${at(list, 0.5).toFixed(3)} p99 ${at(list, 0.99).toFixed(3)}`,
    );
    console.log(`${method.padEnd(10)} ${words.join("   ")}`);
  }
}
