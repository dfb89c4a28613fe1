import type { CampaignProof, Proof, ScorerProof } from "@inchworm/core";
import { format, plural, type Terminal } from "../terminal.js";

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** The report as people read it. */
export function sayProof(screen: Terminal, proof: Proof): void {
  screen.say(`What was brought until ${day(proof.asOf)}, ${proof.days} days from each decision:`);
  if (proof.universal) {
    screen.say();
    screen.say("Everything together, against those held out from everything (spend a person):");
    screen.say(`  ${proof.universal.result.because}`);
  }
  for (const scorer of proof.scorers) sayScorer(screen, scorer);
  for (const campaign of proof.campaigns) sayCampaign(screen, campaign);
  if (proof.notes.length > 0) screen.say();
  for (const note of proof.notes) screen.say(note);
}

function sayScorer(screen: Terminal, one: ScorerProof): void {
  const { scorer = "without a score", since, campaigns, because, incremental, cost, alarms } = one;
  screen.say();
  screen.say(`${scorer}, ${plural(campaigns, "campaign")} since ${day(since)}:`);
  screen.say(`  ${because}`);
  if (incremental) screen.say(`  people who ordered because of it: ${range(incremental)}`);
  if (cost > 0) screen.say(`  cost: ${short(cost)}`);
  for (const alarm of alarms) screen.say(`  alarm: ${alarm.because}`);
}

function sayCampaign(screen: Terminal, one: CampaignProof): void {
  const { campaign, since, people, treated, because, cost, costPerIncremental, detectable } = one;
  screen.say();
  screen.say(
    `${campaign} of ${day(since)}: ${format(treated)} of ${plural(people, "person", "people")} treated`,
  );
  screen.say(`  ${because}`);
  if (one.spend) screen.say(`  spend: ${one.spend.because}`);
  if (costPerIncremental) {
    const { value, low, high } = costPerIncremental;
    screen.say(
      `  cost for each who ordered because of it: ${short(value)} (${short(low)} to ${high === undefined ? "no bound" : short(high)})`,
    );
  } else if (cost > 0) screen.say(`  cost: ${short(cost)}`);
  if (detectable !== undefined && detectable > 0)
    screen.say(`  it shows effects from ${short(100 * detectable)} percentage points on`);
}

const range = ({ value, low, high }: { value: number; low: number; high: number }): string =>
  `${format(value)} (${format(low)} to ${format(high)})`;
