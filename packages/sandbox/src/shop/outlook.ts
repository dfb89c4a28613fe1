import { groups } from "./groups.js";
import { fadingPace, type Life } from "./life.js";
import type { Person } from "./person.js";

export interface Outlook {
  /** Expected number of orders. */
  readonly orders: number;
  /** Chance of at least one. */
  readonly probability: number;
}

/** Jumps of the uniformised chain per pass: e^-40 is still a good number. */
const jumpsPerPass = 40;
const negligible = 1e-13;

/**
 * What to expect of the next weeks of activity, exactly, by uniformisation (Jensen 1953), given all that is hidden: the person's
 * rates, stage and steps towards the next order. No forecast from the history alone can be sharper.
 */
export function outlook(person: Person, life: Life, weeks: number): Outlook {
  if (life.stage === "gone") return { orders: 0, probability: 0 };
  const group = groups[person.group];
  const k = person.regularity;
  const first = group.firstOrderWeeks > 0 ? 1 / group.firstOrderWeeks : 0;
  const step = [k * person.ordersPerWeek, k * person.ordersPerWeek * fadingPace];
  const leave = [person.fadePerWeek, person.gonePerWeek];
  const q = Math.max(first, step[0] + leave[0], step[1] + leave[1]);

  // 0 = prospect, 1..k = active, k+1..2k = fading; what is missing from 1 is gone
  const size = 2 * k + 1;
  let any = new Float64Array(size);
  any[life.stage === "prospect" ? 0 : 1 + (life.stage === "fading" ? k : 0) + life.phase] = 1;
  let none = any.slice();
  let orders = 0;
  let probability = 0;

  /** One jump of the chain; returns the chance that it is an order, per unit of `q`. */
  const jump = (from: Float64Array, into: Float64Array, goesOn: boolean): number => {
    into.fill(0);
    into[0] = from[0] * (1 - first / q);
    for (let stage = 0; stage < 2; stage++)
      for (let phase = 0; phase < k; phase++) {
        const i = 1 + stage * k + phase;
        into[i] += from[i] * (1 - (step[stage] + leave[stage]) / q);
        if (phase > 0) into[i] += (from[i - 1] * step[stage]) / q;
        if (stage === 0) into[i + k] += (from[i] * leave[0]) / q;
      }
    const firsts = (from[0] * first) / q;
    const active = (from[k] * step[0]) / q;
    const fading = (from[2 * k] * step[1]) / q;
    if (goesOn) {
      into[1] += active + firsts * (1 - group.single);
      into[1 + k] += fading;
    }
    return firsts + active + fading;
  };

  const passes = Math.max(1, Math.ceil((q * weeks) / jumpsPerPass));
  const mean = (q * weeks) / passes;
  let nextAny = new Float64Array(size);
  let nextNone = new Float64Array(size);
  for (let pass = 0; pass < passes; pass++) {
    const endAny = new Float64Array(size);
    const endNone = new Float64Array(size);
    let poisson = Math.exp(-mean);
    let more = 1 - poisson;
    for (let n = 0; ; n++) {
      for (let i = 0; i < size; i++) {
        endAny[i] += poisson * any[i];
        endNone[i] += poisson * none[i];
      }
      if (more < negligible && n > mean) break;
      // the chance of more than n jumps is the expected time spent after the n-th, in units of 1/q
      orders += more * jump(any, nextAny, true);
      probability += more * jump(none, nextNone, false);
      [any, nextAny] = [nextAny, any];
      [none, nextNone] = [nextNone, none];
      poisson *= mean / (n + 1);
      more -= poisson;
    }
    any = endAny;
    none = endNone;
  }
  return { orders, probability: Math.min(1, probability) };
}
