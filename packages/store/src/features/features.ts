import { InchwormError } from "@inchworm/spec";
import type { Database, Snapshot } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, identifier, join, render, type Sql, sql } from "../sql.js";
import type { FeatureOptions, FeatureTable } from "../types/features.js";
import { featureCatalogue } from "./catalogue.js";
import { type Cut, cutAt, refuseNonInstants } from "./cut.js";
import { engagement, engagementRates } from "./engagement.js";
import { gaps } from "./gaps.js";
import { columnsOf, gather, rowOf } from "./gather.js";
import type { Derived, FeatureGroup } from "./group.js";
import { grouping } from "./grouping.js";
import { items, lines } from "./lines.js";
import { orders } from "./orders.js";
import { population } from "./population.js";
import { countEnd, inSample, sampleContacts, shareEnd } from "./sampling.js";

/** One query each. `tenure_days` comes with the population. */
export const featureGroups: readonly FeatureGroup[] = [orders, gaps, lines, items, ...engagement];
export const derivedFeatures: Readonly<Record<string, Derived>> = engagementRates;

/** `contact_id` and the named features of a group, one row per contact that has any. */
export function groupQuery(group: FeatureGroup, names: readonly string[], cut: Cut): Sql {
  const columns = names.map((name) => {
    const value = group.features[name].value(cut);
    return sql`${call("f32", value)} as ${identifier(name)}`;
  });
  return sql`select contact_id, ${join(columns, ", ")} from ${group.rows(cut)} group by contact_id`;
}

function chosen({ asOf, orderedSince, columns }: FeatureOptions): readonly string[] {
  refuseNonInstants("features", { asOf, orderedSince });
  const known = featureCatalogue.map(({ name }) => name);
  const wrong = columns?.find((name) => !known.includes(name));
  if (wrong === undefined) return columns ?? known;
  throw new InchwormError("input", `features: there is no feature "${wrong}".`, {
    hint: "The names are in featureCatalogue.",
  });
}

/** See `Store.features`. Everything is read from one snapshot. */
export async function features(database: Database, options: FeatureOptions): Promise<FeatureTable> {
  const names = chosen(options);
  const cut = cutAt(options.asOf);
  const { signal } = options;
  const snapshot = await database.snapshot({ signal });
  try {
    await sampleContacts(snapshot, shareEnd(options.sample ?? 1));
    const settingFor = await grouping(snapshot);
    const read = (query: Sql, aggregates: number) =>
      chunksOf(snapshot, query, settingFor(aggregates));
    const [all, tenureOfAll] = await columnsOf(read(population(cut, options.orderedSince), 1), [
      Int32Array,
      Float32Array,
    ]);
    const end = options.atMost === undefined ? undefined : countEnd(all, options.atMost);
    const contacts = end === undefined ? all : inSample(all, end);
    const rows = rowOf(contacts);
    const tenure =
      contacts.length === all.length
        ? tenureOfAll
        : tenureOfAll.filter((_, row) => (rows[all[row]] ?? -1) >= 0);
    if (end !== undefined) await sampleContacts(snapshot, end);
    const columns = new Map([["tenure_days", tenure]]);
    const needed = new Set([
      ...names,
      ...names.flatMap((name) => derivedFeatures[name]?.from ?? []),
    ]);
    for (const group of featureGroups) {
      const wanted = Object.keys(group.features).filter((name) => needed.has(name));
      if (wanted.length === 0) continue;
      const values = wanted.map((name) =>
        new Float32Array(contacts.length).fill(group.features[name].absent),
      );
      await gather(read(groupQuery(group, wanted, cut), wanted.length), rows, values);
      for (const [index, name] of wanted.entries()) columns.set(name, values[index]);
    }
    return {
      rows: contacts.length,
      contacts,
      columns: names.map((name) => ({
        name,
        kind: "number",
        values: columns.get(name) ?? derive(derivedFeatures[name], columns, contacts.length),
      })),
    };
  } finally {
    await snapshot.end();
  }
}

function derive(
  { from, value }: Derived,
  columns: ReadonlyMap<string, Float32Array>,
  rows: number,
): Float32Array {
  const sources = from.map((name) => columns.get(name) as Float32Array);
  const result = new Float32Array(rows);
  const values = sources.map(() => 0);
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < sources.length; index++) values[index] = sources[index][row];
    result[row] = value(...values);
  }
  return result;
}

async function* chunksOf(snapshot: Snapshot, query: Sql, setting: string) {
  const { text, params } = render(query, duckdb);
  await snapshot.run(setting);
  yield* snapshot.stream(text, params);
}
