import type { Explanation, Table } from "@inchworm/learn";
import { tellTopic, topicOf } from "../reasons.js";
import { ageColumns } from "./contract-churn-rows.js";

/** Below this many log-odds a column changed nothing worth saying. */
const leastWeight = 0.05;
const mostReasons = 3;

/**
 * Up to three reasons: what pushed a row to the side it is on. Columns are told with their values, such as "Contract: Month-to-month",
 * and what is known of the person in the words that other scorers use.
 */
export function contractReasons(
  { columns, contributions }: Explanation,
  table: Table,
): (row: number) => string[] {
  const width = columns.length;
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const topics = topicOf(columns);
  // columns of one topic are one reason, each other column is one of its own
  const groups = new Map<string, number[]>();
  for (const [column, name] of columns.entries()) {
    const key = topics[column] >= 0 ? `${topics[column]}` : name;
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  const number = (name: string, row: number): number => {
    const column = byName.get(name);
    return column?.kind === "number" ? column.values[row] : Number.NaN;
  };
  const tell = ([first]: readonly number[], row: number): string | undefined => {
    const name = columns[first];
    if (topics[first] >= 0) return tellTopic(topics[first], (feature) => number(feature, row));
    const column = byName.get(name);
    if (column?.kind === "category")
      return `${name}: ${column.levels[column.codes[row]] ?? "not known"}`;
    const value = number(name, row);
    if (name === ageColumns[0]) return `has run for ${days(value)}`;
    if (name === ageColumns[1]) return `${days(value)} to its anniversary`;
    return `${name}: ${Number.isNaN(value) ? "not known" : Number(value.toPrecision(4))}`;
  };
  return (row) => {
    const own = contributions.subarray(row * width, (row + 1) * width);
    const side = own.reduce((sum, part) => sum + part, 0) >= 0 ? 1 : -1;
    return [...groups.values()]
      .map((group) => ({
        group,
        weight: side * group.reduce((sum, column) => sum + own[column], 0),
      }))
      .filter(({ weight }) => weight > leastWeight)
      .sort((left, right) => right.weight - left.weight)
      .flatMap(({ group }) => tell(group, row) ?? [])
      .slice(0, mostReasons);
  };
}

const days = (value: number): string => {
  const whole = Math.round(value);
  return Number.isNaN(whole) ? "unknown days" : `${whole} ${whole === 1 ? "day" : "days"}`;
};
