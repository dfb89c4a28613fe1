/** The scores that a record is to have: they follow from its id alone, so that two processes agree on them. */
export function scoreOf(id) {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return [sum / 1000, sum % 3 === 0 ? "high" : "low"];
}

const churn = { description: "How likely no order comes.", type: "number", decimals: 3 };
export const fields = [
  { name: "churn_probability", label: "Churn probability", ...churn },
  {
    name: "churn_band",
    label: "Churn band",
    description: "The same in words.",
    type: "category",
    options: ["low", "high"],
  },
];
