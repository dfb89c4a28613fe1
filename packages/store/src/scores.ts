import type { FieldValue } from "@inchworm/spec";
import type { Database } from "./database.js";
import { bump } from "./meta.js";
import type { Session } from "./session.js";
import type { ContactScore, Drift, ScoreRows, ScoreSummary, Scores } from "./types/scores.js";

/** Rows turned into JSON at a time. */
const chunkRows = 50_000;

/** Replaces all scores of a scorer; a plan made from the earlier ones is stale from then on. */
export function saveScores(database: Database, { drift, ...scores }: Scores): Promise<void> {
  return saveScoreParts(database, scores, [scores], drift);
}

/** The same part by part. Making a part may read the store: it sees what was there before. */
export async function saveScoreParts(
  database: Database,
  { scorer, modelId, asOf }: Pick<Scores, "scorer" | "modelId" | "asOf">,
  parts: Iterable<ScoreRows> | AsyncIterable<ScoreRows>,
  drift?: Drift,
): Promise<void> {
  await database.transaction(async (session) => {
    await session.run("delete from scores where scorer = ?", [scorer]);
    await session.run("delete from drifts where scorer = ?", [scorer]);
    if (drift) await session.append("drifts", { scorer: [scorer], drift: [JSON.stringify(drift)] });
    // what is the same in every row is not carried over row by row
    await session.run(
      "create or replace temp table in_scores (contact_id integer, fields json, reasons json, abstained varchar)",
    );
    for await (const part of parts) await appendRows(session, part);
    await session.run(
      `insert into scores (contact_id, scorer, model_id, as_of, fields, reasons, abstained)
      select contact_id, ?, ?, ?, fields, reasons, abstained from in_scores`,
      [scorer, modelId, new Date(asOf)],
    );
    await session.run("drop table in_scores");
    await bump(session, "scores");
  });
}

async function appendRows(session: Session, rows: ScoreRows): Promise<void> {
  const { contacts, reasons, abstained } = rows;
  for (let from = 0; from < contacts.length; from += chunkRows) {
    const length = Math.min(chunkRows, contacts.length - from);
    await session.append("in_scores", {
      contact_id: contacts.subarray(from, from + length),
      fields: Array.from({ length }, (_, row) => fieldsOf(rows, from + row)),
      reasons: Array.from({ length }, (_, row) => JSON.stringify(reasons[from + row])),
      abstained: abstained.slice(from, from + length),
    });
  }
}

function fieldsOf({ fields }: ScoreRows, row: number): string {
  const values: Record<string, FieldValue> = {};
  for (const name in fields) values[name] = fields[name][row];
  return JSON.stringify(values);
}

interface StoredRow {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: number;
  readonly fields: string;
  readonly reasons: string;
  readonly abstained: string | null;
}

export async function scoresOf(session: Session, contact: number): Promise<ContactScore[]> {
  const found = await session.rows<StoredRow>(
    `select scorer, model_id as "modelId", as_of as "asOf", fields::varchar as fields, reasons::varchar as reasons, abstained
    from scores where contact_id = ? order by scorer`,
    [contact],
  );
  return found.map(({ fields, reasons, abstained, ...score }) => ({
    ...score,
    values: JSON.parse(fields) as ContactScore["values"],
    reasons: JSON.parse(reasons) as string[],
    ...(abstained !== null && { abstained }),
  }));
}

/** A text field with more values than this is no category. */
const mostCategories = 50;

export async function scoreSummary(session: Session): Promise<ScoreSummary[]> {
  const counts = await session.rows<{
    scorer: string;
    modelId: string;
    asOf: number;
    scored: number;
    abstained: number;
  }>(
    `select scorer, any_value(model_id) as "modelId", max(as_of) as "asOf", count(*) filter (where abstained is null) as scored, count(abstained) as abstained
    from scores group by scorer order by scorer`,
  );
  const abstentions = await session.rows<{ scorer: string; name: string; contacts: number }>(
    "select scorer, abstained as name, count(*) as contacts from scores where abstained is not null group by all order by contacts desc, name",
  );
  const categories = await session.rows<{
    scorer: string;
    field: string;
    name: string;
    contacts: number;
  }>(
    `with named as (
      select scorer, unnest(json_keys(fields)) as field, fields from scores where abstained is null
    ), texts as (
      select scorer, field, json_extract_string(fields, field) as name from named where json_type(fields, field) = 'VARCHAR'
    )
    select scorer, field, name, count(*) as contacts from texts group by scorer, field, name
    qualify count(*) over (partition by scorer, field) <= ${mostCategories}
    order by scorer, field, contacts desc, name`,
  );
  const drifts = new Map(
    (
      await session.rows<{ scorer: string; drift: string }>(
        "select scorer, drift::varchar as drift from drifts",
      )
    ).map(({ scorer, drift }) => [scorer, JSON.parse(drift) as Drift]),
  );
  return counts.map((count) => {
    const drift = drifts.get(count.scorer);
    const ofScorer = <Row extends { scorer: string }>(rows: readonly Row[]) =>
      rows.filter(({ scorer }) => scorer === count.scorer);
    const byField: Record<string, Record<string, number>> = {};
    for (const { field, name, contacts } of ofScorer(categories)) {
      byField[field] ??= {};
      byField[field][name] = contacts;
    }
    return {
      ...count,
      abstentions: Object.fromEntries(
        ofScorer(abstentions).map(({ name, contacts }) => [name, contacts]),
      ),
      categories: byField,
      ...(drift && { drift }),
    };
  });
}
