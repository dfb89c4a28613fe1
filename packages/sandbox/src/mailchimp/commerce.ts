import { InchwormError } from "@inchworm/spec";
import type { MailchimpOrderInput, MailchimpProductInput } from "./types.js";

export interface Shop {
  readonly id: string;
  readonly currency: string;
  readonly orders: Map<string, MailchimpOrderInput>;
  readonly products: Map<string, MailchimpProductInput>;
}

/** The shops that are connected to the audience. */
export class Commerce {
  readonly #shops = new Map<string, Shop>();

  list(): Shop[] {
    return [...this.#shops.values()];
  }

  get(id: string): Shop | undefined {
    return this.#shops.get(id);
  }

  add(id: string, currency: string): void {
    this.#shops.set(id, { id, currency, orders: new Map(), products: new Map() });
  }

  /** @throws InchwormError "not-found" */
  shop(id: string): Shop {
    const shop = this.#shops.get(id);
    if (shop) return shop;
    throw new InchwormError("not-found", `mailchimp sandbox: there is no store ${id}.`);
  }
}
