import { checkAborted } from "../abort.js";
import { falseDiscovery } from "../experiment/false-discovery.js";
import { studentTails } from "../experiment/student.js";
import { type Constraints, checkOptions } from "../options.js";
import { inSegments } from "./by-segment.js";
import { type BestFinding, findingsIn } from "./findings.js";
import { gradeOf } from "./grade.js";
import { type Candidate, nextTest } from "./next-test.js";
import { notesOf } from "./notes.js";
import { type Sendings, sendingsOf, who } from "./sendings.js";
import { effectSizes, type Found, type Shrunk } from "./shrink.js";
import type { Driver, DriverReport, DriversOptions, DriverTrials } from "./types.js";

const defaults = { fdr: 0.1, comparisons: 5, terms: 300 } satisfies Required<DriversOptions>;
export const driversConstraints: Constraints = {
  fdr: { above: 0, max: 0.5 },
  comparisons: { min: 2, integer: true },
  terms: { min: 0, max: 1000, integer: true },
};

/** Standard deviation between lines of a test that is expected where nothing tells it. */
const usualNoise = 0.1;

interface Said {
  readonly finding: BestFinding;
  readonly pooled: Found;
  readonly segment?: number;
}

export interface Drivers {
  /** @throws LearnError "input" when lists differ in length or counts cannot be; "aborted" */
  fit(
    trials: DriverTrials,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (share: number) => void },
  ): Promise<DriverReport>;
}

/**
 * Which words, hours, colours, media, forms and offers are clicked more, for whom, and how sure that is: one model of all of them together.
 * Nothing here is drawn at random: the same trials give the same report.
 */
export function drivers(options: DriversOptions = {}): Drivers {
  const { fdr, comparisons, terms } = { ...defaults, ...options };
  checkOptions(who, { fdr, comparisons, terms }, driversConstraints);
  return {
    async fit(trials, { signal, onProgress } = {}) {
      checkAborted(signal);
      const sendings = sendingsOf(trials);
      const { rows, groups } = sendings;
      const rate = rateOf(sendings);
      const settings = { comparisons, terms, signal };
      const empty = rows === 0 || !(rate > 0 && rate < 1);
      const main = empty
        ? { all: [], tests: 0, noise: { tests: null, campaigns: null } }
        : await findingsIn(sendings, settings);
      onProgress?.(0.5);
      const parts = empty ? [] : await inSegments(sendings, main.all, settings);
      const said: Said[] = [...main.all.map((finding) => ({ finding, pooled: finding })), ...parts];
      const rates = qualities(
        main.all,
        parts.map(({ finding }) => finding),
      );
      const { count, known } = audiencesOf(sendings);
      const shrunk = drawn(main.all);
      const all = said.map(({ finding, pooled, segment }, at): Candidate => {
        const own = shrunk(finding.factor, pooled);
        const inside = segment === undefined ? sendings : undefined;
        const base = segment === undefined ? rate : rateOf(sendings, segment);
        const audiences =
          segment === undefined
            ? { known, count, comparisons }
            : { known: true, count: 1, comparisons };
        const driver: Driver = {
          factor: finding.factor,
          level: finding.level,
          ...(segment !== undefined && { segment: sendings.segments[segment] }),
          ...changes(own, base),
          ...gradeOf(finding, audiences),
          p: pOf(finding),
          q: rates[at],
          clear: rates[at] <= fdr && own.low * own.high > 0,
          comparisons: finding.comparisons,
          ...(finding.by === "campaigns" && {
            crude: change(finding.crude.value, base) / base,
          }),
        };
        const { share, people } = reached(sendings, segment);
        return { driver, shrunk: own, rate: base, share: inside ? 1 : share, people };
      });
      onProgress?.(1);
      const noise = main.noise.tests ?? main.noise.campaigns ?? usualNoise;
      return {
        drivers: all.map(({ driver }) => driver).sort(clearestFirst),
        nextTest: nextTest(all, noise ** 2),
        rate: rows === 0 ? 0 : rate,
        rows,
        tests: main.tests,
        campaigns: groups,
        noise: main.noise,
        notes: notesOf(sendings, main, { rate, known, comparisons }),
      };
    },
  };
}

const pOf = ({ value, error, freedom }: Found): number =>
  studentTails(Math.abs(value) / error, freedom);

/** False-discovery rates of all together; audiences one by one share half of what may be false, however many they are. */
function qualities(main: readonly Found[], parts: readonly Found[]): readonly number[] {
  const all = main.length + parts.length;
  const even = parts.length <= main.length;
  const weight = (count: number) => (even ? 1 : all / 2 / count);
  return falseDiscovery([
    ...main.map((one) => pOf(one) / weight(main.length)),
    ...parts.map((one) => pOf(one) / weight(parts.length)),
  ]);
}

/** Words are many and mostly do little; other factors are few: each kind has sizes of its own. */
function drawn(found: readonly BestFinding[]): (factor: string, one: Found) => Shrunk {
  const isText = (factor: string) => factor === "term" || factor === "style";
  const text = effectSizes(found.filter(({ factor }) => isText(factor)));
  const other = effectSizes(found.filter(({ factor }) => !isText(factor)));
  return (factor, one) => (isText(factor) ? text : other).of(one);
}

const change = (logOdds: number, rate: number): number =>
  1 / (1 + ((1 - rate) / rate) * Math.exp(-logOdds)) - rate;

function changes({ mean, low, high }: Shrunk, rate: number) {
  const [effect, least, most] = [mean, low, high].map((value) => change(value, rate));
  return {
    effect,
    low: least,
    high: most,
    relative: effect / rate,
    relativeLow: least / rate,
    relativeHigh: most / rate,
  };
}

function rateOf({ rows, shown, clicked, segment }: Sendings, only?: number): number {
  let all = 0;
  let of = 0;
  for (let row = 0; row < rows; row++) {
    if (only !== undefined && segment[row] !== only) continue;
    all += clicked[row];
    of += shown[row];
  }
  return all / of;
}

/** The share of all who are written to, and people in the median campaign. */
function reached({ rows, shown, group, segment }: Sendings, only?: number) {
  let all = 0;
  let own = 0;
  const campaigns = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    all += shown[row];
    if (only !== undefined && segment[row] !== only) continue;
    own += shown[row];
    campaigns.set(group[row], (campaigns.get(group[row]) ?? 0) + shown[row]);
  }
  const sizes = [...campaigns.values()].sort((left, right) => left - right);
  return { share: own / all, people: sizes[sizes.length >> 1] };
}

function audiencesOf({ segment, segments }: Sendings) {
  const unknown = segment.some((own) => own < 0);
  return { count: segments.length + (unknown ? 1 : 0), known: segments.length > 0 && !unknown };
}

const clearestFirst = (left: Driver, right: Driver): number =>
  Number(right.clear) - Number(left.clear) ||
  left.q - right.q ||
  left.p - right.p ||
  Math.abs(right.relative) - Math.abs(left.relative) ||
  (`${left.factor}${left.level}` < `${right.factor}${right.level}` ? -1 : 1);
