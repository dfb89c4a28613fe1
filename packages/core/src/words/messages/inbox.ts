import { InchwormError, type Instant } from "@inchworm/spec";
import type { FeatureTable, Store } from "@inchworm/store";
import { day } from "../../windows.js";
import { messageFeatures } from "./message-features.js";
import type { MessageReader, ReadMessage } from "./types.js";

/** A message in the store, as it was read. */
export interface InboxMessage extends ReadMessage {
  readonly id: string;
  /** The store's own number of the contact. */
  readonly contact: number;
  /** UTC milliseconds. */
  readonly at: Instant;
  readonly text: string;
}

/** Reads the messages of a store. */
export interface MessageDesk extends MessageReader {
  /** What people who may be profiled wrote in the last days, the oldest first. `days` defaults to 7. */
  inbox(options?: { readonly days?: number }): Promise<readonly InboxMessage[]>;
  /**
   * Counts of each contact's messages by label in the days before an instant; see `messageFeatures`. `asOf` defaults to now, `days` to
   * 90.
   */
  features(options?: { readonly asOf?: Instant; readonly days?: number }): Promise<FeatureTable>;
}

export function messageDesk(
  store: Store,
  reader: MessageReader,
  { now, signal }: { readonly now: () => Instant; readonly signal?: AbortSignal },
): MessageDesk {
  const stop = { ...(signal && { signal }) };
  return {
    ...reader,
    async inbox({ days = 7 } = {}) {
      if (!(days > 0))
        throw new InchwormError("input", `messages: "days" must be above 0, got ${days}.`);
      const asOf = now();
      const { ids, contacts, at, texts } = await store.messages({
        asOf,
        since: asOf - days * day,
        ...stop,
      });
      return reader.read(texts).map((read, row) => ({
        ...read,
        id: ids[row],
        contact: contacts[row],
        at: at[row],
        text: texts[row],
      }));
    },
    features: ({ asOf = now(), days } = {}) =>
      messageFeatures(store, reader, { asOf, ...(days !== undefined && { days }), ...stop }),
  };
}
