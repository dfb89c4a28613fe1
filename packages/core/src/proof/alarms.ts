import { histogram, normalCdf, populationStability, recount } from "@inchworm/learn";
import type { DecisionLog, Store } from "@inchworm/store";
import type { Scorer } from "../scorer.js";
import { day } from "../windows.js";
import type { Alarm } from "./types.js";

/** Chance of an alarm without a cause, of each kind. */
const alpha = 0.01;
/** As drift is told elsewhere: two normal distributions a third of a standard deviation apart. */
const leastEffect = 0.1;
/** A promise that is kept to within a tenth is no inflation. */
const leastInflation = 1.1;
const leastPeople = 100;

/**
 * Whether the scores that people were chosen by have moved from the scorer's first campaign to its latest, and whether scores promised
 * more than came of those who went without. Both from the log alone, so that it tells the same again.
 */
export async function alarmsOf(
  store: Store,
  logs: readonly DecisionLog[],
  scorer: Scorer | undefined,
  asOf: number,
): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = [];
  const scored = logs.map(scoresIn).filter(({ length }) => length >= leastPeople);
  if (scored.length > 1) {
    const first = histogram(scored[0]);
    const latest = scored[scored.length - 1];
    const { effect, p } = populationStability(first, recount(first, latest));
    if (p < alpha && effect >= leastEffect)
      alarms.push({
        kind: "drift",
        because: `Scores have moved since the first campaign: on average ${told(mean(scored[0]))} then and ${told(mean(latest))} now (effect ${effect.toFixed(2)}, p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}).`,
      });
  }
  const inflated = scorer && (await inflation(store, logs, scorer, asOf));
  if (inflated) alarms.push(inflated);
  return alarms;
}

/** The promise is held against those to whom nothing was done: what is done changes what comes. */
async function inflation(
  store: Store,
  logs: readonly DecisionLog[],
  { outcome }: Scorer,
  asOf: number,
): Promise<Alarm | undefined> {
  if (outcome?.kind !== "probability") return undefined;
  let [people, promised, came, spread] = [0, 0, 0, 0];
  for (const log of logs) {
    const to = log.since + outcome.horizonDays * day;
    if (to > asOf || log.actions.indexOf("nothing") < 0) continue;
    const rows = Int32Array.from(log.contacts.keys()).filter(
      (row) => log.actions[log.arms[row]] === "nothing" && Number.isFinite(log.scores[row]),
    );
    const contacts = rows.map((row) => log.contacts[row]);
    const seen = await outcome.observe(store, { contacts, from: log.since, to });
    for (const [place, row] of rows.entries()) {
      if (!Number.isFinite(seen[place])) continue;
      const chance = log.scores[row];
      people++;
      promised += chance;
      came += seen[place];
      spread += chance * (1 - chance);
    }
  }
  if (people < leastPeople) return undefined;
  // one side: that less comes than was promised
  const p = spread > 0 ? normalCdf((came - promised) / Math.sqrt(spread)) : 1;
  if (!(p < alpha && promised > leastInflation * came)) return undefined;
  return {
    kind: "inflation",
    because: `Scores promise too much: ${told(promised / people)} on average, and ${told(came / people)} came of the ${people} people who went without (p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}). Train again.`,
  };
}

const scoresIn = ({ scores }: DecisionLog): Float64Array =>
  scores.filter((score) => Number.isFinite(score));
const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);
const told = (value: number): string => String(Number(value.toPrecision(3)));
