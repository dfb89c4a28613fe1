import { incompleteBeta } from "../special/incomplete-beta.js";
import { bestOf } from "./best-of.js";
import type { Exposure } from "./exposure.js";
import type { VariantStanding, VariantVerdict } from "./types.js";
import type { Settings } from "./variant-test.js";

export function standingsOf(
  settings: Settings,
  { exposed, clicked, shown }: Exposure,
  size: number,
): VariantVerdict {
  const { variants, prior, least, confidence, loss: most } = settings;
  const k = variants.length;
  const yes = Float64Array.from(clicked, (count) => count + prior.clicked);
  const no = Float64Array.from(
    exposed,
    (people, at) => Math.max(0, people - clicked[at]) + prior.not,
  );
  const { best, loss } = bestOf(yes, no);
  const leader = best.indexOf(Math.max(...best));
  const rates = Array.from(yes, (count, at) => count / (count + no[at]));
  const short = variants.filter((_, at) => shown[at] < least);
  const stop =
    short.length === 0 && best[leader] > confidence && loss[leader] < most * rates[leader];
  const share = stop
    ? variants.map((_, at) => (at === leader ? 1 : 0))
    : sharesOf(settings, best, shown, size);
  const percent = (value: number) => `${(100 * value).toFixed(value > 0.999 ? 2 : 1)} %`;
  const name = variants[leader];
  const because = stop
    ? `"${name}" is the best with a chance of ${percent(best[leader])}, and is expected to lose ${percent(loss[leader] / rates[leader])} of its clicks if it is not: send it to the rest.`
    : short.length > 0
      ? `${short.map((one) => `"${one}"`).join(", ")} ${short.length === 1 ? "has" : "have"} not been shown to ${least} people yet.`
      : `"${name}" leads with a chance of ${percent(best[leader])} of being the best (${percent(confidence)} is asked for) and an expected loss of ${percent(loss[leader] / rates[leader])} (${percent(most)}): go on.`;
  const standings = variants.map(
    (variant, at): VariantStanding => ({
      variant,
      shown: shown[at],
      clicked: clicked[at],
      rate: rates[at],
      low: quantile(yes[at], no[at], 0.025),
      high: quantile(yes[at], no[at], 0.975),
      best: best[at],
      loss: loss[at],
      share: k === 1 ? 1 : share[at],
    }),
  );
  return { stop, ...(stop && { winner: name }), because, standings };
}

/** Shares of the next batch: as often as each is best, with a floor, and whoever lacks people first. */
function sharesOf(
  { mode, least, floor }: Settings,
  best: Float64Array,
  shown: Float64Array,
  size: number,
): number[] {
  const k = best.length;
  if (mode === "fixed") return Array.from(best, () => 1 / k);
  const needs = Array.from(shown, (people) =>
    Math.max(floor, Math.min(1, Math.max(0, least - people) / size)),
  );
  const needed = needs.reduce((sum, need) => sum + need, 0);
  if (needed >= 1) return needs.map((need) => need / needed);
  return needs.map((need, at) => need + (1 - needed) * best[at]);
}

function quantile(a: number, b: number, chance: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(a, b, middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
