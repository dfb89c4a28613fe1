import { InchwormError } from "@inchworm/spec";
import { openFlatFile } from "@inchworm/store";
import { shown } from "../table/names.js";

/** The columns of a log of lines that were tested against one another. */
export interface LineColumns {
  readonly text: string;
  readonly group: string;
  readonly shown: string;
  readonly clicked: string;
}

/** Names that such columns commonly have, in small letters. */
export const common: Readonly<Record<keyof LineColumns, readonly string[]>> = {
  text: ["text", "subject", "subject line", "subject_line", "headline", "title", "line"],
  group: [
    "group",
    "test",
    "test_id",
    "campaign",
    "campaign_id",
    "campaign id",
    "clickability_test_id",
    "ab_test",
  ],
  shown: ["shown", "impressions", "sent", "sends", "delivered", "recipients", "emails sent"],
  clicked: [
    "clicked",
    "clicks",
    "unique_clicks",
    "unique clicks",
    "opens",
    "opened",
    "unique opens",
  ],
};

/**
 * The columns that were named, and by common names those that were not.
 *
 * @throws InchwormError "input" when one is neither named nor there by a common name
 */
export async function lineColumns(
  path: string,
  given: Partial<LineColumns>,
  separator: string | undefined,
): Promise<LineColumns> {
  const missing = (Object.keys(common) as (keyof LineColumns)[]).filter((key) => !given[key]);
  if (missing.length === 0) return given as LineColumns;
  const file = await openFlatFile(path, { ...(separator !== undefined && { separator }) });
  const { columns } = file;
  await file.close();
  const found: Partial<Record<keyof LineColumns, string>> = { ...given };
  for (const key of missing) {
    const plain = (name: string) => name.trim().toLowerCase();
    const column = common[key]
      .map((name) => columns.find((one) => plain(one) === name))
      .find((one) => one !== undefined);
    if (column === undefined)
      throw new InchwormError("input", `${path} has no column that looks like --${key}.`, {
        hint: `Name it with --${key}; the columns are ${shown(columns)}.`,
      });
    found[key] = column;
  }
  return found as LineColumns;
}
