/** In how many made-up shops the campaign's known effect lies in the stated interval. */
export async function recovery({ recoverLift }, { seeds, contacts }) {
  console.log(`\nThe made-up shop's lift, ${seeds} shops of ${contacts} contacts, 30 % held out`);
  for (const adjust of [false, "history", "model"]) {
    let [held, brought, width, cut] = [0, 0, 0, 0];
    const began = process.cpuUsage().user;
    for (let seed = 1; seed <= seeds; seed++) {
      const { truth, result } = await recoverLift({
        contacts,
        seed,
        gain: 0.15,
        share: 0.3,
        adjust,
      });
      const [{ effect, varianceCut = 0 }] = result.effects;
      if (effect.low <= truth && truth <= effect.high) held++;
      if (result.verdict === "brought") brought++;
      width += (effect.high - effect.low) / seeds;
      cut += varianceCut / seeds;
    }
    console.log(
      `adjusted by ${String(adjust).padEnd(8)} interval holds ${((100 * held) / seeds).toFixed(1)} %, claimed ${((100 * brought) / seeds).toFixed(1)} %, mean width ${width.toFixed(4)}, variance cut ${(100 * cut).toFixed(1)} %, ${((process.cpuUsage().user - began) / 1e6 / seeds).toFixed(2)} CPU s each`,
    );
  }
}
