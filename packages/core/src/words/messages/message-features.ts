import { InchwormError, type Instant } from "@inchworm/spec";
import type { FeatureTable, Store } from "@inchworm/store";
import { day } from "../../windows.js";
import type { MessageReader } from "./types.js";

/** Messages read at a time. */
const chunk = 10_000;

/**
 * How many messages of each label each contact wrote in the days before `asOf`, as columns such as "messages_intent_refund_90d" and
 * "messages_90d": what was known then, for a model of who leaves. Contacts who wrote any, in ascending order. Only answers count that the
 * reader is sure enough of.
 *
 * @throws InchwormError "input" for days that are none
 */
export async function messageFeatures(
  store: Store,
  reader: MessageReader,
  options: { readonly asOf: Instant; readonly days?: number; readonly signal?: AbortSignal },
): Promise<FeatureTable> {
  const { asOf, days = 90, signal } = options;
  if (!(Number.isInteger(days) && days >= 1))
    throw new InchwormError(
      "input",
      `messageFeatures: "days" must be an integer ≥ 1, got ${days}.`,
    );
  const wrote = await store.messages({
    asOf,
    since: asOf - days * day,
    ...(signal && { signal }),
  });
  const contacts = Int32Array.from(new Set(wrote.contacts)).sort();
  const rowOf = new Map(Array.from(contacts, (contact, row) => [contact, row]));
  const names = reader.cards
    .filter(({ verdict }) => verdict === "published")
    .flatMap(({ question, labels }) => labels.map((label) => columnName(question, label, days)));
  const columns = new Map(
    [`messages_${days}d`, ...names].map((name) => [name, new Float32Array(contacts.length)]),
  );
  const count = (name: string, row: number) => {
    const values = columns.get(name);
    if (values) values[row]++;
  };
  for (let from = 0; from < wrote.texts.length; from += chunk) {
    signal?.throwIfAborted();
    for (const [at, { answers }] of reader.read(wrote.texts.slice(from, from + chunk)).entries()) {
      const row = rowOf.get(wrote.contacts[from + at]) as number;
      count(`messages_${days}d`, row);
      for (const [question, { label }] of Object.entries(answers))
        if (label !== undefined) count(columnName(question, label, days), row);
    }
  }
  return {
    rows: contacts.length,
    contacts,
    columns: [...columns].map(([name, values]) => ({ name, kind: "number", values })),
  };
}

const columnName = (question: string, label: string, days: number): string =>
  `messages_${question}_${label}_${days}d`;
