import type { PeopleMessages } from "./frequency-log.js";

/** Answers that a form is learned from, at least. */
const leastAnswers = 2000;
const mostForms = 8;
/** Messages that everybody's rate weighs as much as. */
const pull = 10;

/**
 * People in groups by how often they answer, for those who answer little have had enough of another number of messages than those who
 * answer much. As many groups as answers suffice for.
 */
export function formsByAnswers({ log }: Pick<PeopleMessages, "log">): Int32Array {
  const sent = new Float64Array(log.people);
  const answered = new Float64Array(log.people);
  let [all, came] = [0, 0];
  for (let row = 0; row < log.rows; row++) {
    if (log.messages[row] === 0) continue;
    sent[log.person[row]]++;
    answered[log.person[row]] += log.engagement[row];
    all++;
    came += log.engagement[row];
  }
  const forms = Math.max(1, Math.min(mostForms, Math.floor(came / leastAnswers)));
  const rate = came / Math.max(1, all);
  const rates = sent.map((count, person) => (answered[person] + pull * rate) / (count + pull));
  const order = Array.from(rates.keys()).sort(
    (one, other) => rates[one] - rates[other] || one - other,
  );
  const places = new Int32Array(log.people);
  // as many answers in each group, not as many people
  let before = 0;
  for (const person of order) {
    places[person] = Math.min(forms - 1, Math.floor((forms * before) / Math.max(1, came)));
    before += answered[person];
  }
  return places;
}
