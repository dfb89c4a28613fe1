import type { Session } from "../session.js";
import type { ImportKind } from "../types/import.js";
import { literal } from "../values.js";
import { type Columns, hasLines, isPersonal, requiredFields } from "./columns.js";
import { ambiguous, type DateOptions, instantSteps, orderedSteps, settleOrder } from "./dates.js";
import { fieldsOf } from "./fields.js";
import { cleanSteps, readerOf, type Step } from "./parse.js";
import type { TextTable } from "./table.js";

/** A line worth this much or more is a slip, and a few of them would be more than an order's total can hold. */
const largestWorth = 1e12;
const tooLarge = "too large: with its price it comes to 10^12 or more";

const fault = (column: string, reason: string): string => literal(`${column}\x1f${reason}`);

/**
 * Reads the table into `in_typed`: `line`, a column per field in its own type, and `bad`, the column and reason when the row
 * cannot be used. A date that can be read two ways waits as text in `FIELD_text` until the whole column is known.
 */
export async function typeRows(
  session: Session,
  kind: ImportKind,
  table: TextTable,
  columns: Columns,
  options: DateOptions & { readonly decimal: "." | "," },
): Promise<void> {
  const required = requiredFields(kind, columns);
  const types = ["line bigint"];
  const texts: Steps[] = [];
  const values: Steps[] = [];
  const given = ["line"];
  const faults = ["when fault is not null then chr(31) || fault"];
  const people: string[] = [];
  const amounts: Record<string, string> = {};
  for (const [index, [field, column]] of Object.entries(columns).entries()) {
    const { is } = fieldsOf[kind][field];
    const clean = (number: number) => `t${index}_${number}`;
    const step = (number: number) => `s${index}_${number}`;
    texts.push({ steps: cleanSteps(`c${index}`, is, clean), step: clean });
    const text = clean(1);
    if (required.includes(field)) {
      faults.push(`when ${text} is null then ${fault(column, "missing")}`);
    }
    if (field === "customer" || field === "email") people.push(text);
    const reader =
      is === "instant"
        ? { type: "timestamp", steps: instantSteps(text, options, step), fault: "not a date" }
        : readerOf(text, is, options.decimal, step);
    const value = step(reader.steps.length - 1);
    values.push({ steps: reader.steps, step });
    amounts[field] = value;
    types.push(`"${field}" ${reader.type}`);
    given.push(value);
    let unread = `${text} is not null and ${value} is null`;
    if (is === "instant") {
      types.push(`"${field}_text" varchar`);
      given.push(`case when ${value} is null then ${ambiguous(text, options)} end as w${index}`);
      unread += ` and w${index} is null`;
    }
    if (reader.fault !== undefined)
      faults.push(`when ${unread} then ${fault(column, reader.fault)}`);
  }
  if (kind === "orders" && hasLines(columns)) {
    const worth = `abs(${amounts.quantity}::double * ${amounts.price}::double)`;
    faults.push(`when ${worth} >= ${largestWorth} then ${fault(columns.quantity, tooLarge)}`);
  }
  if (isPersonal(kind)) {
    const column = columns.customer ?? columns.email;
    faults.push(`when coalesce(${people.join(", ")}) is null then ${fault(column, "missing")}`);
  }
  await session.run(`create or replace temp table in_typed (${types.join(", ")}, bad varchar)`);
  await table.each(Object.values(columns), async (query) => {
    const read = inSteps(inSteps(query, texts), values);
    await session.run(`insert into in_typed
      select ${given.join(", ")}, case ${faults.join(" ")} end from (${read})`);
  });
}

interface Steps {
  readonly steps: readonly string[];
  readonly step: Step;
}

/** SQL: the query with the columns of all steps, each level of them worked out from the ones before. */
function inSteps(query: string, columns: readonly Steps[]): string {
  const levels = Math.max(...columns.map(({ steps }) => steps.length));
  let sql = query;
  for (let level = 0; level < levels; level++) {
    const added = columns.flatMap(({ steps, step }) =>
      level < steps.length ? [`${steps[level]} as ${step(level)}`] : [],
    );
    sql = `select *, ${added.join(", ")} from (${sql})`;
  }
  return sql;
}

/**
 * Makes `in_rows` of `in_typed`, with the dates that could be read two ways in the order that their column settled.
 *
 * @throws InchwormError "input" when a column settles nothing
 */
export async function settleRows(
  session: Session,
  kind: ImportKind,
  file: string,
  columns: Columns,
  timeZone: string,
): Promise<void> {
  const steps: Steps[] = [];
  const replaced: string[] = [];
  const faults = ["bad"];
  for (const [index, [field, column]] of Object.entries(columns).entries()) {
    if (fieldsOf[kind][field].is !== "instant") continue;
    const text = `"${field}_text"`;
    const [waiting] = await session.rows(
      `select 1 from in_typed where ${text} is not null limit 1`,
    );
    if (waiting === undefined) continue;
    const order = await settleOrder(session, "in_typed", text, file, column);
    const step = (number: number) => `s${index}_${number}`;
    const ordered = orderedSteps(text, order, timeZone, step);
    const value = step(ordered.length - 1);
    steps.push({ steps: ordered, step });
    replaced.push(`coalesce("${field}", ${value}) as "${field}"`);
    faults.push(
      `case when ${text} is not null and ${value} is null then ${fault(column, "not a date")} end`,
    );
  }
  if (steps.length === 0) {
    await session.run("drop table if exists in_rows; alter table in_typed rename to in_rows");
    return;
  }
  const helpers = steps.flatMap(({ steps, step }) => steps.map((_, number) => step(number)));
  await session.run(`
    create or replace temp table in_rows as
      select * exclude (${helpers.join(", ")}) replace (${replaced.join(", ")}, coalesce(${faults.join(", ")}) as bad)
      from (${inSteps("from in_typed", steps)});
    drop table in_typed`);
}
