import type { FaultKind } from "./fault-dice.js";
import type { LoggedRequest, PropertyWrite, PropertyWrites, Recording } from "./types.js";

const longestLog = 1_000;

/** Property writes in parallel lists: tens of bytes each, most of them shared with the contacts' own values. */
class WriteList implements PropertyWrites {
  length = 0;
  #ids = new Float64Array(1_024);
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  add(id: number, name: string, value: string): void {
    if (this.length === this.#ids.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.#ids);
      this.#ids = grown;
    }
    this.#ids[this.length++] = id;
    this.#names.push(name);
    this.#values.push(value);
  }

  *from(position: number): Iterable<PropertyWrite> {
    for (let index = Math.max(0, position); index < this.length; index++) {
      yield {
        id: String(this.#ids[index]),
        name: this.#names[index],
        value: this.#values[index],
      };
    }
  }

  [Symbol.iterator](): Iterator<PropertyWrite> {
    return this.from(0)[Symbol.iterator]();
  }

  clear(): void {
    this.length = 0;
    this.#names.length = 0;
    this.#values.length = 0;
  }
}

/** What the portal remembers of its requests. */
export class Journal {
  total = 0;
  recording: Recording = { log: true, bodies: true, writes: true };
  readonly byRoute: Record<string, number> = {};
  readonly injected: Record<string, number> = {};
  readonly propertiesSent = new Map<string, number>();
  readonly writes = new WriteList();
  readonly created: string[] = [];
  #log: LoggedRequest[] = [];

  /** A request was answered, or its connection destroyed. */
  answered(
    request: Omit<LoggedRequest, "fault">,
    route: string,
    fault: FaultKind | undefined,
  ): void {
    this.total++;
    const key = `${request.method} ${route} ${request.status}`;
    this.byRoute[key] = (this.byRoute[key] ?? 0) + 1;
    if (fault) this.injected[fault] = (this.injected[fault] ?? 0) + 1;
    if (!this.recording.log) return;
    const { body, ...rest } = request;
    this.#log.push({
      ...rest,
      ...(body !== undefined && body !== "" && this.recording.bodies && { body }),
      ...(fault && { fault }),
    });
    if (this.#log.length >= longestLog * 2) this.#log = this.#log.slice(-longestLog);
  }

  /** Counts the properties that a write request carries, whatever becomes of it. */
  carried(body: unknown): void {
    const { inputs, properties } = (body ?? {}) as Record<string, unknown>;
    for (const input of Array.isArray(inputs) ? inputs : [{ properties }]) {
      for (const name of Object.keys(input?.properties ?? {})) {
        this.propertiesSent.set(name, (this.propertiesSent.get(name) ?? 0) + 1);
      }
    }
  }

  wrote(id: number, name: string, value: string): void {
    if (this.recording.writes) this.writes.add(id, name, value);
  }

  get log(): readonly LoggedRequest[] {
    return this.#log.slice(-longestLog);
  }

  count(pattern: string | RegExp): number {
    let sum = 0;
    for (const [key, count] of Object.entries(this.byRoute)) {
      if (typeof pattern === "string" ? key.includes(pattern) : key.search(pattern) >= 0)
        sum += count;
    }
    return sum;
  }
}
