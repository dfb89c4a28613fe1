import { LearnError } from "../error.js";
import type { FrequencyLog } from "./types.js";

export const who = "messageFrequency";
/** A number of messages counts as known when so many weeks had as many or more. */
const leastWeeks = 50;

const bad = (message: string, hint?: string): LearnError =>
  new LearnError("input", `${who}: ${message}`, hint === undefined ? {} : { hint });

/** @throws LearnError "input" naming the column and row that cannot be used */
export function checkFrequencyLog(log: FrequencyLog): void {
  const { rows, people, segments, person, messages, engagement, unsubscribed, week, weeks } = log;
  const { randomised, forms } = log;
  const columns = { person, messages, engagement, unsubscribed, week, weeks, randomised };
  for (const [name, column] of Object.entries(columns))
    if (column !== undefined && column.length !== rows)
      throw bad(`"${name}" has ${column.length} entries, but the log has ${rows} rows.`);
  if (segments && segments.length !== people)
    throw bad(`"segments" has ${segments.length} entries for ${people} people.`);
  if (forms && forms.length !== people)
    throw bad(`"forms" has ${forms.length} entries for ${people} people.`);
  for (let row = 0; row < rows; row++) {
    if (!(person[row] >= 0 && person[row] < people))
      throw bad(`person ${person[row]} in row ${row} is none of the ${people}.`);
    if (!(messages[row] >= 0 && Number.isInteger(messages[row])))
      throw bad(`${messages[row]} messages in row ${row}.`, "Count whole messages, 0 or more.");
    if (!(engagement[row] >= 0 && engagement[row] < Infinity))
      throw bad(`an engagement of ${engagement[row]} in row ${row}.`, "It must be 0 or more.");
    if (unsubscribed[row] > 1) throw bad(`"unsubscribed" is ${unsubscribed[row]} in row ${row}.`);
    if (week && !(week[row] >= 0)) throw bad(`week ${week[row]} in row ${row}.`);
    if (weeks && !(weeks[row] > 0 && weeks[row] < Infinity))
      throw bad(`row ${row} stands for ${weeks[row]} weeks.`, "It must be above 0.");
  }
}

/** Numbers of messages up to the most, and the most that enough weeks had. @throws LearnError "input" where nobody was sent anything */
export function levelsOf(log: FrequencyLog, asked: number) {
  const { rows, messages } = log;
  const weekOf = weeksOf(log);
  const levels = Uint8Array.from(messages, (count) => Math.min(count, asked));
  const weeks = new Float64Array(asked + 1);
  for (let row = 0; row < rows; row++) weeks[levels[row]] += weekOf(row);
  let most = asked;
  for (let above = weeks[most]; above < leastWeeks && most > 0; above += weeks[most]) most--;
  if (most === 0)
    throw bad(`fewer than ${leastWeeks} weeks had a message.`, "Give more weeks, or more people.");
  return { most, levels: levels.map((level) => Math.min(level, most)) };
}

/** How many messages a week each person has had, rounded. */
export function usualOf(log: FrequencyLog, levels: Uint8Array): Uint8Array {
  return Uint8Array.from(meanLevels(log, levels), (mean) => Math.round(mean || 0));
}

/** Messages in a mean week of each person; `NaN` of who has none. */
export function meanLevels(log: FrequencyLog, levels: Uint8Array): Float64Array {
  const { rows, people, person } = log;
  const weekOf = weeksOf(log);
  const sums = new Float64Array(people);
  const weeks = new Float64Array(people);
  for (let row = 0; row < rows; row++) {
    sums[person[row]] += levels[row] * weekOf(row);
    weeks[person[row]] += weekOf(row);
  }
  return sums.map((sum, one) => sum / weeks[one]);
}

/** How much of a week each row stands for. */
export const weeksOf =
  ({ weeks }: Pick<FrequencyLog, "weeks">) =>
  (row: number): number =>
    weeks === undefined ? 1 : weeks[row];
