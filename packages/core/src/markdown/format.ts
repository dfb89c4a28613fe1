import type { Measured } from "@inchworm/spec";

export const dated = (instant: number) => new Date(instant).toISOString().slice(0, 10);

export const number = (value: number, digits = 3) =>
  Number.isFinite(value) ? value.toFixed(digits) : "n/a";

export const measured = ({ value, low, high }: Measured) =>
  `${number(value)} (${number(low)} to ${number(high)})`;

export const percent = (share: number) => `${number(share * 100, 1)} %`;

/** What a card of one kind says in its own words. */
export interface CardParts {
  readonly rows: readonly (readonly [
    name: string,
    model: Measured | number,
    rule: Measured | number | undefined,
  ])[];
  readonly gain: string;
  readonly learnedFrom: string;
  readonly judgedOn: string;
  readonly tables: readonly string[];
}
