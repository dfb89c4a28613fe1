import { InchwormError } from "@inchworm/spec";
import type { Session } from "../session.js";
import { literal } from "../values.js";
import type { TextTable } from "./table.js";

/** A Parquet file as a table. Its "lines" are its rows, counted as those of a CSV file with a header: the first is line 2. */
export async function readParquet(session: Session, path: string): Promise<TextTable> {
  const from = `read_parquet([${literal(path)}], file_row_number = true, binary_as_string = true)`;
  const described = await session
    .rows<{ name: string }>(`select column_name as name from (describe from ${from})`)
    .catch(() => {
      throw new InchwormError("input", `${path} is a damaged Parquet file.`, {
        hint: "Export or download it again.",
      });
    });
  return {
    columns: described.map(({ name }) => name).filter((name) => name !== "file_row_number"),
    each: (wanted, take) =>
      take(
        `select file_row_number + 2 as line, null::varchar as fault${wanted
          .map((name, index) => `, "${name.replaceAll('"', '""')}"::varchar as c${index}`)
          .join("")} from ${from}`,
      ),
    async close() {},
  };
}
