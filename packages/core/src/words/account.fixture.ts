import { random } from "@inchworm/learn";
import type { Campaign, Engagement, RecordBatch } from "@inchworm/spec";

const hour = 3_600_000;
const dayMs = 24 * hour;
export const asOf = Date.UTC(2025, 5, 2);
export const source = { name: "shop:all", system: "shop" };

export interface AccountPlan {
  readonly campaigns: number;
  readonly people: number;
  readonly seed: number;
  /** Of words, on the log-odds of an open. */
  readonly effects?: Readonly<Record<string, number>>;
  /** Of words, among people in Germany, on top. */
  readonly germanEffects?: Readonly<Record<string, number>>;
  /** A word that keen people alone are written, and which does nothing. */
  readonly keenWord?: string;
  /** A word that is written in the evening alone, when fewer open. */
  readonly eveningWord?: string;
  /** Every campaign is a test of two lines, by lot. */
  readonly tests?: boolean;
}

/** Words of a made-up language, of six letters: as long as planted words should be, lest the length of words be what works. */
export const plainWords = Array.from(
  { length: 30 },
  (_, at) =>
    `${"bdfgklmnprst"[at % 12]}${"aeiou"[at % 5]}${"lmnrs"[at % 5]}o${"xyz"[at % 3]}${"aeiou"[(at * 7) % 5]}`,
);

/** People who open more or less, and campaigns whose words are known to do something or nothing. */
export function account(plan: AccountPlan): RecordBatch {
  const {
    campaigns,
    people,
    seed,
    effects = {},
    germanEffects = {},
    keenWord,
    eveningWord,
    tests = false,
  } = plan;
  const { normal, uniform, below, shuffle } = random(seed);
  const keen = Array.from({ length: people }, () => 1.2 * normal());
  const contact = keen.map((_, id) => ({
    id: String(id),
    email: `reader${id}@example.com`,
    country: id % 2 === 0 ? "DE" : "FR",
    createdAt: asOf - 800 * dayMs,
  }));
  const campaign: Campaign[] = [];
  const engagement: Engagement[] = [];
  const planted = [...new Set([...Object.keys(effects), ...Object.keys(germanEffects)])];
  const line = (extra: readonly string[]) => {
    const own = [...planted.filter(() => uniform() < 0.35), ...extra];
    const others = Array.from(
      { length: Math.max(0, 4 + below(4) - own.length) },
      () => plainWords[below(plainWords.length)],
    );
    return mixed([...own, ...others]).join(" ");
  };
  const send = (
    id: string,
    subject: string,
    name: string,
    at: number,
    level: number,
    to: readonly number[],
  ) => {
    campaign.push({ id, channel: "email", name, subject, sentAt: at });
    const words = subject.split(" ");
    const own = words.reduce((sum, word) => sum + (effects[word] ?? 0), level);
    const german = words.reduce((sum, word) => sum + (germanEffects[word] ?? 0), 0);
    for (const person of to) {
      engagement.push({ contact: String(person), type: "sent", campaign: id, at });
      const margin = own + keen[person] + (person % 2 === 0 ? german : 0);
      if (uniform() < 1 / (1 + Math.exp(-margin)))
        engagement.push({
          contact: String(person),
          type: "open",
          campaign: id,
          at: at + hour * (1 + below(20)),
        });
    }
  };
  const mixed = (words: readonly string[]) =>
    [...shuffle(Int32Array.from(words.keys()))].map((at) => words[at]);
  const everybody = keen.map((_, person) => person);
  for (let number = 0; number < campaigns; number++) {
    const at = asOf - 7 * dayMs - Math.floor(((campaigns - number) * 600 * dayMs) / campaigns);
    const level = -1.2 + 0.15 * normal();
    const id = `C${String(number).padStart(4, "0")}`;
    if (tests) {
      const drawn = [...shuffle(Int32Array.from(everybody))];
      const half = drawn.length >> 1;
      send(`${id}a`, line([]), `${id} mail A`, at, level, drawn.slice(0, half));
      send(`${id}b`, line([]), `${id} mail B`, at, level, drawn.slice(half));
      continue;
    }
    const evening = number % 3 === 0;
    const toKeen = keenWord !== undefined && number % 4 === 0;
    const to = everybody.filter(
      (person) => (toKeen ? keen[person] > 0.4 : true) && uniform() < 0.8,
    );
    const midnight = Math.floor(at / dayMs) * dayMs;
    send(
      id,
      line([
        ...(toKeen ? [keenWord as string] : []),
        ...(evening && eveningWord ? [eveningWord] : []),
      ]),
      `${id} mail`,
      midnight + hour * (evening ? 21 : 9),
      level - (evening && eveningWord ? 0.5 : 0),
      to,
    );
  }
  return { contact, campaign, engagement };
}
