import { uniformAt } from "./random.js";
import { secondsPerDay } from "./rhythm.js";

/** The list is dealt out anew every eight weeks: some people are then sent few of the campaigns, some many, at random. */
const blockSeconds = 56 * secondsPerDay;
/** Share of the campaigns that somebody is sent, and how many of the people: .302 on average. */
const dealt = [
  { until: 0.5, share: 0.1 },
  { until: 0.83, share: 0.3 },
  { until: 1, share: 0.9 },
] as const;
const stream = 900;

/** Share of the campaigns of these weeks that somebody is sent. */
export function shareAt(seed: number, contact: number, seconds: number): number {
  const drawn = uniformAt(seed, contact, stream, Math.floor(seconds / blockSeconds));
  return (dealt.find(({ until }) => drawn < until) ?? dealt[dealt.length - 1]).share;
}

/** Mails a week that somebody welcomes: mostly one of people who open few, and two or more of people who open many. */
export function welcomeAt(seed: number, contact: number, openRate: number): 1 | 2 {
  const one = openRate < 0.12 ? 0.85 : 0.15;
  return uniformAt(seed, contact, stream + 1, 0) < one ? 1 : 2;
}

/** What every mail beyond that does to its chance of being opened, and to the chance of leaving because of it. */
export const unwelcome = { opening: 0.5, leaving: 0.02 } as const;
