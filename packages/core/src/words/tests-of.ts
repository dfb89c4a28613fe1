import { languageOf } from "@inchworm/learn";
import type { Campaign } from "@inchworm/spec";
import type { CampaignSends } from "@inchworm/store";
import { day } from "../windows.js";

/** Campaigns that were sent to people by lot, and what could be one but is not. */
export interface FoundTests {
  /** Number of the test of each campaign; -1 of one that is in none. */
  readonly testOf: Int32Array;
  readonly tests: number;
  readonly notes: readonly string[];
}

/** What is known of a campaign beforehand: how its people answer other campaigns, in log-odds, with how many there are. */
export interface AudienceLevel {
  readonly people: number;
  readonly mean: number;
  readonly variance: number;
}

/** Share of the smallest group that may have had two lines of one test, and how far groups may differ beforehand, in standard errors. */
const mostOverlap = 0.01;
const mostApart = 3.5;
const mostDaysApart = 2;

const closing =
  /(?:^|[\s_\-–(])(?:(?:variant|version|variation|variante|test|group|gruppe|line)[\s_-]*)?(?:[a-e]|[1-9])\)?$/iu;

/** The name without what tells variants apart; `undefined` where nothing is left to tell by. */
function stem(name: string | undefined): string | undefined {
  const plain = name?.trim().toLowerCase().replace(closing, "").trim();
  return plain === undefined || plain.length < 3 ? undefined : plain;
}

export function testsOf(
  sends: CampaignSends,
  sentAt: Float64Array,
  texts: readonly (string | undefined)[],
  levels: readonly AudienceLevel[],
  named: ((campaign: Campaign) => string | undefined) | undefined,
): FoundTests {
  const candidates = named
    ? byName(sends.campaigns, texts, named)
    : byStem(sends.campaigns, texts, sentAt);
  const groupOf = new Int32Array(sends.campaigns.length).fill(-1);
  for (const [group, members] of candidates.entries())
    for (const campaign of members) groupOf[campaign] = group;
  const both = overlaps(sends, groupOf, candidates.length);
  const testOf = new Int32Array(sends.campaigns.length).fill(-1);
  let tests = 0;
  let overlapping = 0;
  let unlike = 0;
  for (const [group, members] of candidates.entries()) {
    const smallest = Math.min(...members.map((campaign) => levels[campaign].people));
    if (both[group] > mostOverlap * smallest) overlapping++;
    else if (members.some((one) => members.some((other) => apart(levels[one], levels[other]))))
      unlike++;
    else {
      for (const campaign of members) testOf[campaign] = tests;
      tests++;
    }
  }
  const notes: string[] = [];
  const those = named ? "named as tests" : "named alike and sent together";
  if (overlapping > 0)
    notes.push(
      `${overlapping} of ${candidates.length} groups of campaigns ${those} went to the same people in part, and count as no tests.`,
    );
  if (unlike > 0)
    notes.push(
      `${unlike} of ${candidates.length} groups of campaigns ${those} went to people who were unlike beforehand, and count as no tests.`,
    );
  return { testOf, tests, notes };
}

function apart(left: AudienceLevel, right: AudienceLevel): boolean {
  const error = Math.sqrt(left.variance / left.people + right.variance / right.people);
  return Math.abs(left.mean - right.mean) > mostApart * error + 1e-9;
}

function byName(
  campaigns: readonly Campaign[],
  texts: readonly (string | undefined)[],
  named: (campaign: Campaign) => string | undefined,
): number[][] {
  const groups = new Map<string, number[]>();
  for (const [at, campaign] of campaigns.entries()) {
    const name = texts[at] === undefined ? undefined : named(campaign);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), at]);
  }
  return [...groups.values()].filter((members) => members.length > 1);
}

function byStem(
  campaigns: readonly Campaign[],
  texts: readonly (string | undefined)[],
  sentAt: Float64Array,
): number[][] {
  const alike = byName(campaigns, texts, ({ name }) => stem(name));
  return alike
    .flatMap((members) => {
      const ordered = [...members].sort((left, right) => sentAt[left] - sentAt[right]);
      const groups: number[][] = [];
      for (const campaign of ordered) {
        const group = groups.at(-1);
        if (group && sentAt[campaign] - sentAt[group[0]] <= mostDaysApart * day)
          group.push(campaign);
        else groups.push([campaign]);
      }
      return groups;
    })
    .filter((members) => {
      const languages = new Set(members.map((campaign) => languageOf(texts[campaign] ?? "")));
      languages.delete("unknown");
      return members.length > 1 && languages.size < 2;
    });
}

/** How many people had two campaigns of each group. */
function overlaps(
  { contacts, campaign }: CampaignSends,
  groupOf: Int32Array,
  groups: number,
): Int32Array {
  const both = new Int32Array(groups);
  const last = new Int32Array(groups).fill(-1);
  for (let row = 0; row < contacts.length; row++) {
    const group = groupOf[campaign[row]];
    if (group < 0) continue;
    if (last[group] === contacts[row]) both[group]++;
    last[group] = contacts[row];
  }
  return both;
}
