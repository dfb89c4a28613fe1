import { binCount, binOfCell, dayOfCell, daysOfBin, weekDays } from "./bins.js";
import { type Everyone, profile } from "./profile.js";
import { delayCount, type Tally } from "./tally.js";
import { weekHours, windowHours } from "./types.js";

/** How readers are taken to answer. */
export interface Reading {
  /** Readers answer by the hour of sending, or by the hours in which they come to read. */
  readonly reading: "at sending" | "later";
  /** By delay: share of attention a send gets so many clock hours later; the sum is 1. */
  readonly decay: Float64Array;
  /** By delay: share of all answers of the window that have come by then. */
  readonly answered: Float64Array;
  /** Where an unknown delay is put. */
  readonly usual: number;
  /** By day: how much busier than the mean day of its kind. */
  readonly days: Float64Array;
}

const rounds = 12;
/** Events at the mean rate that pull a day's factor to 1. */
const dayPrior = 50;

/** Share of answers by delay (life table: whoever is no longer watched is no longer at risk), and by delay the hazard. */
function lifeTable({ reacted, watched }: Tally): Float64Array {
  const answered = new Float64Array(delayCount);
  const dead = new Float64Array(delayCount);
  const lost = new Float64Array(delayCount);
  for (let cell = 0; cell < weekHours; cell++)
    for (let delay = 0; delay < delayCount; delay++) {
      dead[delay] += reacted[cell * (delayCount + 1) + delay];
      lost[delay] += watched[cell * delayCount + delay];
    }
  let risk =
    dead.reduce((sum, value) => sum + value, 0) + lost.reduce((sum, value) => sum + value, 0);
  let alive = 1;
  for (let delay = 0; delay < delayCount; delay++) {
    // watched for so many whole hours: at risk in each clock hour before that, and half the next one
    const under = risk - (delay < windowHours ? lost[delay] / 2 : 0);
    alive *= under > 0 ? Math.max(0, 1 - dead[delay] / under) : 1;
    answered[delay] = 1 - alive;
    risk -= dead[delay] + lost[delay];
  }
  const all = answered[windowHours];
  return answered.map((share, delay) => (all > 0 ? share / all : (delay + 1) / delayCount));
}

/** How everyone's rates are counted when readers answer at the hour of sending, and when they answer later. */
export function readEveryone(
  counted: Tally,
  reading: Reading["reading"],
): { readonly reading: Reading; readonly everyone: Everyone } {
  const answered = lifeTable(counted);
  const usual = answered.findIndex((share) => share >= 0.5);
  let decay = answered.map((share, delay) => share - (delay === 0 ? 0 : answered[delay - 1]));
  let days: Float64Array = new Float64Array(weekDays).fill(1);
  let everyone = count(counted, { reading, decay, answered, usual, days });
  for (let round = 0; round < rounds; round++) {
    const { byDay, byDelay } = everyone;
    days = dayFactors(byDay);
    // Breslow's estimate: answers after a delay over what was at risk then, at everyone's rate in the hour
    if (reading === "later") {
      const raw = byDelay.events.map(
        (events, delay) => events / Math.max(byDelay.risk[delay], 1e-12),
      );
      const sum = raw.reduce((total, value) => total + value, 0);
      if (sum > 0) decay = raw.map((value) => value / sum);
    }
    everyone = count(counted, { reading, decay, answered, usual, days });
    if (reading === "at sending" && round > 1) break;
  }
  return { reading: { reading, decay, answered, usual, days }, everyone };
}

/**
 * Whether readers answer by the hour of sending or at hours of their own: whichever makes the delays of all answers likelier. Readers
 * with hours of their own leave what was sent at night until the morning; the others take as long at any hour.
 */
export function likelierReading(counted: Tally): Reading["reading"] {
  const { reading, everyone } = readEveryone(counted, "later");
  const { decay, days } = reading;
  const { answered } = readEveryone(counted, "at sending").reading;
  let difference = -binCount; // so many rates were fitted to the delays, too
  for (let cell = 0; cell < weekHours; cell++) {
    const likely = decay.map((share, delay) => {
      const there = (cell + delay) % weekHours;
      return share * everyone.rates[binOfCell[there]] * days[dayOfCell[there]];
    });
    const sum = likely.reduce((total, value) => total + value, 0);
    for (let delay = 0; delay < delayCount; delay++) {
      const events = counted.reacted[cell * (delayCount + 1) + delay];
      if (events === 0) continue;
      const plain = answered[delay] - (delay === 0 ? 0 : answered[delay - 1]);
      difference +=
        events * Math.log(Math.max(likely[delay] / sum, 1e-12) / Math.max(plain, 1e-12));
    }
  }
  return difference > 0 ? "later" : "at sending";
}

