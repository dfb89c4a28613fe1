import { InchwormError } from "@inchworm/spec";
import type { Session } from "../session.js";
import { literal } from "../values.js";
import { eachBatch } from "./batches.js";
import { batchOf, recordMark, recordsOf, type TextTable } from "./table.js";

const sampled = 1000;
const deepest = 4;

/** An NDJSON file as a table. Its columns are the keys of the first objects; a key inside an object is `outer.inner`. */
export function readJson(
  session: Session,
  path: string,
  block: string,
  blocks: AsyncGenerator<string>,
): TextTable {
  const pointers = new Map<string, string>();
  const collect = (value: unknown, name: string, pointer: string, depth: number): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && depth < deepest) {
      for (const [key, inner] of Object.entries(value)) {
        const step = key.replaceAll("~", "~0").replaceAll("/", "~1");
        collect(inner, name === "" ? key : `${name}.${key}`, `${pointer}/${step}`, depth + 1);
      }
    } else if (!pointers.has(name)) pointers.set(name, pointer);
  };
  for (const line of block.split("\n", sampled)) {
    try {
      collect(JSON.parse(line), "", "", 0);
    } catch {
      // a faulty row is rejected when it is read
    }
  }
  pointers.delete("");
  if (pointers.size === 0) {
    throw new InchwormError("input", `${path} holds no JSON objects.`, {
      hint: "NDJSON has one object a line.",
    });
  }

  let line = 1;
  let batch = batchOf();
  const cut = {
    push(text: string): void {
      const records = text.replaceAll(recordMark, " ").replaceAll("\n", recordMark);
      const lines = records.split(recordMark).length;
      batch.add(line, records, lines, lines);
      line += lines;
    },
    end(): void {},
    drain() {
      const full = batch;
      full.finish();
      batch = batchOf();
      return full;
    },
  };
  return {
    columns: [...pointers.keys()],
    each: (wanted, take) => {
      const paths = wanted.map((name) => literal(pointers.get(name) ?? "")).join(", ");
      return eachBatch(session, block, blocks, cut, () =>
        take(`
          select line::bigint as line, case when f is null then 'not a JSON object' end as fault${wanted
            .map((_, index) => `, f[${index + 1}] as c${index}`)
            .join("")}
          from (
            select line, case when json_valid(record) and starts_with(ltrim(record), '{')
              then json_extract_string(record, [${paths}]) end as f
            from (${recordsOf}) where trim(record) <> ''
          )`),
      );
    },
    async close() {
      await blocks.return(undefined);
    },
  };
}
