import type {
  Cursor,
  ErrorCode,
  Page,
  ReadOptions,
  RecordKind,
  Records,
  Source,
} from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failure, type WatchedGate, watchedGate } from "./watched-gate.js";

/** A source, and hands on the system that it reads: usually a stand-in of the vendor's. */
export interface SourceSubject {
  readonly source: Source;
  /** The same source as a new process would make it: it shares no memory with the first. */
  reopen(): Source;
  /** The system's clock, UTC milliseconds. */
  now(): number;
  /** Ids of the records there: enough for at least three pages. */
  readonly ids: readonly string[];
  /** Changes a record, so that the next run must give it. */
  change(id: string): void | Promise<void>;
  /** Deletes or archives a record. Left out where the system cannot. */
  archive?(id: string): void | Promise<void>;
  /** Merges the second record into the first and gives the survivor's id. Left out where the system cannot. */
  merge?(survivor: string, other: string): string | Promise<string>;
  /** Requests that have reached the system. */
  requests(): number;
  /** From now on every request fails so that this code must come; `undefined` makes all well again. */
  fail?(code: ErrorCode | undefined): void | Promise<void>;
  /** Texts that may stand in no error, such as the token. */
  readonly secrets: readonly string[];
  close(): void | Promise<void>;
}

export interface TestSourceOptions {
  readonly name: string;
  /** The kind of record whose ids are counted. */
  readonly kind: {
    [K in RecordKind]: Records[K] extends { readonly id: string } ? K : never;
  }[RecordKind];
  readonly make: () => Promise<SourceSubject>;
  /** Codes that `fail` can bring about. */
  readonly failures?: readonly ErrorCode[];
}

/**
 * The contract of `Source`, as tests: whole and resumed runs lose nothing, changes during a run are not lost, cursors are plain
 * data, archived and merged records are told, every request goes through the gate, and errors say which kind they are and no secret.
 *
 * @example testSource({ name: "shop customers", kind: "contact", make: shopStandIn })
 */
