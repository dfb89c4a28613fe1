import { type EngagementType, engagementTypes } from "@inchworm/spec";

/** Codes of engagement types in an `EventBuffer`: indexes into `engagementTypes`. */
export const eventCode = Object.fromEntries(
  engagementTypes.map((type, code) => [type, code]),
) as Readonly<Record<EngagementType, number>>;

/** -1 in `campaign` and `item` means none. */
export const none = -1;

/** One contact's engagements as columns, reused from contact to contact. */
export interface EventBuffer {
  readonly length: number;
  readonly at: Float64Array;
  readonly type: Uint8Array;
  readonly campaign: Int32Array;
  readonly item: Int32Array;
  readonly machine: Uint8Array;
  add(at: number, type: number, campaign: number, item: number, machine: number): void;
  clear(): void;
  /** Indexes of the events in order of time; of equal ones, the one added first comes first. Valid until the next call. */
  sorted(): Uint16Array;
}

// an index and a second share one float: 16 bits of the 53 are the index
const most = 65_536;

export function eventBuffer(): EventBuffer {
  return new Events();
}

class Events implements EventBuffer {
  length = 0;
  at = new Float64Array(1024);
  type = new Uint8Array(1024);
  campaign = new Int32Array(1024);
  item = new Int32Array(1024);
  machine = new Uint8Array(1024);
  private keys = new Float64Array(1024);
  private order = new Uint16Array(1024);

  add(at: number, type: number, campaign: number, item: number, machine: number): void {
    const i = this.length;
    if (i === this.at.length) {
      if (i === most) return; // ten years of the busiest person are a tenth of this
      this.grow();
    }
    this.at[i] = at;
    this.type[i] = type;
    this.campaign[i] = campaign;
    this.item[i] = item;
    this.machine[i] = machine;
    this.length = i + 1;
  }

  clear(): void {
    this.length = 0;
  }

  sorted(): Uint16Array {
    const { length, keys, order } = this;
    for (let i = 0; i < length; i++) keys[i] = this.at[i] * most + i;
    keys.subarray(0, length).sort();
    for (let i = 0; i < length; i++) order[i] = keys[i] % most;
    return order;
  }

  private grow(): void {
    const size = this.at.length * 2;
    const bigger = <T extends Float64Array | Int32Array | Uint8Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.at = bigger(new Float64Array(size), this.at);
    this.type = bigger(new Uint8Array(size), this.type);
    this.campaign = bigger(new Int32Array(size), this.campaign);
    this.item = bigger(new Int32Array(size), this.item);
    this.machine = bigger(new Uint8Array(size), this.machine);
    this.keys = new Float64Array(size);
    this.order = new Uint16Array(size);
  }
}

export type OrderKind = "order" | "return" | "anonymous";

/** One line of an order; money in cents. */
export interface BasketLine {
  readonly item: number;
  readonly quantity: number;
  readonly cents: number;
}

/** An order as it was drawn. */
export interface Basket {
  readonly kind: OrderKind;
  /** Counts a contact's orders from 1; a return carries the number of its order. */
  readonly number: number;
  /** UTC seconds. */
  readonly at: number;
  readonly currency: string;
  readonly lines: readonly BasketLine[];
}
