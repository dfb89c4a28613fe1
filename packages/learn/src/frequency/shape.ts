/** What a curve is made of: `at[level][part]`, each part ≥ 0 and of the wanted form, so that every sum of them is. */
export type Basis = readonly Float64Array[];

/** 1, then min(level, j): rises, and ever less. */
export function concaveBasis(most: number): Basis {
  return Array.from({ length: most + 1 }, (_, level) =>
    Float64Array.from({ length: most + 1 }, (_, part) => (part === 0 ? 1 : Math.min(level, part))),
  );
}

/** 1, then max(0, level − j) for j below `bends`: rises, and ever more, and straight on from there. */
export function convexBasis(most: number, bends: number): Basis {
  return Array.from({ length: most + 1 }, (_, level) =>
    Float64Array.from({ length: bends + 1 }, (_, part) =>
      part === 0 ? 1 : Math.max(0, level - part + 1),
    ),
  );
}

/** Rows that a shape is learned from. */
export interface ShapeRows {
  readonly rows: ArrayLike<number>;
  readonly levels: Uint8Array;
  readonly counts: ArrayLike<number>;
  /** Whose own level is taken out: people, or segments. */
  readonly member: Int32Array;
  readonly members: number;
  readonly week?: Int32Array | undefined;
  /** How much of a week each row of the log stands for. Defaults to 1 for all. */
  readonly weeks?: Float64Array | undefined;
}

const rounds = 300;
const enough = 1e-5;
/** Steps are taken to this power: below 2 they still climb, and need fewer rounds (Salakhutdinov & Roweis 2003). */
const stride = 1.8;

/**
 * The curve by which counts rise with a level, whatever each member's own height: Poisson with an effect for every member, which
 * for this likelihood is the same as comparing a member's rows with each other alone (Hausman, Hall & Griliches 1984), and one for
 * every week. By multiplicative steps (Lee & Seung 2001) that keep all parts ≥ 0. Its mean over rows is 1.
 *
 * @param towards a curve that is drawn to, as if so many events more had followed it
 */
export function fitShape(
  basis: Basis,
  { rows, levels, counts, member, members, week, weeks: parts }: ShapeRows,
  towards?: { readonly curve: Float64Array; readonly events: number },
): Float64Array {
  const count = basis[0].length;
  const size = basis.length;
  const span = new Float64Array(rows.length).fill(1);
  if (parts) for (let place = 0; place < span.length; place++) span[place] = parts[rows[place]];
  const total = new Float64Array(members);
  const byLevel = new Float64Array(size);
  const weeksAt = new Float64Array(size);
  let weeks = 1;
  let events = 0;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place];
    total[member[row]] += counts[row];
    byLevel[levels[row]] += counts[row];
    weeksAt[levels[row]] += span[place];
    events += counts[row];
    if (week) weeks = Math.max(weeks, week[row] + 1);
  }
  const byWeek = new Float64Array(weeks);
  if (week)
    for (let place = 0; place < rows.length; place++)
      byWeek[week[rows[place]]] += counts[rows[place]];
  const season = new Float64Array(weeks).fill(1);
  const aim = towards?.curve.map((value) => value / scaleOf(towards.curve, weeksAt));
  const pull = towards ? towards.events / Math.max(1e-12, events) : 0;
  const heights = new Float64Array(count).fill(1);
  let curve = curveOf(basis, heights);
  const held = new Float64Array(members);
  for (let round = 0; round < rounds; round++) {
    held.fill(0);
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place];
      held[member[row]] += curve[levels[row]] * (week ? season[week[row]] : 1) * span[place];
    }
    for (let one = 0; one < members; one++) held[one] = held[one] > 0 ? total[one] / held[one] : 0;
    const exposure = new Float64Array(size);
    const inWeek = new Float64Array(weeks);
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place];
      const height = held[member[row]] * span[place];
      if (height === 0) continue;
      exposure[levels[row]] += height * (week ? season[week[row]] : 1);
      if (week) inWeek[week[row]] += height * curve[levels[row]];
    }
    if (week)
      for (let one = 0; one < weeks; one++)
        if (byWeek[one] > 0) season[one] = byWeek[one] / inWeek[one];
    const before = curve;
    for (let part = 0; part < count; part++) {
      let up = 0;
      let down = 0;
      for (let level = 0; level < size; level++) {
        const wanted = byLevel[level] + pull * exposure[level] * (aim?.[level] ?? 0);
        if (wanted > 0) up += (wanted * basis[level][part]) / before[level];
        down += exposure[level] * (1 + pull) * basis[level][part];
      }
      if (down > 0) heights[part] *= (up / down) ** stride;
    }
    const raw = curveOf(basis, heights);
    const scale = scaleOf(raw, weeksAt);
    for (let part = 0; part < count; part++) heights[part] /= scale;
    curve = raw.map((value) => value / scale);
    if (curve.every((value, level) => Math.abs(value - before[level]) < enough)) break;
  }
  return curve;
}

function curveOf(basis: Basis, heights: Float64Array): Float64Array {
  return Float64Array.from(basis, (at) =>
    at.reduce((sum, one, part) => sum + one * heights[part], 0),
  );
}

function scaleOf(curve: Float64Array, weeksAt: Float64Array): number {
  let sum = 0;
  let weeks = 0;
  for (let level = 0; level < curve.length; level++) {
    sum += weeksAt[level] * curve[level];
    weeks += weeksAt[level];
  }
  return weeks > 0 && sum > 0 ? sum / weeks : 1;
}
