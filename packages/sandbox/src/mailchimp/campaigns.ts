import { InchwormError } from "@inchworm/spec";
import type { MailchimpCampaignInput, MailchimpReceipt } from "./types.js";

export interface Campaign extends Omit<MailchimpCampaignInput, "sentTo"> {
  readonly id: string;
  readonly webId: number;
  readonly receipts: MailchimpReceipt[];
}

/** Campaigns that were sent, and what their recipients did. */
export class Campaigns {
  readonly #campaigns = new Map<string, Campaign>();
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  list(): Campaign[] {
    return [...this.#campaigns.values()];
  }

  get(id: string): Campaign | undefined {
    return this.#campaigns.get(id);
  }

  add({ sentTo, ...input }: MailchimpCampaignInput): string {
    const id = input.id ?? this.#newId();
    const webId = 200_000_000 + this.#campaigns.size;
    this.#campaigns.set(id, { ...input, id, webId, receipts: [...sentTo] });
    return id;
  }

  /** What somebody did later replaces what was known of them. */
  addReceipts(id: string, receipts: readonly MailchimpReceipt[]): void {
    const campaign = this.#campaigns.get(id);
    if (!campaign) {
      throw new InchwormError("not-found", `mailchimp sandbox: there is no campaign ${id}.`);
    }
    for (const receipt of receipts) {
      const place = campaign.receipts.findIndex(({ email }) => email === receipt.email);
      if (place < 0) campaign.receipts.push(receipt);
      else campaign.receipts[place] = receipt;
    }
  }
}
