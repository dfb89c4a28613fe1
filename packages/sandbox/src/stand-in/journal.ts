/** One request and its answer. */
export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** 0 when the connection was destroyed instead. */
  readonly status: number;
  /** As sent; absent when there was none or bodies are not kept. */
  readonly body?: string;
  /** The fault that hit it. */
  readonly fault?: string;
}

/** What is remembered of requests. */
export interface Recording {
  /** Keep the latest 1,000 requests in `log`. Defaults to true. */
  readonly log: boolean;
  /** Keep their bodies as well. Defaults to true. */
  readonly bodies: boolean;
  /** Keep every write of a field in `writes`. Defaults to true. */
  readonly writes: boolean;
}

const longestLog = 1_000;

/** What a stand-in remembers of its requests. */
export class Journal {
  total = 0;
  recording: Recording = { log: true, bodies: true, writes: true };
  readonly byRoute: Record<string, number> = {};
  readonly injected: Record<string, number> = {};
  #log: LoggedRequest[] = [];

  /** A request was answered, or its connection destroyed. */
  answered(request: Omit<LoggedRequest, "fault">, route: string, fault: string | undefined): void {
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

  /** The latest requests, oldest first. */
  get log(): readonly LoggedRequest[] {
    return this.#log.slice(-longestLog);
  }

  /** Requests whose "METHOD route status" contains the text or matches the pattern. */
  count(pattern: string | RegExp): number {
    let sum = 0;
    for (const [key, count] of Object.entries(this.byRoute)) {
      if (typeof pattern === "string" ? key.includes(pattern) : key.search(pattern) >= 0)
        sum += count;
    }
    return sum;
  }
}
