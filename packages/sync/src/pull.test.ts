import {
  type Cursor,
  InchwormError,
  type Page,
  type ReadOptions,
  type Source,
} from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { virtualTime } from "./__fixtures__/virtual-time.js";
import { accountGate } from "./gate.js";
import { pull } from "./pull.js";

const account = {
  system: "memory",
  lanes: { all: { requests: 100, perMs: 1000, concurrency: 1 } },
};

/** Ten pages of two contacts; `faults` are thrown in turn, each once, before the page of its number. */
function setUp(
  faults: readonly (readonly [number, unknown])[],
  stored?: Cursor,
  owner?: { readonly kept: string; readonly found: string },
) {
  const time = virtualTime();
  const waiting = [...faults];
  const reads: ReadOptions[] = [];
  const source: Source = {
    name: "memory:contacts",
    account,
    ...(owner && { identify: async () => owner.found }),
    async *read(options) {
      reads.push(options);
      for (let page = Number(options.cursor?.page ?? 0); page < 10; page++) {
        const fault = waiting.findIndex(([at]) => at === page);
        if (fault >= 0) throw waiting.splice(fault, 1)[0][1];
        yield options.gate.request(
          { lane: "all", repeatable: true, label: "GET /contacts" },
          async (): Promise<Page> => ({
            records: { contact: [{ id: `${2 * page}` }, { id: `${2 * page + 1}` }], consent: [] },
            cursor: { page: page + 1 },
            total: 20,
          }),
        );
      }
    },
  };
  const ids: string[] = [];
  let cursor = stored;
  const sink = {
    cursor: async () => cursor,
    ingest: async (page: Page) => {
      ids.push(...(page.records.contact ?? []).map(({ id }) => id));
      cursor = page.cursor;
    },
    ...(owner && { claim: async () => owner.kept }),
  };
  const gate = accountGate(account, { now: time.now, sleep: time.sleep });
  const run = (more: { full?: boolean; signal?: AbortSignal } = {}) =>
    time.run(pull(source, sink, { gate, now: 5, sleep: time.sleep, ...more }));
  return { run, ids, reads, cursor: () => cursor };
}

const all = Array.from({ length: 20 }, (_, index) => `${index}`);
const lost = new InchwormError("network", "connection reset");

describe("pull", () => {
  it("stores every page with its cursor", async () => {
    const world = setUp([]);
    expect(await world.run()).toMatchObject({
      source: "memory:contacts",
      pages: 10,
      records: { contact: 20, consent: 0 },
      requests: 10,
      restarts: 0,
    });
    expect(world.ids).toEqual(all);
    expect(world.cursor()).toEqual({ page: 10 });
  });

  it("goes on from the stored cursor, or from the start when everything is asked for", async () => {
    const world = setUp([], { page: 8 });
    expect((await world.run()).pages).toBe(2);
    expect((await world.run({ full: true })).pages).toBe(10);
  });

  it("goes on from its last page after failures that a try can help, with the run's own start", async () => {
    const world = setUp([
      [3, lost],
      [3, lost],
      [6, new InchwormError("server", "502")],
    ]);
    expect(await world.run({ full: true })).toMatchObject({ pages: 10, restarts: 3 });
    expect(world.ids).toEqual(all);
    expect(world.reads.map(({ cursor, now }) => [cursor?.page, now])).toEqual([
      [undefined, 5],
      [3, 5],
      [3, 5],
      [6, 5],
    ]);
  });

  it("gives up after three failures without a page between, and keeps what it has", async () => {
    const world = setUp([
      [3, lost],
      [3, lost],
      [3, lost],
    ]);
    await expect(world.run()).rejects.toBe(lost);
    expect(world.cursor()).toEqual({ page: 3 });
    expect((await world.run()).pages).toBe(7);
    expect(world.ids).toEqual(all);
  });

  it.each(["auth", "scope", "quota"] as const)("does not try again after %s", async (code) => {
    const world = setUp([[1, new InchwormError(code, "no")]]);
    await expect(world.run()).rejects.toMatchObject({ code });
    expect(world.reads.length).toBe(1);
  });

  it("reads nothing of an account that the store does not belong to", async () => {
    const stranger = setUp([], undefined, { kept: "portal 1", found: "portal 2" });
    await expect(stranger.run({ full: true })).rejects.toMatchObject({
      code: "config",
      message: "This store belongs to portal 1, the token is for portal 2.",
    });
    expect(stranger.reads).toEqual([]);
    const own = setUp([], undefined, { kept: "portal 1", found: "portal 1" });
    expect((await own.run()).pages).toBe(10);
  });

  it("ends when it is called off", async () => {
    const world = setUp([]);
    await expect(world.run({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(world.ids).toEqual([]);
  });
});
