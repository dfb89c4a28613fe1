import { type Random, random } from "../random.js";
import { timeZoneClock } from "./time-zone-clock.js";
import type { Instants, TimingHistory } from "./types.js";
import { weekHours, windowHours } from "./types.js";

/** Who is simulated. Rhythms are sessions of reading, none of the shapes that the estimator has in its dictionary. */
export interface SimulateOptions {
  readonly contacts: number;
  readonly seed: number;
  /** Sends to each, the same for all or between two numbers; or as many as it takes until each has reacted so often (300 at most). */
  readonly sends?: number | readonly [least: number, most: number];
  readonly answers?: number;
  /** Acts (visits) of each. Defaults to none. */
  readonly acts?: number;
  /** Whether readers answer by the hour of sending, or when they come to read. Defaults to "at sending". */
  readonly reading?: "at sending" | "later";
  /** Share of people whose mail a machine opens at once. Defaults to .2. */
  readonly machines?: number;
  /** Zones and how many live there. Defaults to Berlin alone. */
  readonly zones?: readonly (readonly [zone: string, weight: number])[];
  /** How differently people live, 1 = as a rule; 0 = all alike. */
  readonly variety?: number;
}

export interface Simulated {
  readonly history: TimingHistory;
  /** When the acts were, in UTC. */
  readonly acts: Instants;
  /** Place in the zones of each. */
  readonly zones: Int32Array;
  /** `contacts × 168`: the true probability of an answer within 24 hours. */
  readonly truth: Float64Array;
}

const day = 86_400_000;
const hour = 3_600_000;
/** A Monday. */
const monday = Date.UTC(2024, 0, 1);
const weeks = 40;
const mostSends = 300;

/** Hours of sessions on a working day and on the weekend, and how people of a kind divide their reading among them. */
const kinds = [
  { share: 0.25, at: [6.5, 12.5, 17], weekend: [8, 11, 18], parts: [0.7, 0.15, 0.15] },
  { share: 0.3, at: [9, 12.5, 19.5], weekend: [10, 14, 20], parts: [0.2, 0.35, 0.45] },
  { share: 0.25, at: [8, 16, 21.5], weekend: [10.5, 15, 22], parts: [0.1, 0.15, 0.75] },
  { share: 0.2, at: [12, 18, 23.5], weekend: [13, 19, 24.5], parts: [0.25, 0.15, 0.6] },
] as const;
const dayBusy = [1.05, 1.1, 1.05, 1, 0.9, 0.85, 0.95];
/** Attention to a mail fades: by clock hours since it came. */
const fading = Float64Array.from({ length: windowHours + 1 }, (_, delay) => Math.exp(-delay / 5));

