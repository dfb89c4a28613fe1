/** How busy each day of the week is, as a clock: on a day of weight 2 time runs twice as fast, and the mean weight is 1. */
export interface Clock {
  /** Sunday first; mean 1. */
  readonly weekdays: Float64Array;
  /** Clock time from day 0 to the real-valued `day`. */
  at(day: number): number;
  /** The real-valued day at a clock time. */
  dayAt(time: number): number;
}

/** A day on which nobody orders still passes, at this share of a mean day. */
const slowest = 0.05;
/** Day 0 is 1970-01-01, a Thursday. */
const firstWeekday = 4;

export const weekdayOf = (day: number): number => (((day + firstWeekday) % 7) + 7) % 7;

/** @param counts events per weekday, Sunday first; undefined = every day alike */
export function makeClock(counts?: ArrayLike<number>): Clock {
  const weekdays = new Float64Array(7).fill(1);
  if (counts) {
    const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
    if (total > 0)
      for (let weekday = 0; weekday < 7; weekday++)
        weekdays[weekday] = Math.max(slowest, (7 * (counts[weekday] + 1)) / (total + 7));
    const mean = weekdays.reduce((sum, weight) => sum + weight, 0) / 7;
    for (let weekday = 0; weekday < 7; weekday++) weekdays[weekday] /= mean;
  }
  return clockOf(weekdays);
}

export function clockOf(weekdays: Float64Array): Clock {
  // passed[i] = clock time from the start of a week, which begins as day 0 did, to its i-th day
  const passed = new Float64Array(8);
  for (let place = 0; place < 7; place++)
    passed[place + 1] = passed[place] + weekdays[(place + firstWeekday) % 7];
  const week = passed[7];
  return {
    weekdays,
    at(day) {
      const weeks = Math.floor(day / 7);
      const inWeek = day - 7 * weeks;
      const whole = Math.min(6, Math.floor(inWeek));
      return weeks * week + passed[whole] + (inWeek - whole) * (passed[whole + 1] - passed[whole]);
    },
    dayAt(time) {
      if (!Number.isFinite(time)) return time;
      const weeks = Math.floor(time / week);
      const inWeek = time - week * weeks;
      let whole = 0;
      while (whole < 6 && passed[whole + 1] <= inWeek) whole++;
      return 7 * weeks + whole + (inWeek - passed[whole]) / (passed[whole + 1] - passed[whole]);
    },
  };
}
