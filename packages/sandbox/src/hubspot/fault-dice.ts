import { InchwormError } from "@inchworm/spec";
import { random } from "./random.js";
import type { HubspotFaults } from "./types.js";

const kinds = [
  "rateLimit",
  "serverError",
  "dropped",
  "cut",
  "locked423",
  "htmlErrors",
  "migration477",
] as const;
export type FaultKind = (typeof kinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** The answer's status; 0 for a connection that is destroyed, 200 for one that breaks later. */
  readonly status: number;
  /** Whether the request's work is done all the same. */
  readonly worked: boolean;
}

const none: HubspotFaults = {
  rateLimit: 0,
  serverError: 0,
  dropped: 0,
  cut: 0,
  locked423: 0,
  htmlErrors: 0,
  migration477: 0,
  latencyMs: 0,
};

/** Decides, from the seed and the order of the requests alone, which request suffers what. */
export class FaultDice {
  faults: HubspotFaults = none;
  readonly #next: () => number;

  constructor(seed: number, faults: Partial<HubspotFaults> = {}) {
    this.#next = random(seed + 0xfa);
    this.set(faults);
  }

  /** @throws InchwormError "config" when a share is none, or they add up to more than 1 */
  set(faults: Partial<HubspotFaults>): void {
    const wanted = { ...none, ...faults };
    let sum = 0;
    for (const name of Object.keys(wanted)) {
      if (!(name in none)) {
        throw wrong(`there is no fault "${name}"`, `Use ${Object.keys(none).join(", ")}.`);
      }
    }
    for (const kind of kinds) {
      const share = wanted[kind];
      if (!(typeof share === "number" && share >= 0 && share <= 1)) {
        throw wrong(`"${kind}" must be a share between 0 and 1`, "0.05 means 5 % of the requests.");
      }
      sum += share;
    }
    if (sum > 1 + 1e-9) {
      throw wrong(
        "the shares of the faults add up to more than 1",
        "One request suffers one fault.",
      );
    }
    const [from, to] = range(wanted.latencyMs);
    if (!(from >= 0 && to >= from && Number.isFinite(to))) {
      throw wrong(
        '"latencyMs" must be milliseconds, or two of them in order',
        "Such as 20 or [5, 80].",
      );
    }
    this.faults = wanted;
  }

  latency(): number {
    const [from, to] = range(this.faults.latencyMs);
    return to === 0 ? 0 : from + this.#next() * (to - from);
  }

  /** Two draws for every request, so that one fault's share does not shift another's victims. */
  draw(locksContacts: boolean): Fault | undefined {
    let rest = this.#next();
    const detail = this.#next();
    for (const kind of kinds) {
      const share = this.faults[kind];
      if (rest >= share) {
        rest -= share;
        continue;
      }
      return kind === "locked423" && !locksContacts ? undefined : fault(kind, detail);
    }
    return undefined;
  }
}

function fault(kind: FaultKind, detail: number): Fault {
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(detail * choices.length)] as T;
  switch (kind) {
    case "rateLimit":
      return { kind, status: 429, worked: false };
    case "serverError":
      return pick([
        { kind, status: 500, worked: false },
        { kind, status: 502, worked: false },
        { kind, status: 502, worked: true },
        { kind, status: 503, worked: false },
      ]);
    case "dropped":
      return { kind, status: 0, worked: detail >= 0.5 };
    case "cut":
      return { kind, status: 200, worked: true };
    case "locked423":
      return { kind, status: 423, worked: false };
    case "htmlErrors":
      return { kind, status: pick([502, 503, 504, 521, 522, 523, 524]), worked: false };
    case "migration477":
      return { kind, status: 477, worked: false };
  }
}

function range(latency: number | readonly [number, number]): readonly [number, number] {
  return typeof latency === "number" ? [latency, latency] : latency;
}

function wrong(what: string, hint: string): InchwormError {
  return new InchwormError("config", `hubspot sandbox: ${what}.`, { hint });
}
