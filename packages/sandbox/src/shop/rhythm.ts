/** When people of one kind are awake for shopping: 24 weights for a working day, 24 for a weekend day. */
export const chronotypes = ["early", "office", "midday", "evening", "night"] as const;
export type Chronotype = (typeof chronotypes)[number];

export const secondsPerHour = 3600;
export const secondsPerDay = 86_400;
export const hoursPerWeek = 168;

const days: Readonly<Record<Chronotype, { readonly work: string; readonly weekend: string }>> = {
  // one digit an hour, midnight first
  early: { work: "000003789854333322221100", weekend: "000001479997543332222100" },
  office: { work: "000000147999877765322110", weekend: "100000012345665544443321" },
  midday: { work: "000000012348998432233321", weekend: "110000001357876543334432" },
  evening: { work: "210000012222222233579985", weekend: "321000001245555444579886" },
  night: { work: "864200000111122223345789", weekend: "997521000011223333445689" },
};

/** An hourly profile over the week, Monday 00:00 first, in the person's own time. */
export interface Rhythm {
  /** Share of a week's activity in each hour; sums to 1. */
  readonly share: Float64Array;
  /** Share before each hour; 169 entries, the last is 1. */
  readonly before: Float64Array;
  /** How much likelier than on average a mail sent in an hour is opened; the mean over the week is 1. */
  readonly opening: Float64Array;
  /** The hour in which each 1/512 of the week's activity starts. */
  readonly guide: Uint8Array;
}

export const guideCells = 512;

function rhythm(chronotype: Chronotype): Rhythm {
  const share = new Float64Array(hoursPerWeek);
  for (let hour = 0; hour < hoursPerWeek; hour++) {
    const weekend = hour >= 120;
    const digits = weekend ? days[chronotype].weekend : days[chronotype].work;
    // Sunday is the busier half of the weekend; nobody is asleep for certain
    share[hour] = (0.25 + Number(digits[hour % 24])) * (weekend ? (hour < 144 ? 0.85 : 1.15) : 1);
  }
  const total = share.reduce((sum, value) => sum + value, 0);
  const before = new Float64Array(hoursPerWeek + 1);
  for (let hour = 0; hour < hoursPerWeek; hour++) {
    share[hour] /= total;
    before[hour + 1] = before[hour] + share[hour];
  }
  before[hoursPerWeek] = 1;

  const guide = new Uint8Array(guideCells);
  for (let cell = 0, hour = 0; cell < guideCells; cell++) {
    while (before[hour + 1] <= cell / guideCells) hour++;
    guide[cell] = hour;
  }
  return { share, before, opening: opening(share), guide };
}

// A mail fades in the inbox: what the person does in the next hours counts, each hour .7 of the one before.
function opening(share: Float64Array): Float64Array {
  const values = new Float64Array(hoursPerWeek);
  for (let hour = 0; hour < hoursPerWeek; hour++) {
    let seen = 0;
    let weight = 1;
    let weights = 0;
    for (let later = 0; later < 12; later++, weight *= 0.7) {
      seen += weight * share[(hour + later) % hoursPerWeek];
      weights += weight;
    }
    values[hour] = 0.3 + (0.7 * hoursPerWeek * seen) / weights;
  }
  return values;
}

export const rhythms: readonly Rhythm[] = chronotypes.map(rhythm);

// Strength of trade by month; interpolated between the middles of months.
const plainMonths = [0.94, 0.93, 0.96, 0.98, 0.99, 0.97, 0.93, 0.92, 0.98, 1.04, 1.17, 1.19];
const saleMonths = [1.35, 0.8, 0.85, 0.85, 0.85, 0.95, 1.2, 0.95, 0.85, 0.9, 1.4, 1.1];
/** People who wait for the January, July and November sales, and everybody else. */
export const seasons = ["plain", "sale"] as const;

/** Strength of trade in the week that starts at a day, 1 on average over a year. */
export function season(kind: 0 | 1, weekStart: number): number {
  const months = kind === 1 ? saleMonths : plainMonths;
  const middle = new Date((weekStart + 3.5 * secondsPerDay) * 1000);
  const position = middle.getUTCMonth() + (middle.getUTCDate() - 15.5) / 31;
  const month = Math.floor(position);
  const part = position - month;
  return (1 - part) * months[(month + 12) % 12] + part * months[(month + 13) % 12];
}
