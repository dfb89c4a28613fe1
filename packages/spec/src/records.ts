/**
 * Canonical records: rows in the field's own words. A vendor's words stop at its adapter's edge.
 *
 * Conventions: an `Instant` is UTC milliseconds since 1970; money is in major units of `currency` (12.5 = twelve and a half);
 * an absent property means "not known", `null` never appears.
 */

/** UTC milliseconds since 1970-01-01. */
export type Instant = number;

/** Every kind of record a source can give, by name. */
export interface Records {
  contact: Contact;
  consent: Consent;
  item: Item;
  order: Order;
  orderLine: OrderLine;
  engagement: Engagement;
  contract: Contract;
  campaign: Campaign;
  message: Message;
}
export type RecordKind = keyof Records;

/** A name by which one system knows a person. The pair is unique: two contacts sharing one become one contact. */
export interface Identity {
  /** The namespace: an account ("hubspot"), `"email"` (lower case, trimmed) or `"customer"` (the shop's own number). */
  readonly system: string;
  readonly id: string;
}

/** A person, as one system knows them. */
export interface Contact {
  /** The record's id in the system that the page came from. */
  readonly id: string;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  /** ISO 3166 alpha-2 where the system has it, else the system's own text. */
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  readonly postalCode?: string;
  /** IANA name, such as "Europe/Berlin". */
  readonly timeZone?: string;
  /** BCP 47 tag. */
  readonly language?: string;
  readonly createdAt?: Instant;
  readonly modifiedAt?: Instant;
  /** Other names of the same person: the shop's customer number, ids of records merged into this one. */
  readonly identities?: readonly Identity[];
  /** Deleted or archived at the source: history stays, nothing is written to this record any more. */
  readonly archived?: boolean;
}

/**
 * What a person allows, as one source tells it. Of each source the latest `at` per contact and purpose counts: a person is
 * refused while any source's word is "denied", unless another's is a later "granted". "unknown" takes back that source's own word
 * and no other's.
 */
export interface Consent {
  readonly contact: string;
  /** `profiling`: being scored at all. `email`: being written to. */
  readonly purpose: "profiling" | "email";
  readonly status: "granted" | "denied" | "unknown";
  readonly at: Instant;
}

export const itemKinds = ["product", "content", "offer"] as const;
export type ItemKind = (typeof itemKinds)[number];

/** Something that can be ordered, looked at or offered. */
export interface Item {
  readonly id: string;
  readonly name?: string;
  readonly category?: string;
  readonly price?: number;
  readonly currency?: string;
  /** One that does not say is a product. */
  readonly kind?: ItemKind;
  /** Whether it can be had today: in stock, on show, running. One that does not say can. */
  readonly available?: boolean;
  /** The only country or region whose people can have it. */
  readonly region?: string;
  /** What one sale of it earns; of an offer, what it earns when somebody takes it. */
  readonly margin?: number;
  /** Who makes it. */
  readonly brand?: string;
  /** What one costs the shop; of an offer, what making it to one person costs, whether they take it or not. */
  readonly cost?: number;
}

/** One purchase. A cancelled or returned order has a negative total. */
export interface Order {
  readonly id: string;
  /** Absent for an anonymous purchase: it counts for items, never for a person. */
  readonly contact?: string;
  readonly at: Instant;
  readonly total: number;
  readonly currency?: string;
}

/** One line of an order. A return or cancellation is a line with a negative quantity. */
export interface OrderLine {
  readonly order: string;
  /** The line's own id within its order, where the system has one. */
  readonly line?: string;
  readonly contact?: string;
  readonly at: Instant;
  readonly item: string;
  readonly quantity: number;
  /** Price of one unit; the line is worth `quantity × unitPrice`. */
  readonly unitPrice: number;
  readonly currency?: string;
}

/**
 * A contract or subscription as it stands in one of its terms: what holds from `renewedAt`, or from the start where that is absent.
 * When it is renewed, comes back, or goes on with another plan or price, it is told again with a later `renewedAt`, and days before
 * keep what held then. Told again for the same term, `end` and `cancelledAt` are as they are told last, absent or not.
 */
export interface Contract {
  readonly id: string;
  readonly contact: string;
  readonly start: Instant;
  readonly renewedAt?: Instant;
  /** When it ends or has ended unless it is renewed; absent where it goes on until it is cancelled. */
  readonly end?: Instant;
  /** When notice was given. */
  readonly cancelledAt?: Instant;
  readonly plan?: string;
  readonly price?: number;
  readonly currency?: string;
}

export const engagementTypes = [
  "sent",
  "delivered",
  "open",
  "click",
  "reply",
  "bounce",
  "unsubscribe",
  "complaint",
  "visit",
  "view",
  "cart",
  "form",
] as const;
export type EngagementType = (typeof engagementTypes)[number];

/** Something a person did, or that was done towards them, at an instant. `form`: they submitted one. */
export interface Engagement {
  /** The system's id of the event; without one, equal events at one instant are told apart by their order of arrival. */
  readonly id?: string;
  readonly contact: string;
  readonly type: EngagementType;
  readonly at: Instant;
  /** The campaign it answers; of a submitted form, the form. */
  readonly campaign?: string;
  readonly item?: string;
  /** A mail-privacy proxy's open or a link scanner's click. Kept, marked, and never learned from. */
  readonly machine?: boolean;
}

export const campaignKinds = ["marketing", "transactional"] as const;

/** Something sent to many. */
export interface Campaign {
  readonly id: string;
  /**
   * `transactional`: what people wait for, such as confirmations; its time is never chosen for them, and says nothing of when they
   * like to be written to. One that does not say is marketing.
   */
  readonly kind?: (typeof campaignKinds)[number];
  readonly channel: "email" | "sms" | "push" | "ad" | "other";
  readonly name?: string;
  readonly subject?: string;
  readonly preview?: string;
  readonly body?: string;
  readonly mediaType?: string;
  readonly color?: string;
  readonly form?: string;
  readonly offer?: string;
  readonly sentAt?: Instant;
}

/** What a customer wrote. */
export interface Message {
  readonly id: string;
  readonly contact: string;
  readonly at: Instant;
  readonly channel?: string;
  readonly text: string;
}
