import { makeArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { exploration } from "../policy/exploration.js";
import { checkCurve } from "./curve.js";
import { exposureOf } from "./exposure.js";
import { standingsOf } from "./standings.js";
import type { VariantBatch, VariantTest, VariantTestOptions, VariantVerdict } from "./types.js";

export const who = "variant-test";
export const version = 1;

const defaults = {
  mode: "thompson",
  confidence: 0.95,
  loss: 0.01,
  least: 100,
  floor: 0.01,
  prior: { clicked: 1, not: 1 },
  seed: 0,
} as const satisfies Omit<VariantTestOptions, "variants">;

export const variantTestConstraints: Constraints = {
  confidence: { min: 0.5, max: 0.9999 },
  loss: { above: 0, max: 1 },
  least: { min: 1, integer: true },
  floor: { min: 0, max: 1 },
  seed: { min: 0, integer: true },
};
export const priorConstraints: Constraints = { clicked: { above: 0 }, not: { above: 0 } };

export type Settings = Required<Omit<VariantTestOptions, "curve">> &
  Pick<VariantTestOptions, "curve">;

/**
 * A test of variants, batch by batch: shares are the exact chances of being best, as Thompson sampling draws them (Thompson 1933; Scott 2010), young batches counted for the
 * answers that should have come by now, and batches at better hours allowed for. It is a plain value: `save` it, load it the next night with
 * `loadVariantTest`, add what came, and ask what to send next.
 *
 * @throws LearnError "input" for fewer than two variants, two of one name, or an option out of range
 * @example
 * const test = variantTest({ variants: ["A", "B"] }).add({ name: "monday", counts: { A: { shown: 500, clicked: 31 }, B: { shown: 500, clicked: 45 } } });
 * test.next(2000).standings.map(({ variant, share, best }) => [variant, share, best]);
 */
export function variantTest(options: VariantTestOptions): VariantTest {
  const { variants } = options;
  const settings: Settings = { ...defaults, ...options };
  if (variants.length < 2 || new Set(variants).size < variants.length)
    throw new LearnError("input", `${who}: give two or more variants of different names.`);
  checkOptions(who, settings, variantTestConstraints);
  checkOptions(`${who}: "prior"`, settings.prior, priorConstraints);
  if (settings.floor * variants.length > 1)
    throw new LearnError(
      "input",
      `${who}: "floor" must be at most ${1 / variants.length} with ${variants.length} variants, got ${settings.floor}.`,
    );
  if (settings.curve) checkCurve(who, settings.curve);
  return made(settings, []);
}

export function made(settings: Settings, batches: readonly VariantBatch[]): VariantTest {
  const { variants, seed } = settings;
  const occasion = `${who} ${batches.map(({ name }) => name).join("\n")}`;
  return {
    kind: who,
    variants,
    add(batch) {
      checkBatch(batch, variants);
      const others = batches.filter(({ name }) => name !== batch.name);
      return made(settings, [...others, batch]);
    },
    next(size = Number.POSITIVE_INFINITY) {
      if (!(size > 0))
        throw new LearnError("input", `${who}: "size" must be above 0, got ${size}.`);
      return standingsOf(settings, exposureOf(batches, variants, settings.curve), size);
    },
    choose(person, verdict: VariantVerdict) {
      const chances = Float64Array.from(verdict.standings, ({ share }) => share);
      const { arm, propensity } = exploration({ seed, share: 0 }).choose({
        person,
        occasion,
        arms: chances.length,
        chances,
      });
      return { variant: verdict.standings[arm].variant, propensity };
    },
    save: () => makeArtifact(who, version, { settings, batches }),
  };
}

export function checkBatch(
  { name, counts, hours }: VariantBatch,
  variants: readonly string[],
): void {
  for (const [variant, { shown, clicked }] of Object.entries(counts)) {
    if (!variants.includes(variant))
      throw new LearnError(
        "input",
        `${who}: batch "${name}" has the variant "${variant}", which is none of ${variants.map((one) => `"${one}"`).join(", ")}.`,
      );
    if (!(Number.isFinite(shown) && clicked >= 0 && clicked <= shown))
      throw new LearnError(
        "input",
        `${who}: in batch "${name}" the variant "${variant}" was shown ${shown} times and clicked ${clicked} times.`,
        { hint: "Clicks are people who clicked: no fewer than none, no more than were shown it." },
      );
  }
  if (hours !== undefined && !(hours >= 0))
    throw new LearnError("input", `${who}: batch "${name}" was sent ${hours} hours ago.`);
}
