import { hashOf } from "./call.js";
import type { MailchimpStatus } from "./types.js";

export interface Member {
  readonly contactId: string;
  readonly webId: number;
  hash: string;
  email: string;
  status: MailchimpStatus;
  readonly merge: Map<string, unknown>;
  readonly tags: Set<string>;
  language: string;
  vip: boolean;
  emailType: string;
  timezone: string;
  countryCode: string;
  signedUpAt: number;
  optedInAt: number | undefined;
  changedAt: number;
}

export type MemberOrder = "added" | "changedAt" | "optedInAt" | "signedUpAt";

/** The members of the audience. */
export class MemberTable {
  readonly #byContact = new Map<string, Member>();
  readonly #byHash = new Map<string, Member>();
  /** What was last asked for in an order, kept while nothing changes: a million members are not sorted for every page. */
  readonly #orders = new Map<MemberOrder, Member[]>();

  get size(): number {
    return this.#byContact.size;
  }

  all(): Iterable<Member> {
    return this.#byContact.values();
  }

  /** By contact id, hash or address. */
  find(id: string): Member | undefined {
    return (
      this.#byContact.get(id) ??
      this.#byHash.get(id) ??
      (id.includes("@") ? this.#byHash.get(hashOf(id)) : undefined)
    );
  }

  add(member: Member): void {
    this.#byContact.set(member.contactId, member);
    this.#byHash.set(member.hash, member);
    this.#orders.clear();
  }

  remove(member: Member): void {
    this.#byContact.delete(member.contactId);
    this.#byHash.delete(member.hash);
    this.#orders.clear();
  }

  move(member: Member, email: string): void {
    this.#byHash.delete(member.hash);
    member.email = email;
    member.hash = hashOf(email);
    this.#byHash.set(member.hash, member);
  }

  /** Something that members are ordered by has changed. */
  changed(): void {
    this.#orders.delete("changedAt");
    this.#orders.delete("optedInAt");
  }

  /** All members in an order; equals stand as they were added. */
  ordered(by: MemberOrder): readonly Member[] {
    const kept = this.#orders.get(by);
    if (kept) return kept;
    const members = [...this.#byContact.values()];
    if (by !== "added") members.sort((left, right) => (left[by] ?? 0) - (right[by] ?? 0));
    this.#orders.set(by, members);
    return members;
  }
}
