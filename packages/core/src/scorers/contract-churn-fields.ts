import type { Field, FieldValue } from "@inchworm/spec";
import { bandsOf } from "../probability/score.js";
import type { Answers } from "../scorer.js";

export const fieldsFor = (what: string): readonly Field[] => [
  {
    name: "contract_churn_probability",
    label: "Contract churn probability",
    description: `Probability that the contract is ${what}, 0 to 1.`,
    type: "number",
    decimals: 3,
  },
  {
    name: "contract_churn_band",
    label: "Contract churn band",
    description:
      "Among those scored: high is the riskiest fifth, medium the next three tenths, low the rest.",
    type: "category",
    options: ["low", "medium", "high"],
  },
  {
    name: "contract_churn_reason",
    label: "Contract churn reasons",
    description: "Up to three reasons for the contract churn probability.",
    type: "text",
  },
];

/** What scoring found out of running contracts, one value per contract. */
export interface ScoredContracts {
  readonly contact: Int32Array;
  readonly probabilities: Float64Array;
  reasons(contract: number): readonly string[];
}

/** Tells each contact of the contract that is most likely to be cancelled; `why` says why another has no score. */
export function answersOf(
  contacts: Int32Array,
  { contact, probabilities, reasons: reasonsOf }: ScoredContracts,
  why: (contact: number) => string,
): Answers {
  const rowOf = new Map(Array.from(contacts, (number, row) => [number, row]));
  const best = new Int32Array(contacts.length).fill(-1);
  for (let index = 0; index < contact.length; index++) {
    const place = rowOf.get(contact[index]);
    if (place === undefined) continue;
    if (best[place] < 0 || probabilities[index] > probabilities[best[place]]) best[place] = index;
  }
  const bandOf = bandsOf(
    Float64Array.from(
      best.filter((index) => index >= 0),
      (index) => probabilities[index],
    ),
  );
  const reasons = Array.from(best, (index) => (index < 0 ? [] : reasonsOf(index)));
  const tell = (value: (index: number, row: number) => FieldValue) =>
    Array.from(best, (index, row) => (index < 0 ? null : value(index, row)));
  return {
    contacts,
    fields: {
      contract_churn_probability: tell((index) => Math.round(probabilities[index] * 1000) / 1000),
      contract_churn_band: tell((index) => bandOf(probabilities[index])),
      contract_churn_reason: tell((_, row) => reasons[row].join(" · ")),
    },
    reasons,
    abstained: Array.from(best, (index, row) => (index >= 0 ? undefined : why(contacts[row]))),
  };
}
