import type { Consent, Contact, RecordBatch } from "@inchworm/spec";

/** What a store keeps: the latest word on every record, which names are one person, and what they refuse. */
export class Kept {
  readonly contacts = new Map<string, Contact>();
  readonly states = new Map<string, { readonly state: string; readonly at: number | undefined }>();
  readonly consents = new Map<string, Consent>();
  readonly #person = new Map<string, string>();
  readonly #system: string;

  constructor(system: string) {
    this.#system = system;
  }

  person(id: string): string {
    const up = this.#person.get(id);
    return up === undefined || up === id ? id : this.person(up);
  }

  page({ contact = [], consent = [] }: RecordBatch): void {
    for (const one of contact) this.#contact(one);
    for (const one of consent) this.#consent(one);
  }

  consent(id: string, purpose: Consent["purpose"]): Consent["status"] | undefined {
    return this.consents.get(`${id} ${purpose}`)?.status;
  }

  #contact(contact: Contact): void {
    const { id, modifiedAt: at } = contact;
    this.#say(id, contact.archived === true ? "archived" : "current", at);
    for (const { system, id: other } of contact.identities ?? []) {
      if (system !== this.#system) continue;
      this.#say(other, "merged", at);
      this.#person.set(this.person(other), this.person(id));
    }
    const old = this.contacts.get(id);
    if ((old?.modifiedAt ?? 0) <= (at ?? 0)) this.contacts.set(id, { ...old, ...contact });
  }

  #consent(consent: Consent): void {
    const key = `${consent.contact} ${consent.purpose}`;
    const old = this.consents.get(key);
    if ((old?.at ?? 0) <= consent.at) this.consents.set(key, consent);
  }

  #say(id: string, state: string, at: number | undefined): void {
    const old = this.states.get(id);
    if (old === undefined || old.at === undefined || at === undefined || at >= old.at) {
      this.states.set(id, { state, at: at ?? old?.at });
    }
  }
}
