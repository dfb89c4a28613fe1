import { costs, reach, type Shape } from "./cost.js";
import { ease, keptByEase, mostEaseItems } from "./ease.js";
import { foldSteps, ials } from "./ials.js";
import { itemKnn } from "./item-knn.js";
import { popularity } from "./popularity.js";
import { rp3beta } from "./rp3beta.js";
import { sequence } from "./sequence.js";
import { spectral } from "./spectral.js";
import type { Interactions, RecommenderEstimator } from "./types.js";

/** One kind of model, and the settings it is tried with. */
export interface Family {
  readonly name: string;
  readonly settings: readonly Setting[];
}

export interface Setting {
  readonly estimator: RecommenderEstimator;
  /** What stands in for it on a sample: the same with fewer factors, which the other settings do not depend on much. */
  readonly onSample: RecommenderEstimator;
  /** Core-seconds that learning from everything and making lists for everybody would take. */
  readonly seconds: number;
}

const many = 300_000;
/** From so many pairs on what is kept of all items' neighbours is bounded: they are saved as text, 11 bytes each. */
const millions = 1_000_000;
const mostNeighbours = 10_000_000;
const leastNeighbours = 20;
const epochs = 10;

/** What is worth trying on a sample when the best is to learn from so many, and what is out of reach. */
export function contenders(
  { itemCount, times }: Interactions,
  full: Shape,
  seed: number,
  threads: number,
): { readonly families: readonly Family[]; readonly outOfReach: readonly string[] } {
  const wide = itemCount > 10_000;
  const setting = (
    estimator: RecommenderEstimator,
    seconds: number,
    onSample = estimator,
  ): Setting => ({ estimator, onSample, seconds });
  const isBounded = full.pairs > millions || itemCount > 100_000;
  const keptOf = (wanted: number): number =>
    isBounded
      ? Math.max(leastNeighbours, Math.min(wanted, Math.floor(mostNeighbours / itemCount)))
      : wanted;
  const neighbours = (wanted: number, make: (neighbours: number) => RecommenderEstimator) =>
    setting(make(keptOf(wanted)), costs.neighbours(full, keptOf(wanted)));
  /** The most factors that are within reach, and no more than there are items. */
  const factors = (sizes: readonly number[], seconds: (size: number) => number): number =>
    Math.min(
      8 * Math.ceil(itemCount / 8),
      sizes.find((size) => seconds(size) <= reach) ?? sizes[sizes.length - 1],
    );
  const ialsSeconds = (size: number) => costs.ials(full, size, epochs * 4, foldSteps);
  const ialsFactors = factors(full.pairs > many ? [256, 128, 64] : [128, 64], ialsSeconds);
  const spectralSeconds = (size: number) => costs.spectral(full, size, spectralRounds);
  const spectralSizes = wide ? [factors([512, 256, 128], spectralSeconds)] : [32, 64, 128];
  const tried: (Family | false)[] = [
    {
      name: "popularity",
      settings: halfLives(times).map((halfLife) =>
        setting(popularity({ halfLife }), costs.popularity(full)),
      ),
    },
    {
      name: "item-knn",
      settings: [
        neighbours(100, (kept) => itemKnn({ neighbours: kept })),
        neighbours(300, (kept) => itemKnn({ neighbours: kept, shrinkage: 50 })),
      ],
    },
    {
      name: "rp3beta",
      settings: (wide ? [0.5] : [0.5, 0.8]).flatMap((alpha) =>
        [0, 0.2, 0.4].map((beta) =>
          neighbours(wide ? 500 : 300, (kept) => rp3beta({ alpha, beta, neighbours: kept })),
        ),
      ),
    },
    itemCount <= mostEaseItems && {
      name: "ease",
      settings: (itemCount > 4000 ? [300] : [100, 300, 800]).map((ridge) =>
        setting(ease({ ridge, threads }), costs.ease(full, keptByEase(itemCount))),
      ),
    },
    {
      name: "spectral",
      settings: spectralSizes.map((size) =>
        setting(
          spectral({ seed, factors: size, rounds: spectralRounds, threads }),
          spectralSeconds(size),
        ),
      ),
    },
    {
      // the unobserved, all together, weigh as much as so many observations
      name: "ials",
      settings: ialsSettings.map(([together, regularisation]) => {
        const make = (size: number) =>
          ials({
            seed,
            factors: size,
            unobserved: together / itemCount,
            regularisation,
            epochs,
            threads,
          });
        return setting(
          make(ialsFactors),
          ialsSeconds(ialsFactors),
          make(Math.min(64, ialsFactors)),
        );
      }),
    },
    times !== undefined && {
      name: "sequence",
      settings: [
        setting(sequence({ neighbours: keptOf(100) }), costs.sequence(full, 10, keptOf(100))),
      ],
    },
  ];
  const families: Family[] = [];
  const outOfReach = itemCount <= mostEaseItems ? [] : [`ease (more than ${mostEaseItems} items)`];
  for (const family of tried) {
    if (!family) continue;
    // what is popular is the rule to beat: it races whatever else does
    const isRule = family.name === "popularity";
    const settings = family.settings.filter(({ seconds }) => isRule || seconds <= reach);
    if (settings.length > 0) families.push({ ...family, settings });
    else outOfReach.push(family.name);
  }
  return { families, outOfReach };
}

const spectralRounds = 4;
const ialsSettings: readonly (readonly [together: number, regularisation: number])[] = [
  [500, 0.015],
  [330, 0.02],
  [250, 0.01],
  [120, 0.02],
  [120, 0.01],
];

/** None, and a quarter and a sixteenth of the time there is. */
function halfLives(times: Float64Array | undefined): number[] {
  if (!times || times.length === 0) return [Infinity];
  let first = Infinity;
  let last = -Infinity;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return last > first ? [Infinity, (last - first) / 4, (last - first) / 16] : [Infinity];
}
