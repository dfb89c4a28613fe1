import { AsyncLocalStorage } from "node:async_hooks";
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { InchwormError } from "@inchworm/spec";
import { notStore, openFault } from "./faults.js";
import { type Calls, type Session, sessionOn } from "./session.js";

/**
 * An open DuckDB file. Reads go each to a connection of their own and see what was last committed; writes go one after another
 * through a single one. Statements inside `transaction` use the session that it hands over, never the database itself.
 */
export interface Database extends Session {
  readonly path: string;
  /**
   * Runs `work` and commits; rolls back when it throws. One at a time in the process, in the order they were asked for.
   *
   * @throws InchwormError "aborted" when `signal` fired: nothing was kept
   */
  transaction<T>(
    work: (session: Session) => Promise<T>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<T>;
  /**
   * A session of its own that keeps seeing the store as it was at its first read, whatever is committed meanwhile. It may make
   * temporary tables and settings; they are gone with it. A `signal` stops what it runs. Whoever asks for one must `end` it.
   */
  snapshot(options?: { readonly signal?: AbortSignal | undefined }): Promise<Snapshot>;
  /** Stops what is running; those calls throw "aborted". */
  interrupt(): void;
  /** Waits for writes under way and stops reads. The file is let go of when its last handle is closed. */
  close(): Promise<void>;
}

export interface Snapshot extends Session {
  end(): Promise<void>;
}

export interface DatabaseOptions {
  /** Bytes the engine may use before it spills to disk. Defaults to half of the machine's memory, at most 2 GiB. */
  readonly memoryLimit?: number;
  /** Defaults to the machine's cores. */
  readonly threads?: number;
}

/** One opened file. DuckDB lets a file be opened twice in one process, and then loses rows without an error. */
interface Shared extends Calls {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly idle: DuckDBConnection[];
  readonly busy: Set<DuckDBConnection>;
  handles: number;
  /** Settles once a closing file has been let go of. */
  gone?: Promise<void>;
  queue: Promise<unknown>;
}

// on globalThis: two copies of this package in one process must not open one file twice
const registryKey = Symbol.for("inchworm.store.open");
const globals = globalThis as { [registryKey]?: Map<string, Promise<Shared>> };
globals[registryKey] ??= new Map();
const registry = globals[registryKey];

const gibibyte = 1024 ** 3;

async function openShared(path: string, options: DatabaseOptions): Promise<Shared> {
  const memory = options.memoryLimit ?? Math.min(2 * gibibyte, totalmem() / 2);
  const settings: Record<string, string> = {
    memory_limit: `${Math.max(64, Math.floor(memory / 1024 ** 2))}MiB`,
    threads: String(options.threads ?? availableParallelism()),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
  if (path === ":memory:") settings.temp_directory = join(tmpdir(), `inchworm-${process.pid}`);
  let instance: DuckDBInstance | undefined;
  try {
    instance = await DuckDBInstance.create(path, settings);
    const writer = await instance.connect();
    await writer.run("set global TimeZone = 'UTC'");
    await writer.run("set TimeZone = 'UTC'");
    return {
      instance,
      writer,
      idle: [],
      busy: new Set(),
      handles: 0,
      running: new Set(),
      closed: false,
      queue: Promise.resolve(),
    };
  } catch (error) {
    instance?.closeSync();
    throw openFault(error, path);
  }
}

/** The engine would open some other files too, such as a CSV file, as something else than a store. */
function holdsDuckdb(file: string): boolean {
  const head = Buffer.alloc(12);
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    return readSync(handle, head) === 12 && head.toString("latin1", 8) === "DUCK";
  } catch (error) {
    throw openFault(error, file);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

async function letGo({ instance, writer, idle, busy, running }: Shared): Promise<void> {
  for (const connection of busy) connection.interrupt();
  await Promise.allSettled(running);
  for (const connection of [writer, ...idle, ...busy]) connection.closeSync();
  busy.clear();
  instance.closeSync();
}

/** The one name of a file, whichever way it was spelt. */
function canonical(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) {
    if (statSync(full).isDirectory()) {
      throw new InchwormError("input", `${path} is a directory, not a store.`, {
        hint: `Name a file in it, such as ${join(path, "shop.duckdb")}.`,
      });
    }
    if (!holdsDuckdb(full)) throw notStore(path);
    return realpathSync(full);
  }
  const folder = dirname(full);
  if (!existsSync(folder)) {
    throw new InchwormError("input", `The folder of ${path} does not exist.`, {
      hint: `Make it first: mkdir -p ${dirname(path)}`,
    });
  }
  return join(realpathSync(folder), basename(full));
}

async function share(path: string, options: DatabaseOptions): Promise<[Shared, string]> {
  if (path === ":memory:") {
    const shared = await openShared(path, options);
    shared.handles = 1;
    return [shared, path];
  }
  const file = canonical(path);
  let opening = registry.get(file);
  if (opening === undefined) {
    opening = openShared(file, options);
    registry.set(file, opening);
    opening.catch(() => registry.delete(file));
  }
  const shared = await opening;
  if (shared.closed) {
    await shared.gone;
    return share(path, options);
  }
  shared.handles++; // before anything else can run, or the last other handle might close the file meanwhile
  return [shared, file];
}

const inside = new AsyncLocalStorage<Shared>();

/**
 * Opens a file, making it if it is not there. A file opened again in this process is shared; its options are those of the first.
 *
 * @throws InchwormError "locked" when another process holds it; "input" when it is a directory, no DuckDB file, or not writable
 */
export async function openDatabase(path: string, options: DatabaseOptions = {}): Promise<Database> {
  const [shared, key] = await share(path, options);
  let open = true;

  const alive = (): void => {
    if (!open) throw new InchwormError("internal", `The store ${path} has been closed.`);
  };
  const write = <T>(work: () => Promise<T>): Promise<T> => {
    alive();
    if (inside.getStore() === shared) {
      throw new InchwormError(
        "internal",
        "A write inside a transaction must use the transaction's session.",
      );
    }
    const turn = shared.queue.then(() => inside.run(shared, work));
    shared.queue = turn.catch(() => undefined);
    return turn;
  };
  const writing = sessionOn(shared.writer, path, shared);
  const borrow = async (): Promise<DuckDBConnection> => {
    alive();
    const connection = shared.idle.pop() ?? (await shared.instance.connect());
    shared.busy.add(connection);
    return connection;
  };
  const giveBack = (connection: DuckDBConnection): void => {
    shared.busy.delete(connection);
    shared.idle.push(connection);
  };

  return {
    path,
    run: (sql, params) => write(() => writing.run(sql, params)),
    append: (table, columns) => write(() => writing.append(table, columns)),
    async rows<Row>(sql: string, params?: Parameters<Session["rows"]>[1]) {
      const connection = await borrow();
      try {
        return await sessionOn(connection, path, shared).rows<Row>(sql, params);
      } finally {
        giveBack(connection);
      }
    },
    async *stream(sql, params) {
      const connection = await borrow();
      try {
        yield* sessionOn(connection, path, shared).stream(sql, params);
      } finally {
        giveBack(connection);
      }
    },
    transaction: (work, { signal } = {}) =>
      write(async () => {
        const session = sessionOn(shared.writer, path, shared, signal);
        const stop = () => shared.writer.interrupt();
        await session.run("begin transaction");
        signal?.addEventListener("abort", stop, { once: true });
        try {
          const result = await work(session);
          await session.run("commit");
          return result;
        } catch (error) {
          await writing.run("rollback").catch(() => undefined); // a failed commit has rolled back already
          throw error;
        } finally {
          signal?.removeEventListener("abort", stop);
        }
      }),
    async snapshot({ signal } = {}) {
      alive();
      const connection = await shared.instance.connect();
      shared.busy.add(connection);
      const session = sessionOn(connection, path, shared, signal);
      const stop = () => connection.interrupt();
      const end = async () => {
        signal?.removeEventListener("abort", stop);
        // its settings, temporary tables and unread results go with the connection
        await sessionOn(connection, path, shared)
          .run("rollback")
          .catch(() => undefined);
        if (shared.busy.delete(connection)) connection.closeSync();
      };
      try {
        await session.run("begin transaction");
      } catch (error) {
        await end();
        throw error;
      }
      signal?.addEventListener("abort", stop);
      return { ...session, end };
    },
    interrupt() {
      shared.writer.interrupt();
      for (const connection of shared.busy) connection.interrupt();
    },
    async close() {
      if (!open) return;
      open = false;
      await shared.queue;
      if (--shared.handles > 0) return;
      shared.closed = true;
      shared.gone = letGo(shared).finally(() => registry.delete(key));
      await shared.gone;
    },
  };
}
