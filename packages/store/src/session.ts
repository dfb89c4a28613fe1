import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { InchwormError } from "@inchworm/spec";
import { append, type Values } from "./append.js";
import { storeFault } from "./faults.js";
import { bind, type Params, plain } from "./values.js";

/** What can be done with the tables. Every failure is an `InchwormError` that quotes no value. */
export interface Session {
  /** Runs a statement and gives the number of rows it changed. Without parameters, several statements may stand in one text. */
  run(sql: string, params?: Params): Promise<number>;
  /** The rows of a query, values as `plain` gives them. For results that fit in memory. */
  rows<Row = Record<string, unknown>>(sql: string, params?: Params): Promise<Row[]>;
  /** The chunks of a query as the engine makes them, for reading columns as typed arrays. A chunk is good until the next is taken. */
  stream(sql: string, params?: Params): AsyncIterable<DuckDBDataChunk>;
  /** Adds rows by column name; columns not given are NULL. */
  append(table: string, columns: Readonly<Record<string, Values>>): Promise<void>;
}

/** What is going on in the engine. Closing a connection while the engine works on it ends the process. */
export interface Calls {
  readonly running: Set<Promise<unknown>>;
  closed: boolean;
}

/** A session on one connection. One statement at a time: a stream is over when the next begins. No statement after `signal`. */
export function sessionOn(
  connection: DuckDBConnection,
  path: string,
  calls: Calls,
  signal?: AbortSignal,
): Session {
  const execute = (sql: string, params: Params | undefined) => {
    if (params === undefined) return connection.run(sql);
    const { values, types } = bind(params);
    return connection.run(sql, values, types);
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (calls.closed) throw new InchwormError("internal", `The store ${path} has been closed.`);
    if (signal?.aborted) throw new InchwormError("aborted", "The work was stopped.");
    const call = work();
    calls.running.add(call);
    try {
      return await call;
    } catch (error) {
      throw storeFault(error, path);
    } finally {
      calls.running.delete(call);
    }
  };
  return {
    run: (sql, params) => guarded(async () => (await execute(sql, params)).rowsChanged),
    rows: <Row>(sql: string, params?: Params) =>
      guarded(async () => {
        const result = await execute(sql, params);
        return (await result.convertRowObjects<unknown>((value) => plain(value))) as Row[];
      }),
    async *stream(sql, params) {
      const { values, types } = bind(params ?? []);
      const result = await guarded(() => connection.stream(sql, values, types));
      for (;;) {
        const chunk = await guarded(() => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk;
      }
    },
    append: (table, columns) => guarded(() => append(connection, table, columns)),
  };
}
