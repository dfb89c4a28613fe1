import { dropForgotten } from "../merge/forgotten.js";
import { mergeStaged } from "../merge/merge.js";
import type { Merged } from "../merge/orders.js";
import { countRows } from "../merge/staging.js";
import type { Session } from "../session.js";
import type { ImportKind } from "../types/import.js";
import type { Columns } from "./columns.js";
import { type StageOptions, stageRows } from "./stage.js";

/** What became of the good rows of a file. */
export interface Stored extends Merged {
  readonly forgotten: number;
  readonly anonymous: number;
}

/** Puts the good rows of `in_rows` into the tables of their kind. */
export async function storeRecords(
  session: Session,
  kind: Exclude<ImportKind, "labels">,
  columns: Columns,
  options: StageOptions,
): Promise<Stored> {
  const [main, ...others] = await stageRows(session, kind, columns, options);
  await session.run("drop table in_rows");
  const anonymous =
    main === "in_order" || main === "in_order_line"
      ? await countRows(session, `${main} where who_id is null`)
      : 0;
  const staged = new Set([main, ...others]);
  const dropped = await dropForgotten(session, staged);
  const merged = await mergeStaged(
    session,
    staged,
    { name: "import", system: options.system },
    "by id, contact and instant",
  );
  const { added, updated } = merged.get(main) ?? { added: 0, updated: 0 };
  return { added, updated, forgotten: dropped.get(main) ?? 0, anonymous };
}
