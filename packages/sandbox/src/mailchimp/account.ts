import { InchwormError } from "@inchworm/spec";
import { FaultDice } from "../stand-in/fault-dice.js";
import { random } from "../stand-in/random.js";
import { BatchQueue } from "./batch-queue.js";
import { hashOf } from "./call.js";
import { Campaigns } from "./campaigns.js";
import { Commerce } from "./commerce.js";
import { type FaultKind, faultKinds, type OperationFault, operationFaults } from "./fault-kinds.js";
import { AccountJournal } from "./journal.js";
import { type Member, MemberTable } from "./member-table.js";
import { fitted, isProblem, MergeFieldBook } from "./merge-fields.js";
import type {
  MailchimpFaults,
  MailchimpMember,
  MailchimpMemberInput,
  MailchimpSandboxOptions,
  MailchimpStatus,
} from "./types.js";

const defaults = {
  seed: 1,
  server: "us6",
  connections: 10,
  timeoutMs: 120_000,
  batchMs: [50, 150] as number | readonly [number, number],
  mostFields: 30,
  now: Date.now as () => number,
};

/** An account with one audience, and what can be done with it without a request. */
export class Account {
  readonly now: () => number;
  readonly server: string;
  readonly connections: number;
  readonly timeoutMs: number;
  readonly accountId: string;
  readonly audience: string;
  readonly accessToken: string;
  apiKey: string;
  revoked = false;
  readonly members = new MemberTable();
  readonly fields: MergeFieldBook;
  readonly campaigns: Campaigns;
  readonly commerce = new Commerce();
  readonly batches: BatchQueue;
  readonly journal = new AccountJournal();
  readonly dice: FaultDice<FaultKind>;
  readonly operationDice: FaultDice<OperationFault>;
  /** Addresses that were deleted for good. */
  readonly forgotten = new Set<string>();
  /** Ids of tags by name: they are static segments. */
  readonly tags = new Map<string, number>();
  underWay = 0;
  mostUnderWay = 0;
  refused = 0;
  readonly #next: () => number;

  constructor(options: MailchimpSandboxOptions) {
    const given = { ...defaults, ...options };
    this.now = given.now;
    this.server = given.server;
    this.connections = given.connections;
    this.timeoutMs = given.timeoutMs;
    this.#next = random(given.seed);
    this.accountId = this.hex(25);
    this.audience = options.audience ?? this.hex(10);
    this.apiKey = this.#newKey();
    this.accessToken = this.hex(32);
    this.fields = new MergeFieldBook(given.mostFields, options.mergeFields ?? []);
    this.campaigns = new Campaigns(() => this.hex(10));
    this.batches = new BatchQueue(given.batchMs, given.seed, () => this.hex(10));
    const { operationError, ...faults } = options.faults ?? {};
    this.dice = new FaultDice("mailchimp sandbox", faultKinds, given.seed, faults);
    this.operationDice = new FaultDice(
      "mailchimp sandbox",
      operationFaults,
      given.seed + 1,
      operationError === undefined ? {} : { operationError },
    );
  }

  hex(length: number): string {
    let text = "";
    for (let digit = 0; digit < length; digit++) {
      text += Math.floor(this.#next() * 16).toString(16);
    }
    return text;
  }

  setFaults({ operationError, ...faults }: Partial<MailchimpFaults>): void {
    this.dice.set(faults);
    this.operationDice.set(operationError === undefined ? {} : { operationError });
  }

  revoke(): string {
    this.revoked = true;
    this.apiKey = this.#newKey();
    return this.apiKey;
  }

  /** The second of the account's clock. */
  second(): number {
    return Math.floor(this.now() / 1_000) * 1_000;
  }

  addMembers(rows: Iterable<MailchimpMemberInput>): string[] {
    const ids: string[] = [];
    for (const row of rows) {
      const email = row.email.trim();
      if (!/^[^\s@]+@[^\s@]+$/.test(email) || this.members.find(hashOf(email))) {
        const what = `row ${ids.length + 1} has no address, or that of another member`;
        throw new InchwormError("input", `mailchimp sandbox: ${what}.`);
      }
      const member = this.newMember(email, row.status ?? "subscribed");
      const second = (time: number) => Math.floor(time / 1_000) * 1_000;
      if (row.signedUpAt !== undefined) {
        member.signedUpAt = second(row.signedUpAt);
        member.optedInAt &&= member.signedUpAt;
      }
      member.changedAt = second(row.changedAt ?? member.signedUpAt);
      member.language = row.language ?? "";
      member.timezone = row.timezone ?? "";
      member.countryCode = row.countryCode ?? "";
      for (const tag of row.tags ?? []) this.tag(member, tag, true);
      this.setMerge(member, row.mergeFields ?? {});
      this.members.add(member);
      ids.push(member.contactId);
    }
    return ids;
  }

  /** Not yet in the table. */
  newMember(email: string, status: MailchimpStatus): Member {
    const now = this.second();
    return {
      contactId: this.hex(32),
      webId: 100_000_000 + this.members.size,
      hash: hashOf(email),
      email,
      status,
      merge: new Map(),
      tags: new Set(),
      language: "",
      vip: false,
      emailType: "html",
      timezone: "",
      countryCode: "",
      signedUpAt: now,
      optedInAt: status === "subscribed" || status === "unsubscribed" ? now : undefined,
      changedAt: now,
    };
  }

  /** By hand, without the checks of a request. */
  setMerge(member: Member, fields: Readonly<Record<string, unknown>>): void {
    for (const [tag, value] of Object.entries(fields)) {
      const field = this.fields.get(tag);
      const kept = field && fitted(field, value);
      if (!field || isProblem(kept)) {
        const why = field ? "has a value that does not fit" : "is not there";
        throw new InchwormError("input", `mailchimp sandbox: the merge field ${tag} ${why}.`);
      }
      if (kept === "") member.merge.delete(tag);
      else member.merge.set(tag, kept);
    }
  }

  touch(member: Member): void {
    member.changedAt = Math.max(member.changedAt, this.second());
    this.members.changed();
  }

  tag(member: Member, name: string, active: boolean): void {
    if (!this.tags.has(name)) this.tags.set(name, 1_000 + this.tags.size);
    if (active) member.tags.add(name);
    else member.tags.delete(name);
  }

  removeField(tag: string): void {
    this.fields.remove(tag);
    for (const member of this.members.all()) member.merge.delete(tag);
  }

  view(member: Member): MailchimpMember {
    return {
      contactId: member.contactId,
      hash: member.hash,
      email: member.email,
      status: member.status,
      mergeFields: Object.fromEntries(member.merge),
      tags: [...member.tags],
      language: member.language,
      vip: member.vip,
      changedAt: member.changedAt,
    };
  }

  #newKey(): string {
    return `${this.hex(32)}-${this.server}`;
  }
}
