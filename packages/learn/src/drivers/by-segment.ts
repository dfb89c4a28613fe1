import { type BestFinding, findingsIn } from "./findings.js";
import { type Sendings, some } from "./sendings.js";
import { effectSizes, type Found } from "./shrink.js";

/** Audiences that are looked at one by one, those that were shown most first. */
const mostSegments = 12;

export interface SegmentFinding {
  readonly segment: number;
  readonly finding: BestFinding;
  /** Drawn towards what the level does elsewhere, as far as audiences differ at all. */
  readonly pooled: Found;
}

/** What levels do in each audience alone. */
export async function inSegments(
  sendings: Sendings,
  main: readonly BestFinding[],
  options: Parameters<typeof findingsIn>[1],
): Promise<SegmentFinding[]> {
  const { segment, segments, shown } = sendings;
  if (segments.length < 2) return [];
  const rows = segments.map((): number[] => []);
  const sizes = new Float64Array(segments.length);
  for (const [row, own] of segment.entries()) {
    if (own < 0) continue;
    rows[own].push(row);
    sizes[own] += shown[row];
  }
  const order = Array.from(sizes.keys())
    .sort((left, right) => sizes[right] - sizes[left])
    .slice(0, mostSegments);
  const found: { segment: number; finding: BestFinding }[] = [];
  for (const own of order) {
    const { all } = await findingsIn(some(sendings, rows[own]), options);
    for (const finding of all) found.push({ segment: own, finding });
  }
  const key = ({ factor, level, by }: BestFinding) => `${by}\n${factor}\n${level}`;
  const overall = new Map(main.map((finding) => [key(finding), finding]));
  const elsewhere = found.map(({ finding }) => {
    const all = overall.get(key(finding));
    // what the others tell: the whole less this part
    const precision = all ? 1 / all.error ** 2 - 1 / finding.error ** 2 : 0;
    if (!all || !(precision > 0)) return undefined;
    const value = (all.value / all.error ** 2 - finding.value / finding.error ** 2) / precision;
    return { value, error: 1 / Math.sqrt(precision) };
  });
  const apart = found.map(({ finding }, at): Found | undefined => {
    const others = elsewhere[at];
    return (
      others && {
        value: finding.value - others.value,
        error: Math.hypot(finding.error, others.error),
        freedom: finding.freedom,
      }
    );
  });
  const differences = effectSizes(apart.filter((one) => one !== undefined));
  return found.map(({ segment: own, finding }, at) => {
    const others = elsewhere[at];
    const difference = apart[at];
    if (!others || !difference) return { segment: own, finding, pooled: finding };
    const weight = 1 / finding.error ** 2;
    const parts = differences.parts(difference).map(({ chance, variance }) => {
      const theirs = 1 / (others.error ** 2 + variance);
      const value = (weight * finding.value + theirs * others.value) / (weight + theirs);
      return { chance, value, variance: 1 / (weight + theirs) };
    });
    const value = parts.reduce((sum, part) => sum + part.chance * part.value, 0);
    const square = parts.reduce(
      (sum, part) => sum + part.chance * (part.variance + (part.value - value) ** 2),
      0,
    );
    const pooled = { value, error: Math.sqrt(square), freedom: finding.freedom };
    return { segment: own, finding, pooled };
  });
}