export function testSource(options: TestSourceOptions): void {
  const { kind } = options;

  describe(`${options.name} keeps the contract of a source`, () => {
    let subject: SourceSubject;
    let gate: WatchedGate;
    beforeEach(async () => {
      subject = await options.make();
      gate = watchedGate(subject.source.account);
    });
    afterEach(() => subject.close());

    const reading = (cursor?: Cursor): ReadOptions => ({
      gate,
      now: subject.now(),
      ...(cursor === undefined ? {} : { cursor: plain(cursor) }),
    });
    const run = async (source: Source, cursor?: Cursor) => pages(source.read(reading(cursor)));
    const ids = (read: readonly Page[]) => new Set(records(read).map(({ id }) => id));
    const records = (read: readonly Page[]) =>
      read.flatMap((page) => (page.records[kind] ?? []) as readonly { readonly id: string }[]);
    const last = (read: readonly Page[]) => (read.at(-1) as Page).cursor;

    it("is named in the account's own words", () => {
      expect(subject.source.name).toMatch(/^[^\s:]+(:[^\s:]+)+$/);
      expect(subject.source.name.startsWith(`${subject.source.account.system}:`)).toBe(true);
      expect(subject.reopen().name).toBe(subject.source.name);
    });

    it("gives every record, in canonical form", async () => {
      const read = await run(subject.source);
      expect(read.length).toBeGreaterThanOrEqual(3);
      expect([...ids(read)]).toEqual(expect.arrayContaining([...subject.ids]));
      expect(ids(read).size).toBe(subject.ids.length);
      for (const page of read) {
        canonical(page);
        if (page.total !== undefined) expect(page.total).toBeGreaterThanOrEqual(0);
      }
    });

    it("loses nothing when it goes on from any page's cursor in another process", async () => {
      const whole = await run(subject.source);
      const cuts = new Set([0, 1, whole.length >> 1, whole.length - 2]);
      for (const cut of [...cuts].filter((index) => index >= 0 && index < whole.length - 1)) {
        const begun = whole.slice(0, cut + 1);
        const rest = await run(subject.reopen(), last(begun));
        const together = ids([...begun, ...rest]);
        for (const id of subject.ids) expect(together, `cut after page ${cut + 1}`).toContain(id);
      }
    });

    it("gives what has changed since the last run, from a cursor that is plain data", async () => {
      const cursor = last(await run(subject.source));
      const changed = [subject.ids[0], subject.ids.at(-1)] as string[];
      for (const id of changed) await subject.change(id);
      const again = await run(subject.reopen(), cursor);
      for (const id of changed) expect(ids(again)).toContain(id);
      await subject.change(subject.ids[1] as string);
      expect(ids(await run(subject.reopen(), last(again)))).toContain(subject.ids[1]);
    });

    it("goes on from a page of a later run too", async () => {
      const cursor = last(await run(subject.source));
      for (const id of subject.ids) await subject.change(id);
      const [first] = await pages(subject.source.read(reading(cursor)), 1);
      const rest = await run(subject.reopen(), (first as Page).cursor);
      const together = ids([first as Page, ...rest]);
      for (const id of subject.ids) expect(together).toContain(id);
    });

    it("gives again what changed behind its back during a run", async () => {
      const seen: Page[] = [];
      for await (const page of subject.source.read(reading())) {
        seen.push(page);
        // Already read, so this run cannot know: the next one must.
        if (seen.length === 2) await subject.change(subject.ids[0] as string);
      }
      expect(ids(await run(subject.reopen(), last(seen)))).toContain(subject.ids[0]);
    });

    it("tells archived records, in a first run and in a later one", async () => {
      if (subject.archive === undefined) return;
      const [first, second] = subject.ids as [string, string];
      await subject.archive(first);
      const full = await run(subject.source);
      expect(latest(records(full), first)).toMatchObject({ archived: true });
      await subject.archive(second);
      const later = await run(subject.reopen(), last(full));
      expect(latest(records(later), second)).toMatchObject({ archived: true });
    });

    it("tells merged records as identities of the survivor", async () => {
      if (subject.merge === undefined) return;
      const cursor = last(await run(subject.source));
      const [first, second] = subject.ids as [string, string];
      const survivor = await subject.merge(first, second);
      const { system } = subject.source.account;
      for (const read of [await run(subject.reopen(), cursor), await run(subject.reopen())]) {
        expect(latest(records(read), survivor)).toMatchObject({
          identities: expect.arrayContaining([{ system, id: second }]),
        });
      }
    });

    it("sends nothing past the gate, and nothing before it is asked", async () => {
      const before = subject.requests();
      const iterable = subject.source.read(reading());
      expect(subject.requests()).toBe(before);
      await pages(iterable);
      expect(subject.requests() - before).toBe(gate.requests.length);
    });

    it("stops when its signal fires", async () => {
      const stopped = AbortSignal.abort();
      const early = () => pages(subject.source.read({ ...reading(), signal: stopped }));
      const before = subject.requests();
      expect((await failure(early, subject.secrets)).code).toBe("aborted");
      expect(subject.requests()).toBe(before);
      const controller = new AbortController();
      const midway = async () => {
        for await (const _ of subject.source.read({ ...reading(), signal: controller.signal })) {
          controller.abort();
        }
      };
      expect((await failure(midway, subject.secrets)).code).toBe("aborted");
    });

    it.each(options.failures ?? [])(
      "says %s when that is what is wrong, and recovers",
      async (code) => {
        const seen = await pages(subject.source.read(reading()), 1);
        await subject.fail?.(code);
        const act = () => run(subject.reopen(), last(seen));
        expect((await failure(act, subject.secrets)).code).toBe(code);
        await subject.fail?.(undefined);
        const rest = await run(subject.reopen(), last(seen));
        const together = ids([...seen, ...rest]);
        for (const id of subject.ids) expect(together).toContain(id);
      },
    );
  });
}

async function pages(read: AsyncIterable<Page>, most = Number.POSITIVE_INFINITY): Promise<Page[]> {
  const found: Page[] = [];
  for await (const page of read) {
    expect(plain(page.cursor), "cursors are plain JSON").toEqual(page.cursor);
    found.push(page);
    if (found.length >= most) break;
  }
  return found;
}

/** Through JSON, as a store would keep it. */
function plain(cursor: Cursor): Cursor {
  return JSON.parse(JSON.stringify(cursor));
}

function latest(
  records: readonly { readonly id: string }[],
  id: string,
): { readonly id: string } | undefined {
  return records.filter((record) => record.id === id).at(-1);
}

const instants = new Set(["at", "createdAt", "modifiedAt", "sentAt"]);

/** Absent means not known: no null, no empty text, no NaN; instants are whole milliseconds; addresses are lower case. */
function canonical(page: Page): void {
  for (const [kind, records] of Object.entries(page.records)) {
    for (const record of records) {
      for (const [key, value] of Object.entries(record)) {
        const where = `${kind}.${key}`;
        expect(value, where).not.toBeNull();
        expect(value, where).not.toBeUndefined();
        expect(value, where).not.toBe("");
        if (instants.has(key)) expect(Number.isSafeInteger(value), where).toBe(true);
        else if (typeof value === "number") expect(Number.isFinite(value), where).toBe(true);
        if (key === "email") expect(value).toBe(String(value).trim().toLowerCase());
      }
      for (const { system, id } of (record as { identities?: { system: string; id: string }[] })
        .identities ?? []) {
        expect(system).not.toBe("");
        expect(id).not.toBe("");
        if (system === "email") expect(id).toBe(id.trim().toLowerCase());
      }
    }
  }
}
