import type { TextModel } from "@inchworm/learn";
import type { Measured } from "@inchworm/spec";
import type { LabelledText, MessageCard } from "./types.js";

const z = 1.96;

/** What was measured in folds, beside always giving the most frequent label. */
export function cardOf(
  question: string,
  model: TextModel,
  labelled: readonly LabelledText[],
  { accuracy: asked, seed }: { readonly accuracy: number; readonly seed: number },
): MessageCard {
  const counts = new Map<string, number>();
  for (const { label } of labelled) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [name, most] = [...counts].sort(
    (left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1),
  )[0];
  const texts = labelled.length;
  const proven = model.proven({ accuracy: asked });
  const accuracy = wilson(proven.accuracy, texts);
  const rule = { name: `always "${name}"`, accuracy: most / texts };
  const published = accuracy.low > rule.accuracy;
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  const numbers = `${share(accuracy.value)} right (${share(accuracy.low)} to ${share(accuracy.high)}) against ${share(rule.accuracy)} of ${rule.name}`;
  return {
    question,
    verdict: published ? "published" : "withheld",
    because: published
      ? `It beat its simple rule on texts it had not seen: ${numbers}.`
      : `Withheld: it did not beat its simple rule beyond doubt, ${numbers}.`,
    labels: model.labels,
    texts,
    accuracy,
    macroF1: proven.macroF1,
    rule,
    asked,
    answeredAccuracy: proven.answeredAccuracy,
    abstained: proven.abstained,
    seed,
  };
}

/** Wilson's interval of a share. */
function wilson(share: number, n: number): Measured {
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const reach =
    (z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n);
  return { value: share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}
