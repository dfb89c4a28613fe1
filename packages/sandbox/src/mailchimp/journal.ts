import { Journal } from "../stand-in/journal.js";
import type { MailchimpSandbox, MergeWrite } from "./types.js";

const count = (counts: Record<string, number>, key: string) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** What the account remembers of its requests. */
export class AccountJournal extends Journal {
  readonly operations: Record<string, number> = {};
  readonly memberKeysSent: Record<string, number> = {};
  readonly mergeFieldsSent: Record<string, number> = {};
  readonly writes: MergeWrite[] = [];
  readonly tagWrites: MailchimpSandbox["tagWrites"] = [];
  readonly created: string[] = [];

  operation(route: string): void {
    count(this.operations, route);
  }

  /** Counts what the body of a member's write carries, whatever becomes of it. */
  carried(body: unknown): void {
    if (typeof body !== "object" || body === null) return;
    for (const key of Object.keys(body)) count(this.memberKeysSent, key);
    const { merge_fields: fields } = body as { merge_fields?: object | null };
    for (const tag of Object.keys(fields ?? {})) count(this.mergeFieldsSent, tag);
  }

  wrote(contactId: string, tag: string, value: unknown): void {
    if (this.recording.writes) this.writes.push({ contactId, tag, value });
  }
}
