import type { CallContext, Destination, ErrorCode, Field, WriteRow } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failure, type WatchedGate, watchedGate } from "./watched-gate.js";

/** A destination, and eyes on the system that it writes to: usually a stand-in of the vendor's. */
export interface DestinationSubject {
  readonly destination: Destination;
  /** The same destination as a new process would make it: it shares no memory with the first. */
  reopen(): Destination;
  /** Records that exist: at least one more than a batch, and at least five. */
  readonly records: readonly { readonly id: string; readonly email: string }[];
  /** Formed like an id, and of no record. */
  readonly unknownId: string;
  /** Merges the second record into the first. Left out where the system cannot. */
  merge?(survivor: string, other: string): void | Promise<void>;
  /** What the system itself holds in a field, as text; `undefined` when empty. */
  stored(recordId: string, field: Field): string | undefined;
  /** The field's name there. */
  vendorName(field: Field): string;
  hasField(vendorName: string): boolean | Promise<boolean>;
  /** Makes a field there that has the name of ours and another type. */
  clash?(field: Field): void | Promise<void>;
  /** Every field that a write request has carried so far, refused ones too. */
  fieldsSent(): readonly string[];
  /** How many records the system holds. */
  people(): number;
  /** Requests that have reached the system. */
  requests(): number;
  /** From now on every request fails so that this code must come; `undefined` makes all well again. */
  fail?(code: ErrorCode | undefined): void | Promise<void>;
  /** Texts that may stand in no error, such as the token. */
  readonly secrets: readonly string[];
  close(): void | Promise<void>;
}

export interface TestDestinationOptions {
  readonly name: string;
  readonly make: () => Promise<DestinationSubject>;
  /** Codes that `fail` can bring about. */
  readonly failures?: readonly ErrorCode[];
}

const chance: Field = {
  name: "churn_probability",
  label: "Churn probability",
  description: "Chance of no order in the next 90 days.",
  type: "number",
  decimals: 4,
};
const segment: Field = {
  name: "segment",
  label: "Segment",
  description: "Which kind of customer.",
  type: "category",
  options: ["Champions", "At risk", "New & curious"],
};
const reason: Field = {
  name: "churn_reason",
  label: "Churn reason",
  description: "Why.",
  type: "text",
};
const fields = [chance, segment, reason];

/**
 * The contract of `Destination`, as tests: fields are created once, only prepared fields reach the wire, known records are updated
 * and none created, one bad row sinks no good one, outcomes and values come in order, what is read back is what was written, every
 * request goes through the gate, and errors say which kind they are and no secret.
 *
 * @example testDestination({ name: "shop scores", make: shopStandIn })
 */
