import { ease } from "./ease.js";
import { ials } from "./ials.js";
import { itemKnn } from "./item-knn.js";
import { popularity } from "./popularity.js";
import { rp3beta } from "./rp3beta.js";
import { sequence } from "./sequence.js";
import { spectral } from "./spectral.js";
import type { Interactions, RecommenderEstimator } from "./types.js";

/** One kind of model, and the settings it is tried with. */
export interface Family {
  readonly name: string;
  readonly settings: readonly RecommenderEstimator[];
}

/** Above this many items the inverse takes longer than all the rest together. */
const easeItems = 10_000;
const many = 300_000;
const veryMany = 10_000_000;

/** What is worth trying on so many interactions. */
export function contenders(
  { users, itemCount, times }: Interactions,
  seed: number,
  threads: number,
): Family[] {
  const count = users.length;
  const factors = count > veryMany ? 128 : count > many ? 256 : 128;
  const wide = itemCount > easeItems;
  const families: (Family | false)[] = [
    { name: "popularity", settings: halfLives(times).map((halfLife) => popularity({ halfLife })) },
    {
      name: "item-knn",
      settings: [{}, { neighbours: 300, shrinkage: 50 }].map((one) => itemKnn(one)),
    },
    {
      name: "rp3beta",
      settings: (wide ? [0.5] : [0.5, 0.8]).flatMap((alpha) =>
        [0, 0.2, 0.4].map((beta) => rp3beta({ alpha, beta, neighbours: wide ? 500 : 300 })),
      ),
    },
    !wide && {
      name: "ease",
      settings: (itemCount > 4000 ? [300] : [100, 300, 800]).map((ridge) =>
        ease({ ridge, threads }),
      ),
    },
    {
      name: "spectral",
      settings: (wide ? [512] : [32, 64, 128]).map((size) =>
        spectral({ seed, factors: size, rounds: 4, threads }),
      ),
    },
    {
      // the unobserved, all together, weigh as much as so many observations
      name: "ials",
      settings: ialsSettings.map(([together, regularisation]) =>
        ials({
          seed,
          factors,
          unobserved: together / itemCount,
          regularisation,
          epochs: 10,
          threads,
        }),
      ),
    },
    times !== undefined && { name: "sequence", settings: [sequence()] },
  ];
  return families.filter((family) => family !== false);
}

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
