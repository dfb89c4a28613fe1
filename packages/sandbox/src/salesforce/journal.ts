import { Journal } from "../stand-in/journal.js";
import type { SalesforceWrite } from "./types.js";

/** What an organisation's stand-in remembers besides its requests. */
export class OrgJournal extends Journal {
  readonly writes: SalesforceWrite[] = [];
  /** Ids of records that requests have created, setup aside. */
  readonly created: string[] = [];
  /** How often each field stood in a write request, refused ones too. */
  readonly fieldsSent: Record<string, number> = {};
  limitRefusals = 0;

  wrote(write: SalesforceWrite): void {
    if (this.recording.writes) this.writes.push(write);
  }

  carried(names: Iterable<string>): void {
    for (const name of names) this.fieldsSent[name] = (this.fieldsSent[name] ?? 0) + 1;
  }
}
