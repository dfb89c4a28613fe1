import { idSeries } from "./ids.js";
import { ingest } from "./ingest.js";
import type { Org } from "./org.js";
import type { ObjectDefinition } from "./schema.js";

export type JobState =
  | "Open"
  | "UploadComplete"
  | "InProgress"
  | "Aborted"
  | "JobComplete"
  | "Failed";

/** A Bulk API 2.0 job. */
export interface Job {
  readonly id: string;
  readonly kind: "ingest" | "query";
  readonly operation: string;
  readonly definition: ObjectDefinition;
  readonly createdAt: number;
  readonly apiVersion: number;
  readonly lineEnding: "LF" | "CRLF";
  readonly query?: string;
  modifiedAt: number;
  state: JobState;
  /** Every third row is refused with a lock: the fault struck the request that closed the job. */
  locked: boolean;
  data: string | undefined;
  dueAt: number;
  errorMessage: string | undefined;
  /** Lines of the results, without their head. */
  head: readonly string[];
  successful: string[];
  failed: string[];
  unprocessed: string[];
}

/** All jobs of an organisation. They are worked on when their time has come, whole. */
export class Jobs {
  readonly all = new Map<string, Job>();
  readonly #org: Org;
  readonly #next: () => string;
  /** Runs a query job: set by the routes that know how. */
  onQuery: (job: Job) => void = () => {};

  constructor(org: Org, instance: string) {
    this.#org = org;
    this.#next = idSeries("750", instance);
  }

  open(
    given: Pick<Job, "kind" | "operation" | "definition" | "apiVersion" | "lineEnding"> & {
      readonly query?: string;
    },
  ): Job {
    const now = this.#org.now();
    const job: Job = {
      ...given,
      id: this.#next(),
      createdAt: now,
      modifiedAt: now,
      state: given.kind === "query" ? "UploadComplete" : "Open",
      locked: false,
      data: undefined,
      dueAt: now + this.#org.jobMs,
      errorMessage: undefined,
      head: [],
      successful: [],
      failed: [],
      unprocessed: [],
    };
    this.all.set(job.id, job);
    return job;
  }

  tick(now: number): void {
    for (const job of this.all.values()) {
      if (job.state === "UploadComplete" && job.dueAt > now) job.state = "InProgress";
      if ((job.state !== "UploadComplete" && job.state !== "InProgress") || job.dueAt > now)
        continue;
      if (job.kind === "query") this.onQuery(job);
      else ingest(this.#org, job);
      job.modifiedAt = now;
    }
  }
}
