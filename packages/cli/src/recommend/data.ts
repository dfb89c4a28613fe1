import type { Interactions } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type LogIds, type LogOptions, type Role, readLog } from "../log/read-log.js";
import { plural } from "../terminal.js";
import { readAdjacency } from "./adjacency.js";

export interface InteractionColumns {
  readonly user: string;
  readonly item: string;
  readonly weight?: string;
  readonly time?: string;
}

export interface InteractionOptions extends LogOptions {
  /** Of a table; undefined for lines of a user and items. */
  readonly columns?: InteractionColumns;
}

/** A file's interactions by name. */
export interface NamedInteractions {
  readonly users: LogIds;
  readonly items: LogIds;
  readonly weights?: Float32Array;
  /** Days since 1970. */
  readonly times?: Float64Array;
  readonly notes: readonly string[];
}

/** @throws InchwormError "input" */
export async function readInteractions(
  path: string,
  { columns, ...options }: InteractionOptions,
): Promise<NamedInteractions> {
  if (!columns) return { ...(await readAdjacency(path)), notes: [] };
  const { user, item, weight, time } = columns;
  const roles: Role[] = [
    { option: "--user", kind: "id", column: user },
    { option: "--item", kind: "id", column: item },
  ];
  if (weight !== undefined) roles.push({ option: "--weight", kind: "number", column: weight });
  if (time !== undefined) roles.push({ option: "--time", kind: "date", column: time });
  const log = await readLog(path, roles, options);
  const weights = weight === undefined ? undefined : log.values("--weight");
  const times = time === undefined ? undefined : log.values("--time");
  const kept: number[] = [];
  for (let row = 0; row < log.rows; row++) if (!weights || weights[row] > 0) kept.push(row);
  if (kept.length === 0)
    throw new InchwormError("input", `No row of ${path} has a "${weight}" above 0.`, {
      hint: "Name a column that is larger the more an interaction counts, or leave --weight out.",
    });
  const left = log.rows - kept.length;
  const take = ({ codes, levels }: LogIds): LogIds => ({
    codes: Int32Array.from(kept, (row) => codes[row]),
    levels,
  });
  return {
    users: take(log.id("--user")),
    items: take(log.id("--item")),
    ...(weights && { weights: Float32Array.from(kept, (row) => weights[row]) }),
    ...(times && { times: Float64Array.from(kept, (row) => times[row] / 86_400_000) }),
    notes: [
      ...log.notes,
      ...(left > 0
        ? [
            `${plural(left, "row")} with a "${weight}" that is not above 0 ${left === 1 ? "is" : "are"} left out.`,
          ]
        : []),
    ],
  };
}

/** Two files' interactions under the same numbers: users and items of both are known. */
export interface NumberedInteractions {
  readonly userNames: readonly string[];
  readonly itemNames: readonly string[];
  readonly train: Interactions;
  readonly test: Interactions | undefined;
  /** Pairs of the second file that the first has too: nobody can be judged by them. */
  readonly known: number;
}

export function numberInteractions(
  train: NamedInteractions,
  test: NamedInteractions | undefined,
): NumberedInteractions {
  const users = merged(train.users, test?.users);
  const items = merged(train.items, test?.items);
  const of = (
    named: NamedInteractions,
    userCodes: Int32Array,
    itemCodes: Int32Array,
    rows: readonly number[] | undefined,
  ): Interactions => {
    const { weights, times } = named;
    return {
      userCount: users.names.length,
      itemCount: items.names.length,
      users: rows ? Int32Array.from(rows, (row) => userCodes[row]) : userCodes,
      items: rows ? Int32Array.from(rows, (row) => itemCodes[row]) : itemCodes,
      ...(weights && {
        weights: rows ? Float32Array.from(rows, (row) => weights[row]) : weights,
      }),
      ...(times && { times: rows ? Float64Array.from(rows, (row) => times[row]) : times }),
    };
  };
  const pair = (user: number, item: number): number => user * items.names.length + item;
  const learned = of(train, users.first, items.first, undefined);
  if (!test || !users.second || !items.second)
    return {
      userNames: users.names,
      itemNames: items.names,
      train: learned,
      test: undefined,
      known: 0,
    };
  const had = new Set<number>();
  for (let row = 0; row < users.first.length; row++)
    had.add(pair(users.first[row], items.first[row]));
  const rows: number[] = [];
  for (let row = 0; row < users.second.length; row++)
    if (!had.has(pair(users.second[row], items.second[row]))) rows.push(row);
  return {
    userNames: users.names,
    itemNames: items.names,
    train: learned,
    test: of(test, users.second, items.second, rows),
    known: users.second.length - rows.length,
  };
}

function merged(first: LogIds, second: LogIds | undefined) {
  const names = [...first.levels];
  if (!second) return { names, first: first.codes, second: undefined };
  const numbers = new Map(names.map((name, number) => [name, number]));
  const to = second.levels.map((name) => {
    const known = numbers.get(name);
    return known ?? names.push(name) - 1;
  });
  return { names, first: first.codes, second: second.codes.map((code) => to[code]) };
}
