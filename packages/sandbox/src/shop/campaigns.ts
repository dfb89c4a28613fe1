import type { Campaign } from "@inchworm/spec";
import { random } from "./random.js";
import { secondsPerDay, secondsPerHour } from "./rhythm.js";

/** What a campaign's subject and content are worth: known here, to be found out elsewhere. */
export interface CampaignTruth {
  readonly campaign: string;
  /** Times a person's own open rate. */
  readonly openFactor: number;
  /** Times a person's own click rate. */
  readonly clickFactor: number;
  /** Share of the list that it goes to on average, drawn at random; see `volume.ts`. */
  readonly audience: number;
  /** Sent at a random minute of the next 24 hours, each person's own; otherwise to everybody within 20 minutes. */
  readonly spread: boolean;
}

export interface CampaignPlan {
  readonly campaigns: readonly Campaign[];
  readonly truth: readonly CampaignTruth[];
  /** UTC seconds, ascending, more than a day apart. */
  readonly sentAt: Float64Array;
  readonly openFactor: Float64Array;
  readonly clickFactor: Float64Array;
  readonly spread: Uint8Array;
}

/** Share of the list that a campaign goes to. */
export const audience = 0.3;

interface Phrase {
  readonly text: string;
  readonly open: number;
  readonly click: number;
  readonly form: string;
  readonly offer?: string;
}

// `*` stands for a category
const phrases: readonly Phrase[] = [
  { text: "New in: *", open: 1, click: 1, form: "newsletter" },
  { text: "Looking for *?", open: 1.12, click: 1.1, form: "story" },
  { text: "7 ideas for *", open: 1.08, click: 1.05, form: "story" },
  { text: "Behind the scenes: *", open: 0.95, click: 0.8, form: "story" },
  { text: "20% off * until Sunday", open: 1.15, click: 1.5, form: "offer", offer: "20% off" },
  { text: "Last chance: 10% off *", open: 1.1, click: 1.3, form: "offer", offer: "10% off" },
  {
    text: "Free shipping this week",
    open: 1.05,
    click: 1.2,
    form: "offer",
    offer: "free shipping",
  },
  { text: "Your * favourites are back", open: 1.04, click: 1.15, form: "newsletter" },
  { text: "The * report, no. 12", open: 0.78, click: 0.8, form: "newsletter" },
  { text: "A small thank-you from us", open: 1.2, click: 0.9, form: "story" },
];
const mediaTypes = ["image", "text", "video"] as const;
const mediaClicks = [1, 0.85, 1.15] as const;
const colors = ["teal", "coral", "ivory", "navy", "mustard"] as const;

/** Two campaigns a week, Monday or Tuesday and Thursday or Friday, from 5 to 20 o'clock UTC. */
export function campaignPlan(
  seed: number,
  categories: readonly string[],
  from: number,
  until: number,
): CampaignPlan {
  const draws = random(seed).at(0, 102);
  const campaigns: Campaign[] = [];
  const truth: CampaignTruth[] = [];
  const firstMonday = Math.floor((from / secondsPerDay + 3) / 7) * 7 - 3;

  for (let day = firstMonday; day * secondsPerDay < until; day += 7)
    for (const weekday of [0, 3]) {
      const sentAt =
        (day + weekday + draws.below(2)) * secondsPerDay + (5 + draws.below(16)) * secondsPerHour;
      const phrase = phrases[draws.below(phrases.length)];
      const category = categories[draws.below(categories.length)];
      const personal = draws.uniform() < 0.3;
      const emoji = draws.uniform() < 0.2;
      const shouting = draws.uniform() < 0.1;
      const media = draws.below(mediaTypes.length);
      const color = colors[draws.below(colors.length)];
      const noise = 0.85 + 0.3 * draws.uniform();
      const spread = draws.uniform() < 1 / 3;
      if (sentAt < from || sentAt >= until) continue;

      const plain = phrase.text.replace("*", category.toLowerCase());
      let subject = personal ? `{{first_name}}, ${plain[0].toLowerCase()}${plain.slice(1)}` : plain;
      if (shouting) subject = subject.toUpperCase().replace("{{FIRST_NAME}}", "{{first_name}}");
      if (emoji) subject += " 🎁";
      const id = `M${String(campaigns.length + 1).padStart(4, "0")}`;
      campaigns.push({
        id,
        channel: "email",
        name: `${new Date(sentAt * 1000).toISOString().slice(0, 10)} ${plain}`,
        subject,
        preview: `${category} for every day, and what else is new.`,
        body: `Hello {{first_name}}, ${plain}. Have a look at our ${category.toLowerCase()}.`,
        mediaType: mediaTypes[media],
        color,
        form: phrase.form,
        ...(phrase.offer === undefined ? {} : { offer: phrase.offer }),
        sentAt: sentAt * 1000,
      });
      truth.push({
        campaign: id,
        openFactor:
          phrase.open * (personal ? 1.1 : 1) * (emoji ? 1.04 : 1) * (shouting ? 0.8 : 1) * noise,
        clickFactor: phrase.click * mediaClicks[media],
        audience,
        spread,
      });
    }

  return {
    campaigns,
    truth,
    sentAt: Float64Array.from(campaigns, (campaign) => (campaign.sentAt as number) / 1000),
    openFactor: Float64Array.from(truth, (one) => one.openFactor),
    clickFactor: Float64Array.from(truth, (one) => one.clickFactor),
    spread: Uint8Array.from(truth, (one) => (one.spread ? 1 : 0)),
  };
}