export function testDestination(options: TestDestinationOptions): void {
  describe(`${options.name} keeps the contract of a destination`, () => {
    let subject: DestinationSubject;
    let gate: WatchedGate;
    let context: CallContext;
    beforeEach(async () => {
      subject = await options.make();
      gate = watchedGate(subject.destination.account);
      context = { gate };
    });
    afterEach(() => subject.close());

    const id = (index: number) => subject.records[index]?.id as string;
    const standing = async (names: readonly string[]) => {
      const found: string[] = [];
      for (const name of names) if (await subject.hasField(name)) found.push(name);
      return found;
    };
    const prepared = async (wanted: readonly Field[] = fields) => {
      await subject.destination.prepare(wanted, context);
      return subject.destination;
    };
    const row = (recordId: string, probability = 0.25): WriteRow => ({
      recordId,
      values: { churn_probability: probability },
    });

    it("is named in the account's own words", () => {
      const { destination } = subject;
      expect(destination.name.startsWith(`${destination.account.system}:`)).toBe(true);
      expect(subject.reopen().name).toBe(destination.name);
      expect(Object.keys(destination.account.lanes)).toContain(destination.lane);
      expect(subject.records.length).toBeGreaterThan(destination.batchSize);
    });

    it("creates missing fields once, and none in a dry run", async () => {
      const names = fields.map((field) => subject.vendorName(field));
      const dry = await subject.destination.prepare(fields, { ...context, dryRun: true });
      expect(dry).toEqual({ missing: names, present: [] });
      expect(await standing(names)).toEqual([]);

      const first = await subject.destination.prepare(fields.slice(0, 1), context);
      expect(first).toEqual({ missing: names.slice(0, 1), present: [] });
      const second = await subject.reopen().prepare(fields, context);
      expect(second).toEqual({ missing: names.slice(1), present: names.slice(0, 1) });
      expect(await standing(names)).toEqual(names);
      const third = await subject.destination.prepare(fields, context);
      expect(third).toEqual({ missing: [], present: names });
    });

    it("refuses a field that exists with another type, by name", async () => {
      if (subject.clash === undefined) return;
      await subject.clash(chance);
      for (const dryRun of [true, false]) {
        const act = () => subject.destination.prepare(fields, { ...context, dryRun });
        const error = await failure(act, subject.secrets);
        expect(error.code).toBe("rejected");
        expect(error.message).toContain(subject.vendorName(chance));
      }
      expect(await standing([subject.vendorName(segment)])).toEqual([]);
    });

    it("writes values and reads the same ones back, in order", async () => {
      const destination = await prepared();
      const values = [
        { churn_probability: 0.1234, segment: "At risk", churn_reason: "last order 94 days ago" },
        { churn_probability: 0, segment: "Champions", churn_reason: 'Grüße, "日本" <b> 🐛; a\\b' },
        { churn_probability: -1250000.5, segment: "New & curious", churn_reason: "x".repeat(900) },
        { churn_probability: 0.0001, segment: "Champions", churn_reason: "007" },
      ];
      const rows = values.map((value, index) => ({ recordId: id(index), values: value }));
      const outcomes = await destination.write(rows, context);
      expect(outcomes).toEqual(
        rows.map(({ recordId }) => expect.objectContaining({ recordId, outcome: "updated" })),
      );
      expect(subject.stored(id(3), chance)).toBe("0.0001");
      const asked = [id(2), subject.unknownId, id(0), id(1), id(3), id(0)];
      const held = values.map((value) => ({
        ...value,
        churn_reason: destination.fit?.(reason, value.churn_reason) ?? value.churn_reason,
      }));
      expect(await subject.reopen().read(asked, fields, context)).toEqual([
        held[2],
        undefined,
        held[0],
        held[1],
        held[3],
        held[0],
      ]);
    });

    it("clears with null and leaves alone what a row does not name", async () => {
      const destination = await prepared();
      const full = { churn_probability: 0.5, segment: "At risk", churn_reason: "why" };
      await destination.write([{ recordId: id(0), values: full }], context);
      const cleared = { churn_probability: null, segment: null };
      await destination.write([{ recordId: id(0), values: cleared }], context);
      expect(subject.stored(id(0), chance)).toBeUndefined();
      expect(subject.stored(id(0), segment)).toBeUndefined();
      expect(await destination.read([id(0)], fields, context)).toEqual([
        { ...cleared, churn_reason: "why" },
      ]);
    });

    it("sends only what was prepared, to people who are there", async () => {
      const destination = await prepared([chance]);
      const people = subject.people();
      await destination.write([row(id(0)), row(subject.unknownId), row(id(1))], context);
      expect(subject.fieldsSent()).toEqual([subject.vendorName(chance)]);
      expect(subject.people()).toBe(people);

      const before = subject.requests();
      for (const name of ["segment", "email", "lifecyclestage"]) {
        const sneaky = { recordId: id(0), values: { churn_probability: 0.9, [name]: "x" } };
        const act = () => destination.write([row(id(1), 0.9), sneaky], context);
        expect((await failure(act, subject.secrets)).code).toBe("internal");
      }
      expect(subject.requests()).toBe(before);
      expect(subject.stored(id(1), chance)).toBe("0.25");
    });

    it("lets one bad row sink no good one", async () => {
      const destination = await prepared();
      const rows = subject.records.slice(0, destination.batchSize).map(({ id }) => row(id));
      rows[1] = row(subject.unknownId);
      rows[3] = { recordId: id(3), values: { churn_probability: Number.NaN } };
      rows[4] = { recordId: id(4), values: { segment: "No such segment" } };
      const outcomes = await destination.write(rows, context);
      expect(outcomes.map(({ recordId }) => recordId)).toEqual(rows.map((one) => one.recordId));
      const bad = new Set([1, 3, 4]);
      outcomes.forEach(({ outcome, message }, index) => {
        expect(outcome, `row ${index}`).toBe(bad.has(index) ? "failed" : "updated");
        expect(message ?? "").not.toMatch(/No such segment|NaN|@/);
      });
      for (const index of [0, 2, 5]) {
        if (index < rows.length) expect(subject.stored(id(index), chance)).toBe("0.25");
      }
    });

    it("does not write on the survivor of a merge", async () => {
      if (subject.merge === undefined) return;
      const destination = await prepared();
      await subject.merge(id(0), id(1));
      const outcomes = await destination.write([row(id(1), 0.75), row(id(2))], context);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(["skipped", "updated"]);
      expect(outcomes[0]?.code).toBe("merged");
      expect(subject.stored(id(0), chance)).toBeUndefined();
      expect(await destination.read([id(1)], [chance], context)).toEqual([undefined]);
    });

    it("writes a record that stands twice in a batch once", async () => {
      const destination = await prepared();
      const outcomes = await destination.write([row(id(0), 0.25), row(id(0), 0.75)], context);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(["updated", "skipped"]);
      expect(subject.stored(id(0), chance)).toBe("0.25");
    });

    it("takes one request or what it says for a full batch, none for an empty one, and no more than a batch", async () => {
      const destination = await prepared();
      const all = subject.records.map(({ id }) => row(id));
      const count = async (act: () => Promise<unknown>) => {
        const before = subject.requests();
        await act();
        return subject.requests() - before;
      };
      const batch = all.slice(0, destination.batchSize);
      const ids = batch.map(({ recordId }) => recordId);
      const most = destination.requestsPerBatch ?? 1;
      for (const act of [
        () => destination.write(batch, context),
        () => destination.read(ids, fields, context),
      ]) {
        const requests = await count(act);
        expect(requests).toBeGreaterThanOrEqual(1);
        expect(requests).toBeLessThanOrEqual(most);
      }
      expect(await count(() => destination.write([], context))).toBe(0);
      expect(await count(() => destination.read([], fields, context))).toBe(0);
      expect(await count(() => destination.resolve([], context))).toBe(0);
      const much = await failure(() => destination.write(all, context), subject.secrets);
      expect(much.code).toBe("input");
    });

    it("finds records by address, whatever the case, in order", async () => {
      const { destination, records } = subject;
      const emails = records.map(({ email }, index) =>
        index % 2 ? ` ${email.toUpperCase()} ` : email,
      );
      const asked = [...emails, "nobody@example.com", "not an address", "", emails[0] as string];
      expect(await destination.resolve(asked, context)).toEqual([
        ...records.map(({ id }) => id),
        undefined,
        undefined,
        undefined,
        id(0),
      ]);
    });

    it("sends nothing past the gate, and repeats nothing that must not be repeated", async () => {
      const before = subject.requests();
      const destination = await prepared();
      await destination.write([row(id(0)), row(subject.unknownId)], context);
      await destination.read([id(0)], fields, context);
      await destination.resolve([subject.records[0]?.email as string], context);
      expect(subject.requests() - before).toBe(gate.requests.length);
      expect(gate.requests.filter(({ lane }) => lane === destination.lane)).not.toEqual([]);
    });

    it("stops when its signal fires", async () => {
      const destination = await prepared();
      const before = subject.requests();
      const stopped = { gate, signal: AbortSignal.abort() };
      for (const act of [
        () => destination.prepare(fields, stopped),
        () => destination.write([row(id(0))], stopped),
        () => destination.read([id(0)], fields, stopped),
        () => destination.resolve(["ada@example.com"], stopped),
      ]) {
        expect((await failure(act, subject.secrets)).code).toBe("aborted");
      }
      expect(subject.requests()).toBe(before);
    });

    it.each(options.failures ?? [])(
      "says %s when that is what is wrong, and recovers",
      async (code) => {
        const destination = await prepared();
        await subject.fail?.(code);
        for (const act of [
          () => destination.prepare(fields, context),
          () => destination.write([row(id(0))], context),
          () => destination.read([id(0)], fields, context),
          () => destination.resolve([subject.records[0]?.email as string], context),
        ]) {
          expect((await failure(act, subject.secrets)).code).toBe(code);
        }
        await subject.fail?.(undefined);
        const [outcome] = await destination.write([row(id(0), 0.125)], context);
        expect(outcome?.outcome).toBe("updated");
        expect(subject.stored(id(0), chance)).toBe("0.125");
      },
    );
  });
}
