import { createHash } from "node:crypto";
import type { Column, Table } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { day } from "../windows.js";
import type { Contracts } from "./contract-churn-rows.js";

/** Where in a flat table the contracts are told. */
export interface ContractTable {
  /** A CSV, Parquet or NDJSON file, gzipped or not, one row per contract. */
  readonly file: string;
  /** Column with the customer's id. */
  readonly customer: string;
  /** Column with the day a contract was cancelled, empty while it runs. Give this or `cancelled`. */
  readonly end?: string;
  /** Column with the day a contract began. */
  readonly start?: string;
  /** Column that says whether a contract was cancelled: yes or no, true or false, 1 or 0. */
  readonly cancelled?: string;
  /** The word for it in that column, where it is another, such as "churned". */
  readonly cancelledWord?: string;
  /** What to learn from: what was known of a contract while it ran. Defaults to all other columns. */
  readonly columns?: readonly string[];
  /** strptime format of the dates. Defaults to what they look like. */
  readonly dateFormat?: string;
}

/** Which columns are numbers: kept by the model, so that later files are read alike. */
export type Kinds = Readonly<Record<string, Column["kind"]>>;

const yes = "('yes', 'y', 'true', 't', '1', 'cancelled', 'canceled', 'churned')";
const no = "('no', 'n', 'false', 'f', '0', 'active', 'running')";
/** A text with more different values is a name or a number of somebody, not a kind. */
const mostLevels = 100;

/** @throws InchwormError "input" when the file or its columns cannot be used */
export async function readContracts(
  options: ContractTable,
  kinds: Kinds | undefined,
  signal: AbortSignal | undefined,
): Promise<Contracts & { readonly customers: readonly string[] }> {
  const file = await openFlatFile(options.file, signal ? { signal } : {});
  try {
    const good = "fault is null";
    const { customer, start, end, cancelled } = options;
    const named = [customer, start, end, cancelled].filter((name) => name !== undefined);
    for (const name of [...named, ...(options.columns ?? [])]) requireColumn(file, options, name);
    const owner = await file.levels(file.text(customer), good);
    const dates = async (column: string | undefined) => {
      if (column === undefined) return new Float64Array(owner.codes.length).fill(Number.NaN);
      const { dateFormat } = options;
      const { milliseconds } = await file.dates(column, dateFormat ? { dateFormat } : {});
      const [instants] = await file.doubles([milliseconds], good);
      const [{ filled }] = await file.query<{ filled: number }>(
        `select count(${file.text(column)}) as filled from flat where ${good}`,
      );
      const read = instants.filter((instant) => !Number.isNaN(instant)).length;
      if (read < 0.95 * filled)
        throw new InchwormError(
          "input",
          `contract-churn: in ${options.file}, ${filled - read} of ${filled} dates of "${column}" are none.`,
          { hint: 'Say how they are written: dateFormat: "%d/%m/%Y".' },
        );
      return instants.map((instant) => instant / day);
    };
    const ends = await dates(end);
    const wanted = options.columns ?? file.columns.filter((name) => !named.includes(name));
    const { columns, leftOut } = await columnsOf(file, wanted, kinds, good);
    const began = await dates(start);
    return {
      rows: owner.codes.length,
      contract: Int32Array.from(owner.codes.keys()),
      customer: owner.codes,
      customers: owner.levels,
      start: began,
      from: began,
      to: new Float64Array(owner.codes.length).fill(Infinity),
      end: ends,
      cancelled:
        cancelled === undefined
          ? ends.map((at) => (Number.isNaN(at) ? 0 : 1))
          : await statusOf(file, options, cancelled, good),
      table: { rows: owner.codes.length, columns },
      leftOut,
    };
  } finally {
    await file.close();
  }
}

function requireColumn(file: FlatFile, { file: path }: ContractTable, name: string): void {
  if (file.columns.includes(name)) return;
  throw new InchwormError("input", `contract-churn: ${path} has no column "${name}".`, {
    hint: `Its columns are ${file.columns.join(", ")}.`,
  });
}

async function statusOf(
  file: FlatFile,
  { file: path, cancelledWord }: ContractTable,
  column: string,
  good: string,
): Promise<Float64Array> {
  const text = `lower(${file.text(column)})`;
  const word = cancelledWord?.toLowerCase().replaceAll("'", "''");
  const value =
    word === undefined
      ? `case when ${text} in ${yes} then 1 when ${text} in ${no} then 0 end`
      : `case when ${text} = '${word}' then 1 when ${text} is not null then 0 end`;
  const [status] = await file.doubles([value], good);
  const unknown = status.filter(Number.isNaN).length;
  if (unknown <= status.length / 20) return status;
  throw new InchwormError(
    "input",
    `contract-churn: in ${path}, ${unknown} of ${status.length} rows of "${column}" say neither yes nor no.`,
    { hint: 'Name the word that means cancelled: cancelledWord: "churned".' },
  );
}

async function columnsOf(
  file: FlatFile,
  names: readonly string[],
  kinds: Kinds | undefined,
  good: string,
): Promise<{ columns: Column[]; leftOut: string[] }> {
  const columns: Column[] = [];
  const leftOut: string[] = [];
  for (const name of kinds ? Object.keys(kinds) : names) {
    if (kinds && !file.columns.includes(name))
      throw new InchwormError("input", `contract-churn: the column "${name}" is gone.`, {
        hint: "The model was trained with it: give it again, or train again.",
      });
    const text = file.text(name);
    const [{ filled, numbers, levels }] = await file.query<Record<string, number>>(
      `select count(${text}) as filled, count(try_cast(${text} as double)) as numbers, count(distinct ${text}) as levels from flat where ${good}`,
    );
    const isNumber = kinds ? kinds[name] === "number" : numbers > 0.95 * filled;
    if (!kinds && (levels < 2 || (!isNumber && levels > mostLevels))) {
      leftOut.push(`${name} (${levels < 2 ? "one value" : `${levels} different texts`})`);
      continue;
    }
    if (isNumber) {
      const [values] = await file.floats([`try_cast(${text} as double)`], good);
      for (let row = 0; row < values.length; row++)
        if (!Number.isFinite(values[row])) values[row] = Number.NaN;
      columns.push({ name, kind: "number", values });
    } else {
      const found = await file.levels(text, good);
      columns.push({ name, kind: "category", ...found });
    }
  }
  return { columns, leftOut };
}

/** Equal contracts, equal digest. */
export function digestOf(
  ...parts: readonly { readonly table: Table; readonly labels: Float64Array }[]
): string {
  const hash = createHash("sha256");
  const bytes = (array: Float64Array | Float32Array | Int32Array) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (const { table, labels } of parts) {
    hash.update(bytes(labels));
    for (const column of table.columns)
      hash
        .update(column.name)
        .update(bytes(column.kind === "number" ? column.values : column.codes));
  }
  return hash.digest("hex").slice(0, 16);
}
