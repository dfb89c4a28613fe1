/** Campaigns in which an hour is to have been used, so that it is told apart from its neighbours. */
const often = 10;
const widths = [1, 2, 3, 4, 6];
/** Share of the rows whose hours are to be used often enough. */
const most = 0.7;

/**
 * Hours of the day (0 to 23; `NaN` is unknown) as levels: each its own, such as "9", or with its neighbours, such as "8–11", where few campaigns
 * were sent at each. `groups` are campaigns, as in `DriverTrials`.
 */
export function hourLevels(
  hours: ArrayLike<number>,
  groups?: ArrayLike<number>,
): (string | undefined)[] {
  const rows = Array.from(hours, (hour, row) => ({ hour, group: groups ? groups[row] : row }));
  const known = rows.filter(({ hour }) => !Number.isNaN(hour));
  const enough = (width: number): boolean => {
    const used = new Map<number, Set<number>>();
    for (const { hour, group } of known) {
      const band = Math.floor(hour / width);
      used.set(band, (used.get(band) ?? new Set()).add(group));
    }
    const inside = known.filter(
      ({ hour }) => (used.get(Math.floor(hour / width))?.size ?? 0) >= often,
    );
    return inside.length >= most * known.length;
  };
  const width = widths.find(enough) ?? widths[widths.length - 1];
  return rows.map(({ hour }) => {
    if (Number.isNaN(hour)) return undefined;
    const first = width * Math.floor(hour / width);
    return width === 1 ? String(first) : `${first}–${first + width - 1}`;
  });
}
