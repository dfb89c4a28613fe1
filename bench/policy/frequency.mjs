const value = { engagement: 1, subscription: 30 };
const kinds = {
  "26 weeks": { people: 5000, weeks: 26, confounding: 0.8 },
  "26 weeks, nobody sent more": { people: 5000, weeks: 26, confounding: 0 },
  "26 weeks, the lively sent far more": { people: 5000, weeks: 26, confounding: 1.5 },
  "12 weeks": { people: 5000, weeks: 12, confounding: 0.8 },
  "1,000 people": { people: 1000, weeks: 26, confounding: 0.8 },
  "a tenth at random": { people: 5000, weeks: 26, confounding: 0.8, randomised: 0.1 },
};

/** What plans truly earn, as a share of what they would if every curve were known; worst of five seeds. */
export async function frequency({ learn, planted, plan }) {
  const { most, plantedFrequency, trueValue } = planted;
  console.log("\nvalue of frequency plans over the oracle's, worst of five seeds");
  console.log(
    "log                                    free   2 a week   the best one number for all",
  );
  for (const [name, kind] of Object.entries(kinds)) {
    const worst = [1, 1, 1];
    for (let seed = 1; seed <= 5; seed++) {
      const scene = plantedFrequency({ ...kind, seed });
      const { people } = kind;
      const curve = (of, person) =>
        Float64Array.from({ length: most + 1 }, (_, at) => of(person, at));
      const oracle = {
        people,
        most,
        engagement: (person) => curve(scene.engagement, person),
        risk: (person) => curve(scene.risk, person),
      };
      const model = await learn.messageFrequency({ most }).fit(scene.log);
      for (const [place, budget] of [{}, { total: 2 * people }].entries()) {
        const best = plan.planFrequency(oracle, value, budget).value;
        const ours = trueValue(scene, model.plan(value, budget).messages, value);
        worst[place] = Math.min(worst[place], ours / best);
        if (place > 0) continue;
        const constants = Array.from({ length: most + 1 }, (_, at) =>
          trueValue(scene, new Uint8Array(people).fill(at), value),
        );
        worst[2] = Math.min(worst[2], Math.max(...constants) / best);
      }
    }
    const [free, bound, constant] = worst.map((share) => share.toFixed(3));
    console.log(
      `${name.padEnd(36)} ${free.padStart(7)} ${bound.padStart(8)} ${constant.padStart(12)}`,
    );
  }
}
