import type { FlatFile } from "@inchworm/store";
import type { Profile } from "./profile.js";
import type { Reading } from "./reading.js";

/** As many as trees have bins for. */
export const mostLevels = 255;

/** A level in fewer rows than this teaches nothing; it counts as missing, and so does a level that a model never met. */
export const leastRows = (rows: number): number => Math.min(5, Math.max(2, Math.floor(rows / 100)));

export interface Levels {
  readonly reading?: Extract<Reading, { kind: "category" }>;
  /** Rows whose value is no level. */
  readonly lost: number;
}

/** Tells the levels of a category, most frequent first; equally frequent ones in the order of their text. */
export async function tellLevels(
  file: FlatFile,
  { name, filled }: Profile,
  rows: number,
): Promise<Levels> {
  const text = file.text(name);
  const least = leastRows(rows);
  const found = await file.query<{ level: string; rows: number }>(`
    select ${text} as level, count(*) as rows from flat where fault is null and ${text} is not null
    group by level having count(*) >= ${least} order by rows desc, level limit ${mostLevels}`);
  // an address is nobody's category, and no model may hold one
  const kept = found.filter(({ level }) => !/\S@\S+\.\S|\0/.test(level));
  const held = kept.reduce((sum, level) => sum + level.rows, 0);
  const varies = kept.length > 1 || (kept.length === 1 && rows - held >= least);
  if (!varies) return { lost: filled - held };
  return {
    reading: { name, kind: "category", levels: kept.map(({ level }) => level) },
    lost: filled - held,
  };
}
