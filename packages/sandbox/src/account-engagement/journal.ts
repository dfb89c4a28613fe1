import { Journal } from "../stand-in/journal.js";
import type { AccountEngagementWrite } from "./types.js";

/** What a business unit's stand-in remembers besides its requests. */
export class UnitJournal extends Journal {
  readonly writes: AccountEngagementWrite[] = [];
  readonly created: number[] = [];
  readonly fieldsSent: Record<string, number> = {};

  wrote(write: AccountEngagementWrite): void {
    if (this.recording.writes) this.writes.push(write);
  }

  carried(names: Iterable<string>): void {
    for (const name of names) this.fieldsSent[name] = (this.fieldsSent[name] ?? 0) + 1;
  }
}
