import type { ErrorCode } from "./errors.js";

/** How many requests an account takes of one kind. A vendor's numbers are defaults; a user may override each. */
export interface Lane {
  /** At most this many requests in any `perMs` milliseconds. */
  readonly requests: number;
  readonly perMs: number;
  /** At most this many requests without an answer at one time. */
  readonly concurrency: number;
  /** At most this many requests a day, where the vendor has a daily allowance. */
  readonly daily?: number;
}

/** One account in one system. Sources and destinations of the same account share its allowance. */
export interface Account {
  /** Stable and unique, such as "hubspot" or "hubspot:eu-portal". Also the `system` of its record ids. */
  readonly system: string;
  readonly lanes: Readonly<Record<string, Lane>>;
}

/** What a request's answer told about the allowance. */
export interface Allowance {
  readonly requests?: number;
  readonly perMs?: number;
  readonly remaining?: number;
  /** The whole day's allowance. */
  readonly daily?: number;
  readonly dailyRemaining?: number;
}

/**
 * The one way out of the house: every request of an adapter goes through a gate, which paces it, retries it and counts it.
 * Adapters never wait and never retry; they throw an `InchwormError` that says which kind of failure it was.
 */
export interface Gate {
  /**
   * Runs `call` when the account's lane has room, again after failures that a retry can help.
   *
   * @throws InchwormError the last failure, once retrying cannot help or the attempts are used up
   */
  request<T>(request: GateRequest, call: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Tells the gate what the vendor's headers said; it slows down or speeds up to match. */
  observe(lane: string, allowance: Allowance): void;
}

export interface GateRequest {
  readonly lane: string;
  /** True when sending the request twice leaves the same state as once. Only such a request is retried after "network" or "server". */
  readonly repeatable: boolean;
  /** For progress and errors: method and path, never a query with personal data. */
  readonly label: string;
  /** Ends the waiting and the call. Pulling, planning and pushing set it themselves; an adapter need not. */
  readonly signal?: AbortSignal;
}

/** What every call of a source or destination receives. */
export interface CallContext {
  readonly gate: Gate;
  readonly signal?: AbortSignal;
}

/** Something of an account that can tell whose it is. */
export interface Identified {
  /**
   * The account as people name it, such as "HubSpot portal 4501907": the same for as long as it is the same account, another for
   * every other. `undefined` where the vendor does not tell. Record ids of two accounts may be equal, so pulling, planning and
   * pushing ask before they read or write.
   *
   * @throws InchwormError through the gate
   */
  identify?(context: CallContext): Promise<string | undefined>;
}

/** One line of a preflight. */
export interface CheckItem {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  /** What to do when it is not ok. */
  readonly hint?: string;
  /** What kind of failure it is when it is not ok. */
  readonly code?: ErrorCode;
}

/** An account made usable: its sources and destinations are further properties of the object. */
export interface Adapter {
  readonly account: Account;
  /** Names of the sources to read unless somebody names others, where some of them tell the same. Defaults to all. */
  readonly reads?: readonly string[];
  /** Names of the destinations to write to unless somebody names others. Defaults to all. */
  readonly writes?: readonly string[];
  /** Looks whether token, permissions and limits are as needed. Never throws for a vendor's answer: it is in the items. */
  check(context: CallContext): Promise<readonly CheckItem[]>;
}
