import { random } from "../../random.js";
import type { LineTrials } from "./trials.js";

/** Words of a made-up language, as frequent as they are early. */
export const vocabulary = Array.from(
  { length: 120 },
  (_, at) => `wo${"bcdfghklmnprst"[at % 14]}${"aeiou"[at % 5]}${at}`,
);

/** An account that tested lines against one another: what its words do to the log-odds of a click is known. */
export function account(options: {
  readonly campaigns: number;
  readonly lines?: number;
  readonly shown?: number;
  readonly effects?: Readonly<Record<string, number>>;
  /** Standard deviation of what words do not tell. */
  readonly spread?: number;
  readonly seed: number;
}): LineTrials & { readonly truth: Float64Array } {
  const { campaigns, lines = 3, shown = 4000, effects = {}, spread = 0.1, seed } = options;
  const draws = random(seed);
  const texts: string[] = [];
  const groups: number[] = [];
  const seen: number[] = [];
  const clicks: number[] = [];
  const truth: number[] = [];
  for (let campaign = 0; campaign < campaigns; campaign++) {
    const level = -3.5 + 0.6 * draws.normal();
    for (let line = 0; line < lines; line++) {
      const words = Array.from({ length: 5 + draws.below(5) }, () => {
        const at = Math.floor(vocabulary.length * draws.uniform() ** 1.7);
        return vocabulary[at];
      });
      let told = 0;
      for (const word of new Set(words)) told += effects[word] ?? 0;
      const rate = 1 / (1 + Math.exp(-(level + told + spread * draws.normal())));
      const mean = shown * rate;
      texts.push(words.join(" "));
      groups.push(campaign);
      seen.push(shown);
      clicks.push(
        Math.max(
          0,
          Math.min(shown, Math.round(mean + Math.sqrt(mean * (1 - rate)) * draws.normal())),
        ),
      );
      truth.push(told);
    }
  }
  return {
    texts,
    campaigns: groups,
    shown: seen,
    clicked: clicks,
    truth: Float64Array.from(truth),
  };
}
