import { gzipSync } from "node:zlib";
import { random, uuid } from "../stand-in/random.js";

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly operationId: string;
}

export interface OperationResult {
  readonly status_code: number;
  readonly operation_id: string;
  /** The answer's body as text. */
  readonly response: string;
}

export interface Batch {
  readonly id: string;
  readonly submittedAt: number;
  readonly endsAt: number;
  readonly total: number;
  operations: readonly Operation[];
  /** Absent until it has ended. */
  file: Buffer | undefined;
  errored: number;
}

/** Files of results last ten minutes from the moment their address was told. */
const urlLifeMs = 600_000;

/** Batches of operations, which are carried out some time after they were submitted, in no order. */
export class BatchQueue {
  readonly #batches = new Map<string, Batch>();
  readonly #urls = new Map<string, { readonly batch: Batch; readonly until: number }>();
  readonly #duration: number | readonly [number, number];
  readonly #next: () => number;
  readonly #newId: () => string;
  #waiting: Batch[] = [];

  constructor(duration: number | readonly [number, number], seed: number, newId: () => string) {
    this.#duration = duration;
    this.#next = random(seed + 0xba);
    this.#newId = newId;
  }

  get submitted(): number {
    return this.#batches.size;
  }

  get running(): number {
    return this.#waiting.length;
  }

  list(): Batch[] {
    return [...this.#batches.values()];
  }

  get(id: string): Batch | undefined {
    return this.#batches.get(id);
  }

  remove(id: string): void {
    this.#batches.delete(id);
    this.#waiting = this.#waiting.filter((batch) => batch.id !== id);
  }

  submit(operations: readonly Operation[], now: number): Batch {
    const [from, to] =
      typeof this.#duration === "number" ? [this.#duration, this.#duration] : this.#duration;
    const batch: Batch = {
      id: this.#newId(),
      submittedAt: now,
      endsAt: now + from + this.#next() * (to - from),
      total: operations.length,
      operations,
      file: undefined,
      errored: 0,
    };
    this.#batches.set(batch.id, batch);
    this.#waiting.push(batch);
    return batch;
  }

  /** Carries out what is due: batches by their end, the operations of each in any order. */
  advance(now: number, run: (operation: Operation) => OperationResult): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ endsAt }) => endsAt <= now);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ endsAt }) => endsAt > now);
    for (const batch of due.sort((left, right) => left.endsAt - right.endsAt)) {
      const order = batch.operations.map((_, index) => index);
      for (let place = order.length - 1; place > 0; place--) {
        const other = Math.floor(this.#next() * (place + 1));
        [order[place], order[other]] = [order[other], order[place]];
      }
      const results = order.map((index) => run(batch.operations[index]));
      batch.file = this.#pack(batch, results);
      batch.errored = results.filter(({ status_code }) => status_code >= 400).length;
      batch.operations = [];
    }
  }

  status(batch: Batch, now: number): string {
    if (batch.file) return "finished";
    const share = (now - batch.submittedAt) / Math.max(1, batch.endsAt - batch.submittedAt);
    return share < 0.25 ? "pending" : share < 0.5 ? "preprocessing" : "started";
  }

  /** A new secret path of the file of results. */
  pathOf(batch: Batch, now: number): string {
    for (const [secret, { until }] of this.#urls) if (until <= now) this.#urls.delete(secret);
    const secret = uuid(this.#next);
    this.#urls.set(secret, { batch, until: now + urlLifeMs });
    return `/batch-results/${secret}-response.tar.gz`;
  }

  /** The file at that path; undefined once the address has run out. */
  file(path: string, now: number): Buffer | undefined {
    const secret = /^\/batch-results\/(.+)-response\.tar\.gz$/.exec(path)?.[1] ?? "";
    const known = this.#urls.get(secret);
    if (!known || known.until <= now) return undefined;
    return known.batch.file;
  }

  /** The real files hold the answers in several lists, and empty entries among them. */
  #pack({ id }: Batch, results: readonly OperationResult[]): Buffer {
    const entries: [string, string][] = [[`${id}/`, ""]];
    for (let start = 0; start < results.length; start += 250) {
      const part = JSON.stringify(results.slice(start, start + 250));
      entries.push([`${id}/${uuid(this.#next)}.json`, part]);
    }
    entries.push([`${id}/${uuid(this.#next)}.json`, ""]);
    return gzipSync(Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1_024)]));
  }
}

/** One entry of a tar file: POSIX.1-1988 "ustar", which names a directory with a slash. */
function tarEntry([name, text]: readonly [string, string]): Buffer {
  const data = Buffer.from(text);
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(name, 0, 100);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(data.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        ", 148);
  header.write(name.endsWith("/") ? "5" : "0", 156);
  header.write("ustar\0", 257);
  header.write("00", 263);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  );
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
