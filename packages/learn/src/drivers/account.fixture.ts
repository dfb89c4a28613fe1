import { random } from "../random.js";
import type { DriverTrials } from "./types.js";

/** Words of a made-up language. */
export const vocabulary = Array.from(
  { length: 40 },
  (_, at) => `${"bdfgklmnprst"[at % 12]}${"aeiou"[at % 5]}r${"aeiou"[at % 4]}${at}`,
);

export interface MadeUpAccount {
  readonly seed: number;
  readonly campaigns?: number;
  /** Lines per campaign, tested against one another where there are several. */
  readonly lines?: number;
  readonly shown?: number;
  /** Effects in log-odds, by word, hour ("9"), colour ("red") and audience ("vip red" is that of red with very good customers). */
  readonly effects?: Readonly<Record<string, number>>;
  /** Standard deviations of what nothing tells, of campaigns and of lines. */
  readonly noise?: { readonly campaigns: number; readonly lines: number };
  /** Campaigns and lines whose noise is thrice as large, as a share. */
  readonly wild?: number;
  /** Audiences, and what each adds in log-odds. */
  readonly audiences?: Readonly<Record<string, number>>;
  /** "one": each campaign goes to one audience; "all": each to all. */
  readonly sent?: "one" | "all";
  /** How often a campaign to the first audience is red rather than another colour. */
  readonly redForFirst?: number;
  readonly told?: boolean;
}

export const colors = ["red", "blue", "green", "grey"];
export const hours = ["7", "9", "12", "15", "18", "21"];

/** An account whose words, hours, colours and audiences do what is said, and nothing else. */
export function account(
  options: MadeUpAccount,
): DriverTrials & { factors: Record<string, string[]> } {
  const {
    seed,
    campaigns = 150,
    lines = 1,
    shown = 3000,
    effects = {},
    noise = { campaigns: 0.25, lines: 0.1 },
    wild = 0,
    audiences = { everyone: 0 },
    sent = "one",
    redForFirst,
    told = true,
  } = options;
  const draws = random(seed);
  const names = Object.keys(audiences);
  const rows = {
    texts: [] as string[],
    groups: [] as number[],
    segments: [] as string[],
    color: [] as string[],
    hour: [] as string[],
    medium: [] as string[],
    at: [] as number[],
    shown: [] as number[],
    clicked: [] as number[],
  };
  const odd = () => (draws.uniform() < wild ? 3 : 1) * draws.normal();
  for (let campaign = 0; campaign < campaigns; campaign++) {
    const level = -3.2 + noise.campaigns * odd();
    const first = draws.uniform() < 1 / names.length ? 0 : draws.below(names.length);
    const to = sent === "all" ? names : [names[first]];
    const red = redForFirst ?? 0.25;
    const isRed =
      to[0] === names[0]
        ? draws.uniform() < red
        : draws.uniform() < (redForFirst === undefined ? 0.25 : 1 - red);
    const color = isRed ? "red" : colors[1 + draws.below(3)];
    const hour = hours[draws.below(hours.length)];
    const medium = draws.uniform() < 0.5 ? "photo" : "video";
    const at = Date.UTC(2025, 0, 1) + campaign * 2 * 86_400_000 + Number(hour) * 3_600_000;
    const size = Math.round(shown * Math.exp(0.5 * draws.normal()));
    for (let line = 0; line < lines; line++) {
      const words = new Set(
        Array.from({ length: 6 }, () => vocabulary[Math.floor(40 * draws.uniform() ** 1.5)]),
      );
      const own = noise.lines * odd();
      for (const audience of to) {
        let logOdds =
          level + own + audiences[audience] + (effects[color] ?? 0) + (effects[hour] ?? 0);
        logOdds += (effects[medium] ?? 0) + (effects[`${audience} ${color}`] ?? 0);
        for (const word of words)
          logOdds += (effects[word] ?? 0) + (effects[`${audience} ${word}`] ?? 0);
        const rate = 1 / (1 + Math.exp(-logOdds));
        const people = Math.max(20, Math.round(size / (lines * to.length)));
        rows.texts.push([...words].join(" "));
        rows.groups.push(campaign);
        rows.segments.push(audience);
        rows.color.push(color);
        rows.hour.push(hour);
        rows.medium.push(medium);
        rows.at.push(at);
        rows.shown.push(people);
        rows.clicked.push(binomial(people, rate));
      }
    }
  }
  const { color, hour, medium, segments, ...others } = rows;
  return { ...others, ...(told && { segments }), factors: { color, hour, medium } };

  function binomial(count: number, rate: number): number {
    const mean = count * rate;
    if (mean > 100)
      return Math.min(
        count,
        Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - rate)) * draws.normal())),
      );
    let hits = 0;
    for (let one = 0; one < count; one++) if (draws.uniform() < rate) hits++;
    return hits;
  }
}
