import { type Random, random } from "../random.js";
import { type LapseInput, lapseSignals } from "./lapse-signals.js";

/** A made-up shop on a day: its customers' signals, whether they lapsed in the horizon, and the chance they had of it. */
export interface MadeUpShop {
  readonly horizonDays: number;
  /** Customers seen on the day, and one horizon before it. */
  readonly now: LapseDay;
  readonly before: LapseDay;
}

export interface LapseDay {
  readonly input: LapseInput;
  readonly table: ReturnType<typeof lapseSignals>;
  readonly labels: Float64Array;
}

/**
 * One shop of a wide family. Customers order at a rate of their own (gamma), more or less regularly (Erlang gaps), drift, stop
 * after an order (beta) or with time, came at different times, and visit the more the more they order, or without any relation to
 * it. How much of each is drawn for the shop.
 */
export function madeUpShop(customers: number, seed: number): MadeUpShop {
  const draws = random(seed, 0x5409);
  const { uniform } = draws;
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const logBetween = (low: number, high: number) =>
    Math.exp(between(Math.log(low), Math.log(high)));
  const horizonDays = Math.round(logBetween(21, 180));
  const shape = {
    /** Mean days between orders, of the average customer. */
    gap: horizonDays * logBetween(0.15, 1.5),
    varied: logBetween(0.5, 5),
    regular: 1 + Math.floor(4 * uniform() ** 2),
    stops: between(0.02, 0.35),
    stopsVaried: logBetween(1, 10),
    leaves: uniform() < 0.5 ? 0 : between(0, 0.5),
    visits: uniform() < 0.35 ? 0 : logBetween(2, 30),
    related: uniform(),
    drift: between(0, 0.4),
  };
  const days = 2 * horizonDays + Math.max(120, horizonDays * logBetween(1.5, 8));
  const people = Array.from({ length: customers * 4 }, () =>
    person(shape, days, horizonDays, draws),
  );
  const dayAt = (day: number): LapseDay => seenOn(day, people, customers, horizonDays, draws);
  const before = dayAt(days - 2 * horizonDays);
  return { horizonDays, before, now: dayAt(days - horizonDays) };
}

interface Person {
  readonly orders: readonly number[];
  /** Active days in 90, while a customer, and the day of leaving. */
  readonly visits: number;
  readonly left: number;
}

interface Shape {
  readonly gap: number;
  readonly varied: number;
  readonly regular: number;
  readonly stops: number;
  readonly stopsVaried: number;
  readonly leaves: number;
  readonly visits: number;
  readonly related: number;
  readonly drift: number;
}

function person(shape: Shape, days: number, horizonDays: number, draws: Random): Person {
  const { uniform } = draws;
  const rate = gamma(shape.varied, draws) / shape.varied / shape.gap;
  const [one, other] = [
    gamma(shape.stops * shape.stopsVaried, draws),
    gamma((1 - shape.stops) * shape.stopsVaried, draws),
  ];
  const stop = one / (one + other);
  const orders: number[] = [];
  let at = days * uniform();
  let left = at + (shape.leaves > 0 ? exponential(draws) * (horizonDays / shape.leaves) : Infinity);
  let pace = rate;
  while (at < days && at < left) {
    orders.push(at);
    if (uniform() < stop) left = at;
    at += gamma(shape.regular, draws) / shape.regular / pace;
    pace *= Math.exp(shape.drift * draws.normal() - shape.drift ** 2 / 2);
  }
  const related = (rate * shape.gap) ** shape.related;
  return { orders, left, visits: (shape.visits * related * gamma(2, draws)) / 2 };
}

function seenOn(
  day: number,
  people: readonly Person[],
  customers: number,
  horizonDays: number,
  draws: Random,
): LapseDay {
  const rows = people
    .map(({ orders, visits, left }) => ({
      known: orders.filter((at) => at < day),
      next: orders.find((at) => at >= day) ?? Infinity,
      visits,
      left,
    }))
    .filter(({ known }) => known.length > 0 && day - known[known.length - 1] <= 2 * horizonDays)
    .slice(0, customers);
  const numbers = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value);
  const last = ({ known }: (typeof rows)[number]) => known[known.length - 1];
  const input: LapseInput = {
    daysSinceOrder: numbers((row) => day - last(row)),
    daysSinceFirstOrder: numbers(({ known }) => day - known[0]),
    orders: numbers(({ known }) => known.length),
    gapDays: numbers((row) =>
      row.known.length > 1 ? (last(row) - row.known[0]) / (row.known.length - 1) : Number.NaN,
    ),
    activeDays: numbers(({ visits, left, known }) => {
      const here = Math.max(0, Math.min(day, left) - Math.max(day - 90, known[0])) / 90;
      return Math.min(90, poisson(visits * here, draws));
    }),
  };
  return {
    input,
    table: lapseSignals(input, horizonDays),
    labels: numbers(({ next }) => (next < day + horizonDays ? 0 : 1)),
  };
}

const exponential = ({ uniform }: Random) => -Math.log(1 - uniform());

/** Marsaglia & Tsang 2000. */
function gamma(shape: number, draws: Random): number {
  if (shape < 1) return gamma(shape + 1, draws) * draws.uniform() ** (1 / shape);
  const third = shape - 1 / 3;
  for (;;) {
    const x = draws.normal();
    const cube = (1 + x / Math.sqrt(9 * third)) ** 3;
    if (cube <= 0) continue;
    if (Math.log(1 - draws.uniform()) < 0.5 * x * x + third * (1 - cube + Math.log(cube)))
      return third * cube;
  }
}

function poisson(mean: number, draws: Random): number {
  let count = 0;
  for (let left = mean - exponential(draws); left > 0; left -= exponential(draws)) count++;
  return count;
}
