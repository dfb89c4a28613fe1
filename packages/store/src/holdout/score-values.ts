import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import type { ScoreValues } from "../types/holdout.js";

/** See `Store.scoreValues`. */
export async function scoreValues(
  database: Database,
  scorer: string,
  field: string,
): Promise<ScoreValues | undefined> {
  const [found] = await database.rows<{ modelId: string }>(
    `select any_value(model_id) as "modelId" from scores where scorer = ? group by scorer`,
    [scorer],
  );
  if (!found) return undefined;
  const [contacts, values] = await columnsOf(
    database.stream(
      `select contact_id, value from (
        select contact_id, try_cast(json_extract_string(fields, ?) as double) as value from scores where scorer = ?
      ) where value is not null order by contact_id`,
      [field, scorer],
    ),
    [Int32Array, Float64Array],
  );
  return { ...found, contacts, values };
}
