import type { ModelCard } from "@inchworm/spec";
import type { Database } from "./database.js";
import type { Session } from "./session.js";
import type { StoredModel } from "./types/scores.js";

/** Keeps a model and who was in its data, instead of any earlier model of the same id. Earlier models of the scorer stay. */
export async function saveModel(
  database: Database,
  model: StoredModel,
  seen: Int32Array,
): Promise<void> {
  await database.transaction(async (session) => {
    await session.run("delete from models where model_id = ?", [model.id]);
    await session.run("delete from model_members where model_id = ?", [model.id]);
    const [{ seq }] = await session.rows<{ seq: number }>(
      "select coalesce(max(seq), 0) + 1 as seq from models",
    );
    await session.append("models", {
      model_id: [model.id],
      seq: [seq],
      scorer: [model.scorer],
      options: [JSON.stringify(model.options)],
      card: [JSON.stringify(model.card)],
      artifact: [JSON.stringify(model.artifact)],
      reference: [model.reference === undefined ? null : JSON.stringify(model.reference)],
      trained_at: [model.trainedAt],
    });
    await session.append("model_members", {
      model_id: new Array<string>(seen.length).fill(model.id),
      contact_id: seen,
    });
  });
}

interface ModelRow {
  readonly id: string;
  readonly scorer: string;
  readonly options: string;
  readonly card: string;
  readonly artifact: string;
  readonly reference: string | null;
  readonly trainedAt: number;
  readonly forgotten: number;
}

/** The latest model of every scorer, or of one, in the order they were saved. */
export async function models(session: Session, scorer?: string): Promise<StoredModel[]> {
  const found = await session.rows<ModelRow>(
    `with gone as (
      select model_id, count(*) as forgotten from model_members anti join identities using (contact_id) group by model_id
    ), latest as (
      select * from models where ?::varchar is null or scorer = ?
      qualify row_number() over (partition by scorer order by seq desc) = 1
    )
    select model_id as id, scorer, options::varchar as options, card::varchar as card, artifact::varchar as artifact,
      reference::varchar as reference, trained_at as "trainedAt", coalesce(forgotten, 0) as forgotten
    from latest left join gone using (model_id) order by seq`,
    [scorer ?? null, scorer ?? null],
  );
  return found.map(({ options, card, artifact, reference, forgotten, ...model }) => ({
    ...model,
    options: JSON.parse(options) as StoredModel["options"],
    card: JSON.parse(card) as ModelCard,
    artifact: JSON.parse(artifact) as unknown,
    ...(reference !== null && { reference: JSON.parse(reference) as unknown }),
    ...(forgotten > 0 && { forgotten }),
  }));
}
