/** Mean over the labels that occur of the harmonic mean of precision and recall. An answer of -1 is none. */
export function macroF1(answers: Int32Array, classes: Int32Array, k: number): number {
  const right = new Float64Array(k);
  const answered = new Float64Array(k);
  const there = new Float64Array(k);
  for (let row = 0; row < classes.length; row++) {
    if (classes[row] >= 0) there[classes[row]]++;
    if (answers[row] < 0) continue;
    answered[answers[row]]++;
    if (answers[row] === classes[row]) right[answers[row]]++;
  }
  let sum = 0;
  let labels = 0;
  for (let one = 0; one < k; one++) {
    if (there[one] === 0) continue;
    labels++;
    sum += (2 * right[one]) / (answered[one] + there[one]);
  }
  return labels === 0 ? 0 : sum / labels;
}
