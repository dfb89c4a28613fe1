import type { Database } from "../database.js";
import type { Figures, FiguresOptions, Group, Move, Spread } from "../types/figures.js";
import { deliveries } from "./deliveries.js";
import { groups, hours, ranks } from "./groups.js";
import { moved } from "./moves.js";
import { spread } from "./spread.js";

/** See `Store.figures`: everything as of one moment. */
export async function figures(
  database: Pick<Database, "snapshot">,
  options: FiguresOptions,
): Promise<Figures> {
  const session = await database.snapshot();
  try {
    const spreads: Spread[] = [];
    const moves: Move[] = [];
    for (const asked of options.numbers) {
      const found = await spread(session, asked);
      if (found) spreads.push(found);
      const move = await moved(session, asked);
      if (move) moves.push(move);
    }
    const parted: Group[] = [];
    for (const asked of options.groups) parted.push(...(await groups(session, asked, options)));
    return {
      spreads,
      moves,
      groups: parted,
      ranks: await ranks(session),
      hours: await hours(session),
      deliveries: await deliveries(session),
    };
  } finally {
    await session.end();
  }
}
