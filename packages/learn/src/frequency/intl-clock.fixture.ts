import type { LocalClock } from "./types.js";

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a wall clock in the zone shows, as the runtime's own calendar tells it. */
export function wallOf(zone: string, instant: number): number {
  let format = formats.get(zone);
  if (!format) {
    const numeric = "numeric";
    const fields = { year: numeric, month: numeric, day: numeric, hour: numeric } as const;
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      ...fields,
      minute: numeric,
      second: numeric,
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
}

/** Slow and plain: asks the runtime each time. */
export function intlClock(zone: string): LocalClock {
  const offset = (instant: number): number => wallOf(zone, instant) - instant;
  return {
    offset,
    instant(wall) {
      const day = 86_400_000;
      const [before, after] = [offset(wall - day), offset(wall + day)];
      const shown = [wall - before, wall - after].filter((at) => wallOf(zone, at) === wall);
      return shown.length > 0 ? Math.min(...shown) : wall - before;
    },
  };
}
