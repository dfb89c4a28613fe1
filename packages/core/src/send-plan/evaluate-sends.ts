import {
  type DecisionLog,
  evaluatePolicy,
  type PolicyEvaluation,
  reactions,
  sendTimes,
  weekHours,
} from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import type { SendLog, Store } from "@inchworm/store";
import { rememberedDays } from "../scorers/send-time-train.js";
import { readTiming } from "../timing/read-timing.js";
import { day } from "../windows.js";
import { bestSlot, hourOf } from "./choose.js";
import { hourName } from "./export.js";
import { type HourModel, hourPreferences, publishedHours } from "./hour-preferences.js";
import { type SentDecision, sentDecisions } from "./sent-decisions.js";

/** A message that a policy is asked about, as it stood when it was planned. */
export interface SendChoice {
  readonly contact: number;
  readonly campaign: string;
  /** When it could have been sent, UTC milliseconds, and the hour of the week on the contact's clock, 0 = Monday 00:00. */
  readonly at: ArrayLike<number>;
  readonly localHours: ArrayLike<number>;
}

/**
 * Which hours a plan would choose: each person's own best where there is one, else everyone's ("personal"); the best for everyone
 * ("everyone"); the hour of the window nearest to a local hour, 0 to 23; any of them alike ("random"); or the place in `at`.
 */
export type SendPolicy =
  | "personal"
  | "everyone"
  | "random"
  | number
  | ((choice: SendChoice) => number);

export interface EvaluateSendsOptions {
  /** Only messages of this campaign. Defaults to all that were planned. */
  readonly campaign?: string;
  /** Only messages of this channel. Defaults to "email". */
  readonly channel?: string;
}

/** See `PolicyEvaluation`; a decision is a message, its reward whether it was answered within 24 hours. */
export interface SendEvaluation extends PolicyEvaluation {
  readonly messages: number;
  readonly campaigns: number;
}

/** @throws InchwormError "insufficient-data" where no planned message is a day old; "input" for a policy that is none */
export async function evaluateSends(
  store: Store,
  policy: SendPolicy,
  { campaign, channel = "email" }: EvaluateSendsOptions,
  { now, seed, signal }: { now: Instant; seed: number; signal?: AbortSignal | undefined },
): Promise<SendEvaluation> {
  checkPolicy(policy);
  const log = await store.sendLog({ asOf: now, ...(campaign !== undefined && { campaign }) });
  const all = [...log.plans.keys()].filter((place) => log.plans[place].channel === channel);
  const { places, choose } = await chooserOf(store, policy, log, all, { channel, seed, signal });
  const rows: number[] = [];
  const choices: Uint8Array[] = [];
  for (const place of places) {
    signal?.throwIfAborted();
    const chosen = await choose(place);
    for await (const decision of sentDecisions(store, log, place, signal)) {
      rows.push(decision.row);
      choices.push(chosen(decision));
    }
  }
  if (rows.length === 0)
    throw new InchwormError(
      "insufficient-data",
      `evaluateSends: no planned message${campaign === undefined ? "" : ` of "${campaign}"`} is 24 hours old.`,
      { hint: "Plan a campaign with sendPlan, send it, and import what came of it." },
    );
  const decisions: DecisionLog = {
    rows: rows.length,
    actions: Array.from({ length: weekHours }, (_, cell) => hourName(cell)),
    action: Int32Array.from(rows, (row) => log.localHours[row]),
    propensity: Float64Array.from(rows, (row) => log.propensities[row]),
    reward: Float64Array.from(rows, (row) => log.answered[row]),
    person: Int32Array.from(rows, (row) => log.contacts[row]),
  };
  const probabilities = new Float64Array(weekHours);
  const evaluation = await evaluatePolicy(
    decisions,
    (row) => {
      probabilities.fill(0);
      for (const cell of choices[row]) probabilities[cell] += 1 / choices[row].length;
      return probabilities;
    },
    { seed, ...(signal && { signal }) },
  );
  return {
    ...evaluation,
    because: inWords(evaluation, rows.length),
    messages: rows.length,
    campaigns: new Set(rows.map((row) => log.campaigns[row])).size,
  };
}

/** The hours of the week that a policy takes for a message, all alike. */
type Chosen = (decision: SentDecision) => Uint8Array;

/** Which of the plans can be told of, and how their hours would have been chosen. */
interface Chooser {
  readonly places: readonly number[];
  readonly choose: (place: number) => Promise<Chosen>;
}