export function simulateTiming(options: SimulateOptions): Simulated {
  const { contacts, seed, reading = "at sending", machines = 0.2, variety = 1, acts = 0 } = options;
  const zones = options.zones ?? [["Europe/Berlin", 1]];
  const draw = random(seed);
  const truth = new Float64Array(contacts * weekHours);
  const sendOffsets = new Int32Array(contacts + 1);
  const actOffsets = new Int32Array(contacts + 1);
  const [cells, reactions, delays]: number[][] = [[], [], []];
  const [actCells, kindsOfAct, instants]: number[][] = [[], [], []];
  const zoneOf = new Int32Array(contacts);
  const fadingSum = fading.reduce((sum, value) => sum + value, 0);

  for (let contact = 0; contact < contacts; contact++) {
    const rhythm = rhythmOf(draw, variety);
    const level = 0.22 * Math.exp(0.7 * draw.normal() - 0.245);
    const machine = draw.uniform() < machines;
    zoneOf[contact] = pick(
      draw,
      zones.map(([, weight]) => weight),
    );
    const clock = timeZoneClock(zones[zoneOf[contact]][0]);
    const hazard = new Float64Array(weekHours);
    for (let cell = 0; cell < weekHours; cell++) {
      if (reading === "at sending") hazard[cell] = level * rhythm[cell];
      else
        for (let delay = 0; delay <= windowHours; delay++)
          hazard[cell] += (level * fading[delay] * rhythm[(cell + delay) % weekHours]) / fadingSum;
      truth[contact * weekHours + cell] = 1 - Math.exp(-hazard[cell]);
    }

    // whoever opens much is written to in the morning more often: hours are confounded with people
    const morning = level > 0.22 ? 0.7 : 0.35;
    let answers = 0;
    const { sends = 20 } = options;
    const planned =
      typeof sends === "number" ? sends : sends[0] + draw.below(sends[1] - sends[0] + 1);
    const enough = (sent: number): boolean =>
      options.answers === undefined
        ? sent >= planned
        : answers >= options.answers || sent >= mostSends;
    for (let sent = 0; !enough(sent); sent++) {
      const cell = sendCell(draw, morning);
      let delay = -1;
      if (reading === "at sending") {
        if (draw.uniform() < truth[contact * weekHours + cell])
          delay = Math.min(
            windowHours,
            Math.floor(Math.exp(0.3 + 0.9 * draw.normal()) + draw.uniform()),
          );
      } else {
        let left = -Math.log(1 - draw.uniform());
        for (let later = 0; later <= windowHours && delay < 0; later++) {
          left -= (level * fading[later] * rhythm[(cell + later) % weekHours]) / fadingSum;
          if (left <= 0) delay = later;
        }
      }
      if (delay >= 0) answers++;
      cells.push(cell);
      reactions.push(delay < 0 ? (machine ? 1 : 0) : draw.uniform() < 0.25 ? 3 : 2);
      delays.push(delay < 0 ? windowHours : delay);
    }
    sendOffsets[contact + 1] = cells.length;

    for (let act = 0; act < acts; act++) {
      const cell = pick(draw, rhythm);
      const wall = monday + draw.below(weeks) * 7 * day + cell * hour + draw.uniform() * hour;
      instants.push(clock.instant(wall));
      actCells.push(clock.weekHour(clock.instant(wall)));
      kindsOfAct.push(4);
    }
    actOffsets[contact + 1] = actCells.length;
  }
  return {
    history: {
      contacts,
      sends: {
        offsets: sendOffsets,
        cells: Uint8Array.from(cells),
        reactions: Uint8Array.from(reactions),
        delays: Uint8Array.from(delays),
      },
      ...(acts > 0 && {
        activity: {
          offsets: actOffsets,
          cells: Uint8Array.from(actCells),
          kinds: Uint8Array.from(kindsOfAct),
        },
      }),
    },
    acts: { contacts, offsets: actOffsets, instants: Float64Array.from(instants) },
    zones: zoneOf,
    truth,
  };
}

/** By week hour, the mean 1. */
function rhythmOf(draw: Random, variety: number): Float64Array {
  const kind =
    kinds[
      pick(
        draw,
        kinds.map(({ share }) => share),
      )
    ];
  const shift = 1.1 * variety * draw.normal();
  const width = 0.8 + 0.9 * variety * draw.uniform();
  const base = 0.08 + 0.25 * draw.uniform();
  const parts = kind.parts.map((part) => part * Math.exp(0.5 * variety * draw.normal()));
  const rhythm = new Float64Array(weekHours);
  for (let cell = 0; cell < weekHours; cell++) {
    const weekend = cell >= 120;
    const at = (cell % 24) + 0.5;
    // few are awake from one to five
    let rate = base * (at > 1 && at < 5.5 ? 0.2 : 1);
    parts.forEach((part, session) => {
      const apart = Math.abs(at - ((weekend ? kind.weekend : kind.at)[session] + shift)) % 24;
      rate += part * (1.6 / width) * Math.exp(-0.5 * (Math.min(apart, 24 - apart) / width) ** 2);
    });
    rhythm[cell] = rate * dayBusy[Math.floor(cell / 24)];
  }
  const mean = rhythm.reduce((sum, value) => sum + value, 0) / weekHours;
  return rhythm.map((value) => value / mean);
}

/** Half of the mail goes out at office hours of working days; every hour is tried now and then. */
function sendCell(draw: Random, morning: number): number {
  if (draw.uniform() < 0.4) return draw.below(weekHours);
  const hours = draw.uniform() < morning ? 9 + draw.below(3) : 15 + draw.below(6);
  return draw.below(5) * 24 + hours;
}

function pick(draw: Random, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += weights[index];
  let left = draw.uniform() * sum;
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index];
    if (left < 0) return index;
  }
  return weights.length - 1;
}