interface Counted extends Everyone {
  readonly byDay: { readonly events: Float64Array; readonly expected: Float64Array };
  readonly byDelay: { readonly events: Float64Array; readonly risk: Float64Array };
}

function count({ reacted, watched }: Tally, reading: Reading): Counted {
  const { decay, answered, usual, days } = reading;
  const cellEvents = new Float64Array(weekHours);
  const cellExposure = new Float64Array(weekHours);
  const later = reading.reading === "later";
  const delayEvents = new Float64Array(delayCount);
  // send cell × delay: sends at risk so many hours later
  const risks = new Float64Array(weekHours * delayCount);
  for (let cell = 0; cell < weekHours; cell++) {
    let risk = 0;
    for (let delay = windowHours; delay >= 0; delay--) {
      const unknown = delay === usual ? reacted[cell * (delayCount + 1) + delayCount] : 0;
      const came = reacted[cell * (delayCount + 1) + delay] + unknown;
      const gone = watched[cell * delayCount + delay];
      if (later) {
        const there = (cell + delay) % weekHours;
        const open = risk + came / 2 + (delay === windowHours ? gone : gone / 2);
        cellEvents[there] += came;
        cellExposure[there] += open * decay[delay];
        risks[cell * delayCount + delay] = open;
        delayEvents[delay] += came;
        risk += came + gone;
      } else {
        cellEvents[cell] += came;
        cellExposure[cell] += came / 2 + gone * watchedShare(answered, delay);
      }
    }
  }
  const events = new Float64Array(binCount);
  const exposure = new Float64Array(binCount);
  for (let cell = 0; cell < weekHours; cell++) {
    events[binOfCell[cell]] += cellEvents[cell];
    exposure[binOfCell[cell]] += cellExposure[cell] * days[dayOfCell[cell]];
  }
  const { rates, mean } = profile(events, exposure);
  const byDay = { events: new Float64Array(weekDays), expected: new Float64Array(weekDays) };
  const risk = new Float64Array(delayCount);
  for (let cell = 0; cell < weekHours; cell++) {
    byDay.events[dayOfCell[cell]] += cellEvents[cell];
    byDay.expected[dayOfCell[cell]] += cellExposure[cell] * rates[binOfCell[cell]];
    for (let delay = 0; later && delay < delayCount; delay++) {
      const there = (cell + delay) % weekHours;
      risk[delay] +=
        risks[cell * delayCount + delay] * rates[binOfCell[there]] * days[dayOfCell[there]];
    }
  }
  return { events, exposure, rates, mean, byDay, byDelay: { events: delayEvents, risk } };
}

/** How much of a send's whole exposure has passed after so many whole hours without an answer. */
export function watchedShare(answered: Float64Array, hours: number): number {
  if (hours >= windowHours) return 1;
  const before = hours === 0 ? 0 : answered[hours - 1];
  return (before + answered[hours]) / 2;
}

function dayFactors({ events, expected }: Counted["byDay"]): Float64Array {
  const raw = events.map((value, day) => (value + dayPrior) / (expected[day] + dayPrior));
  const factors = new Float64Array(weekDays);
  for (const [from, to] of [
    [0, 5],
    [5, 7],
  ] as const) {
    let [sum, weight] = [0, 0];
    for (let day = from; day < to; day++) {
      sum += raw[day] * (expected[day] + dayPrior);
      weight += expected[day] + dayPrior;
    }
    for (let day = from; day < to; day++) factors[day] = raw[day] / (sum / weight);
  }
  return factors;
}

/** Everyone's rates where acts alone are known: each hour of the week has been open to all alike. */
export function actsOnly({ acts, actDays }: Tally): {
  readonly reading: Reading;
  readonly everyone: Everyone;
} {
  const exposure = Float64Array.from({ length: binCount }, (_, bin) => daysOfBin(bin));
  const expected = new Float64Array(weekDays);
  for (const [from, to] of [
    [0, 5],
    [5, 7],
  ] as const) {
    let sum = 0;
    for (let day = from; day < to; day++) sum += actDays[day];
    expected.fill(sum / (to - from), from, to);
  }
  return {
    reading: {
      reading: "at sending",
      decay: new Float64Array(delayCount),
      answered: Float64Array.from({ length: delayCount }, (_, delay) => (delay + 1) / delayCount),
      usual: 0,
      days: dayFactors({ events: actDays, expected }),
    },
    everyone: profile(acts, exposure),
  };
}
