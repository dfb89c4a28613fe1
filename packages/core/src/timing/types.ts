/** Where somebody says they are, in whatever words their system keeps. */
export interface ContactPlace {
  /** As the platform spells it. */
  readonly timeZone?: string;
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  readonly postalCode?: string;
  /** "+" and the first six digits, never a whole number. */
  readonly phonePrefix?: string;
}

export type PlaceColumn = keyof ContactPlace;

/** What a resolver knows of a place. */
export interface ResolvedZone {
  /** IANA name. */
  readonly zone: string;
  /** How likely it is right, above 0 and below 1. Defaults to 0.95. */
  readonly confidence?: number;
}

/**
 * Tells zones from what needs more data than this library holds, such as postal codes, cities or area codes. Give one to
 * `timeZone({ resolvers: [...] })`; it is asked once for each place that differs in its columns.
 *
 * @example
 * const byPostalCode: ZoneResolver = {
 *   name: "postal code",
 *   columns: ["country", "postalCode"],
 *   resolve: (places) => places.map(({ country, postalCode }) => country === "US" && postalCode ? lookUp(postalCode) : undefined),
 * };
 */
export interface ZoneResolver {
  /** What people read in the evidence, such as "postal code". */
  readonly name: string;
  /** The columns that it looks at; it is given no other. */
  readonly columns: readonly PlaceColumn[];
  /** One answer per place, in order; `undefined`, or no zone, where it does not know. */
  resolve(
    places: readonly ContactPlace[],
  ):
    | readonly (ResolvedZone | string | undefined)[]
    | Promise<readonly (ResolvedZone | string | undefined)[]>;
}

/** What one thing that is known says: zones and how likely each is, given that it says true. Shares add up to 1. */
export interface Clue {
  /** "time zone", "country", "phone" or the name of a resolver. */
  readonly evidence: string;
  readonly shares: readonly { readonly zone: string; readonly share: number }[];
  /** How likely it says true at all. */
  readonly reliability: number;
}

/** The zone of a place, as far as it can be told. */
export interface PlacedZone {
  /** IANA name; absent where it cannot be told. */
  readonly zone?: string;
  /** How likely the clock there is right: told where there is no zone, too. */
  readonly confidence: number;
  /** What speaks for it, the strongest first. */
  readonly evidence: readonly string[];
  /** What speaks for another clock. */
  readonly against: readonly string[];
  /** Every clock that may be, one zone of each, with how likely it is. */
  readonly candidates: readonly { readonly zone: string; readonly share: number }[];
}