interface ChooserOptions {
  readonly channel: string;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

async function chooserOf(
  store: Store,
  policy: SendPolicy,
  log: SendLog,
  places: readonly number[],
  { channel, seed, signal }: ChooserOptions,
): Promise<Chooser> {
  const best = ({ slots, free }: SentDecision, worth: ArrayLike<number>) =>
    Uint8Array.of(slots.cells[bestSlot(slots, free, worth)]);
  const always = (chosen: Chosen): Chooser => ({ places, choose: async () => chosen });
  if (policy === "random")
    return always(({ slots, free }) => slots.cells.filter((_, slot) => !free || free[slot]));
  if (typeof policy === "number") return always((decision) => best(decision, hourOf(policy)));
  if (typeof policy === "function")
    return {
      places,
      choose: async (place) => (decision) => Uint8Array.of(asked(policy, log, place, decision)),
    };
  if (places.length === 0) return always(() => new Uint8Array(0));
  const { hours, since } = await hoursBefore(
    store,
    places.map((place) => log.plans[place].createdAt),
    { channel, seed, signal },
  );
  const known = places.filter((place) => log.plans[place].createdAt >= since);
  const { everyone } = hours.model;
  if (policy === "everyone")
    return { places: known, choose: async () => (decision) => best(decision, everyone) };
  return {
    places: known,
    async choose(place) {
      const only = new Set(log.contacts.filter((_, row) => log.planned[row] === place));
      const asOf = log.plans[place].createdAt;
      const draws = 0;
      const given = { asOf, channel, seed, draws, only, signal };
      const { own } = await hourPreferences(store, hours, given);
      return (decision) => best(decision, own(decision.contact)?.chances ?? everyone);
    },
  };
}

/** Answers that hours are told by. */
const leastAnswers = 100;
const human = reactions.indexOf("open");

/**
 * The published model where it had seen nothing of what came of the plans; else one learned as of the day of the first plan before which
 * enough was known, for the plans from then on.
 */
async function hoursBefore(
  store: Store,
  days: readonly Instant[],
  { channel, seed, signal }: ChooserOptions,
): Promise<{ readonly hours: HourModel; readonly since: Instant }> {
  const published = await publishedHours(store, channel);
  if (published && published.trainedAt <= days[0]) return { hours: published, since: days[0] };
  for (const asOf of days) {
    const since = asOf - rememberedDays * day;
    const { timing, zoneNames } = await readTiming(store, { asOf, since, channel, signal });
    const answers = timing.sends.reactions.reduce((sum, one) => sum + (one >= human ? 1 : 0), 0);
    if (answers + timing.activity.cells.length < leastAnswers) continue;
    const model = await sendTimes({ seed }).fit(timing, { ...(signal && { signal }) });
    return { hours: { model, zoneNames }, since: asOf };
  }
  throw new InchwormError(
    "insufficient-data",
    "evaluateSends: too little was known of people's hours when the plans were made.",
    { hint: "Ask for a local hour, such as 10, or for hours by a function of your own." },
  );
}

function asked(
  policy: (choice: SendChoice) => number,
  log: SendLog,
  place: number,
  { contact, slots, free }: SentDecision,
): number {
  const open = [...slots.at.keys()].filter((slot) => !free || free[slot] === 1);
  const choice = policy({
    contact,
    campaign: log.plans[place].campaign,
    at: open.map((slot) => slots.at[slot]),
    localHours: open.map((slot) => slots.cells[slot]),
  });
  if (Number.isInteger(choice) && choice >= 0 && choice < open.length)
    return slots.cells[open[choice]];
  throw new InchwormError(
    "input",
    `evaluateSends: the policy chose ${choice} of ${open.length} hours.`,
    {
      hint: 'Give the place in "at" of the hour that it takes.',
    },
  );
}

function checkPolicy(policy: SendPolicy): void {
  if (typeof policy === "function" || ["personal", "everyone", "random"].includes(policy as string))
    return;
  if (Number.isInteger(policy) && (policy as number) >= 0 && (policy as number) < 24) return;
  throw new InchwormError("input", `evaluateSends: there is no policy "${policy}".`, {
    hint: 'Known are "personal", "everyone", "random", and a local hour from 0 to 23.',
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function inWords(
  { verdict, because, value, gain, logged, effectiveSample }: PolicyEvaluation,
  messages: number,
): string {
  if (verdict === "abstained" || !value || !gain) return because;
  const than = gain.low > 0 ? "more than" : gain.high < 0 ? "fewer than" : "not to be told from";
  const points = [gain.value, gain.low, gain.high].map((one) => (100 * one).toFixed(1));
  return `Of ${messages} messages ${percent(value.value)} (${percent(value.low)} to ${percent(value.high)}) would have been answered, ${than} the ${percent(logged.value)} that were: a difference of ${points[0]} points (${points[1]} to ${points[2]}), by an effective sample of ${Math.floor(effectiveSample)}.`;
}
