import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InchwormError } from "@inchworm/spec";
import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "./database.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-database-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failure = async (work: Promise<unknown>): Promise<InchwormError> => {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  if (!InchwormError.is(error)) throw new Error(`expected an InchwormError, got ${error}`);
  return error;
};

describe("openDatabase", () => {
  it("gives plain values back", async () => {
    const database = await openDatabase(":memory:");
    const [row] = await database.rows(
      `select 12.5::decimal(18,4) money, count(*) n, timestamp '2024-02-29 12:00:00.25' moment, date '1970-01-02' as tomorrow,
        null as nothing, [1, 2] as list, {'a': 1::bigint} as struct, ? as whole, ? as broken, ? as text, ? as instant, len(?) as three`,
      [2 ** 40, 0.5, "it's", new Date(1000), [1, 2, 3]],
    );
    expect(row).toEqual({
      money: 12.5,
      n: 1,
      moment: Date.UTC(2024, 1, 29, 12, 0, 0, 250),
      tomorrow: 86_400_000,
      nothing: null,
      list: [1, 2],
      struct: { a: 1 },
      whole: 2 ** 40,
      broken: 0.5,
      text: "it's",
      instant: 1000,
      three: 3,
    });
    await database.close();
    expect((await failure(database.rows("select 1"))).message).toContain("closed");
  });

  it("appends columns of every kind, over several chunks", async () => {
    const database = await openDatabase(":memory:");
    await database.run(
      "create table t (i integer, d double, f float, s varchar, b boolean, moment timestamp, k ubigint, absent varchar)",
    );
    const rows = 5000;
    const every = Array.from({ length: rows }, (_, index) => index);
    await database.append("t", {
      i: Int32Array.from(every),
      d: every.map((index) => (index % 2 ? index / 2 : Number.NaN)),
      f: Float32Array.from(every),
      s: every.map((index) => (index % 3 ? `é${index}` : null)),
      b: every.map((index) => index % 2 === 0),
      moment: every.map((index) => index * 1000),
      k: every.map((index) => BigInt(index) + 2n ** 63n),
    });
    const [sums] = await database.rows(
      `select count(*) n, sum(i) i, count(d) d, sum(f) f, count(s) s, count(*) filter (where b) b, epoch_ms(max(moment)) moment,
        max(k)::varchar k, count(absent) absent from t`,
    );
    expect(sums).toEqual({
      n: rows,
      i: 12_497_500,
      d: 2500,
      f: 12_497_500,
      s: 3333,
      b: 2500,
      moment: 4_999_000,
      k: String(2n ** 63n + 4999n),
      absent: 0,
    });
    expect((await failure(database.append("t", { wrong: ["x"] }))).message).toContain('"wrong"');
    await database.close();
  });

  it("shares one instance among all openings of a file in a process", async () => {
    const path = join(folder, "twice.duckdb");
    symlinkSync(path, join(folder, "link.duckdb"));
    const first = await openDatabase(path);
    await first.run("create table t (n integer)");
    const [second, third] = await Promise.all([
      openDatabase(join(folder, ".", "twice.duckdb")),
      openDatabase(join(folder, "link.duckdb")),
    ]);
    await Promise.all(
      [first, second, third].map((one, n) => one.run("insert into t values (?)", [n])),
    );
    await first.close();
    await third.close();
    await second.run("insert into t values (3)");
    await second.close();
    const again = await openDatabase(path);
    expect(await again.rows("select sum(n) total from t")).toEqual([{ total: 6 }]);
    await again.close();
  });

  it("runs transactions one after another and keeps nothing of one that throws", async () => {
    const database = await openDatabase(join(folder, "queue.duckdb"));
    await database.run("create table t (n integer)");
    await database.run("insert into t values (0)");
    const add = () =>
      database.transaction(async (session) => {
        const [{ n }] = await session.rows<{ n: number }>("select n from t");
        await session.run("update t set n = ?", [n + 1]);
      });
    const broken = database.transaction(async (session) => {
      await session.run("update t set n = 1000");
      throw new InchwormError("input", "no");
    });
    const nested = database.transaction(() => database.run("update t set n = 1000"));
    const results = await Promise.allSettled([add(), add(), broken, add(), nested, add()]);
    expect(results.filter((result) => result.status === "rejected")).toHaveLength(2);
    expect(await database.rows("select n from t")).toEqual([{ n: 4 }]);
    await database.close();
  });

  it("lets a stream be read while others write and read", async () => {
    const database = await openDatabase(":memory:");
    await database.run("create table t as select range as n from range(100000)");
    let read = 0;
    for await (const chunk of database.stream("select n from t")) {
      read += chunk.rowCount;
      if (read < 10_000) await database.run("insert into t values (1)");
      if (read < 10_000) await database.rows("select count(*) from t");
    }
    expect(read).toBe(100_000);
    await database.close();
  });

  it("stops what is being read when it is closed, and can be opened again at once", async () => {
    const path = join(folder, "closing.duckdb");
    const database = await openDatabase(path);
    await database.run("create table t as select range as n from range(100000)");
    const paused = database.stream("select n from t")[Symbol.asyncIterator]();
    await paused.next();
    const snapshot = await database.snapshot();
    const reads = [
      failure(database.rows("select sum(a.range) from range(10000000) a, range(10000000) b")),
      failure(snapshot.rows("select sum(a.range) from range(10000000) a, range(10000000) b")),
    ];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [, again] = await Promise.all([database.close(), openDatabase(path)]);
    expect((await Promise.all(reads)).map(({ code }) => code)).toEqual(["aborted", "aborted"]);
    expect((await failure(paused.next())).message).toContain("closed");
    await snapshot.end();
    await again.run("insert into t values (-1)");
    await again.close();
    const last = await openDatabase(path);
    expect(await last.rows("select count(*) n from t")).toEqual([{ n: 100_001 }]);
    await last.close();
  });

  it("keeps showing a snapshot what it showed at first", async () => {
    const database = await openDatabase(":memory:");
    await database.run("create table t as select range as n from range(3)");
    const snapshot = await database.snapshot();
    const count = () => snapshot.rows("select count(*) n from t");
    expect(await count()).toEqual([{ n: 3 }]);
    await snapshot.run("create temp table own as select 1");
    await database.run("insert into t values (4)");
    expect(await count()).toEqual([{ n: 3 }]);
    await snapshot.end();
    await snapshot.end();
    expect(await database.rows("select count(*) n from t")).toEqual([{ n: 4 }]);
    expect((await failure(database.rows("from own"))).message).toContain("own");
    await database.close();
  });

  it("stops on a signal, in the middle of a statement or between two, and keeps nothing", async () => {
    const database = await openDatabase(":memory:");
    await database.run("create table t (n bigint)");
    const endless = "insert into t select sum(range) from range(100000000000)";
    const inStatement = new AbortController();
    setTimeout(() => inStatement.abort(), 50);
    const between = new AbortController();
    const errors = await Promise.all([
      failure(database.transaction((session) => session.run(endless), inStatement)),
      failure(
        database.transaction(async (session) => {
          await session.run("insert into t values (1)");
          between.abort();
          await session.run("insert into t values (2)");
        }, between),
      ),
    ]);
    expect(errors.map((error) => error.code)).toEqual(["aborted", "aborted"]);
    expect(await database.rows("select count(*) n from t")).toEqual([{ n: 0 }]);
    await database.close();
  });

  it("quotes no value in an error", async () => {
    const database = await openDatabase(":memory:");
    const error = await failure(database.rows("select 'ada@example.com'::integer"));
    expect(error.message).toContain("Could not convert");
    expect(error.message).not.toContain("ada");
    expect(error.cause).toBeUndefined();
    await database.close();
  });

  it("says what is wrong with a path", async () => {
    writeFileSync(join(folder, "text.csv"), "a,b\n1,2\n");
    writeFileSync(join(folder, "empty.duckdb"), "");
    mkdirSync(join(folder, "folder"));
    const messages: Record<string, string> = {
      "text.csv": "is not a store",
      "empty.duckdb": "is not a store",
      folder: "is a directory",
      "nowhere/shop.duckdb": "folder",
      "text.csv/shop.duckdb": "cannot be opened",
    };
    for (const [name, message] of Object.entries(messages)) {
      const error = await failure(openDatabase(join(folder, name)));
      expect(error.code).toBe("input");
      expect(error.message).toContain(message);
      expect(error.hint).toBeTruthy();
    }
  });

  it("names the process that holds a file", async () => {
    const path = join(folder, "held.duckdb");
    const database = await openDatabase(path);
    const script = `import("@duckdb/node-api").then(({ DuckDBInstance }) => DuckDBInstance.create(process.argv[1]))
      .catch((error) => { console.log(error.message); })`;
    const other = spawnSync(process.execPath, ["-e", script, path], { encoding: "utf8" });
    expect(other.stdout).toContain(`PID ${process.pid}`);
    await database.close();
  });
});
