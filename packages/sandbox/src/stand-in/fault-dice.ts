import { InchwormError } from "@inchworm/spec";
import { random } from "./random.js";

export interface Fault<Kind extends string = string> {
  readonly kind: Kind;
  /** The answer's status; 0 for a connection that is destroyed, 200 for one that breaks later. */
  readonly status: number;
  /** Whether the request's work is done all the same. */
  readonly worked: boolean;
}

/** What a fault of each kind looks like; `detail` is a draw in [0, 1) for kinds that have several looks. */
export type FaultKinds<Kind extends string> = {
  readonly [K in Kind]: (detail: number) => Omit<Fault, "kind">;
};

/** The share of the requests that each kind strikes, and the latency between the work and its answer. */
export type Faults<Kind extends string> = Readonly<Record<Kind, number>> & {
  readonly latencyMs: number | readonly [number, number];
};

/** What can go wrong with every vendor. */
export const commonFaults: FaultKinds<"rateLimit" | "serverError" | "dropped" | "cut"> = {
  rateLimit: () => ({ status: 429, worked: false }),
  serverError: (detail) =>
    pick(detail, [
      { status: 500, worked: false },
      { status: 502, worked: false },
      { status: 502, worked: true },
      { status: 503, worked: false },
    ]),
  dropped: (detail) => ({ status: 0, worked: detail >= 0.5 }),
  cut: () => ({ status: 200, worked: true }),
};

/** Decides, from the seed and the order of the requests alone, which request suffers what. */
export class FaultDice<Kind extends string> {
  faults: Faults<Kind>;
  readonly #name: string;
  readonly #kinds: FaultKinds<Kind>;
  readonly #none: Faults<Kind>;
  readonly #next: () => number;

  /** @param name for messages, such as "hubspot sandbox" */
  constructor(
    name: string,
    kinds: FaultKinds<Kind>,
    seed: number,
    faults: Partial<Faults<Kind>> = {},
  ) {
    this.#name = name;
    this.#kinds = kinds;
    const shares = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0]));
    this.#none = { ...shares, latencyMs: 0 } as unknown as Faults<Kind>;
    this.faults = this.#none;
    this.#next = random(seed + 0xfa);
    this.set(faults);
  }

  /** @throws InchwormError "config" when a share is none, or they add up to more than 1 */
  set(faults: Partial<Faults<Kind>>): void {
    const wanted: Faults<Kind> = { ...this.#none, ...faults };
    let sum = 0;
    for (const name of Object.keys(wanted)) {
      if (!(name in this.#none)) {
        const known = Object.keys(this.#none).join(", ");
        throw this.#wrong(`there is no fault "${name}"`, `Use ${known}.`);
      }
    }
    for (const kind of this.#names()) {
      const share: unknown = wanted[kind];
      if (!(typeof share === "number" && share >= 0 && share <= 1)) {
        const hint = "0.05 means 5 % of the requests.";
        throw this.#wrong(`"${kind}" must be a share between 0 and 1`, hint);
      }
      sum += share;
    }
    if (sum > 1 + 1e-9) {
      const hint = "One request suffers one fault.";
      throw this.#wrong("the shares of the faults add up to more than 1", hint);
    }
    const [from, to] = range(wanted.latencyMs);
    if (!(from >= 0 && to >= from && Number.isFinite(to))) {
      const hint = "Such as 20 or [5, 80].";
      throw this.#wrong('"latencyMs" must be milliseconds, or two of them in order', hint);
    }
    this.faults = wanted;
  }

  latency(): number {
    const [from, to] = range(this.faults.latencyMs);
    return to === 0 ? 0 : from + this.#next() * (to - from);
  }

  /**
   * Two draws for every request, so that one fault's share does not shift another's victims.
   *
   * @param strikes whether a fault of that kind can strike this request; it goes through unharmed otherwise
   */
  draw(strikes: (kind: Kind) => boolean = () => true): Fault<Kind> | undefined {
    let rest = this.#next();
    const detail = this.#next();
    for (const kind of this.#names()) {
      const share: number = this.faults[kind];
      if (rest >= share) {
        rest -= share;
        continue;
      }
      return strikes(kind) ? { kind, ...this.#kinds[kind](detail) } : undefined;
    }
    return undefined;
  }

  #names(): Kind[] {
    return Object.keys(this.#kinds) as Kind[];
  }

  #wrong(what: string, hint: string): InchwormError {
    return new InchwormError("config", `${this.#name}: ${what}.`, { hint });
  }
}

/** One of several looks, by a draw in [0, 1). */
export function pick<T>(detail: number, choices: readonly T[]): T {
  return choices[Math.floor(detail * choices.length)];
}

function range(latency: number | readonly [number, number]): readonly [number, number] {
  return typeof latency === "number" ? [latency, latency] : latency;
}
