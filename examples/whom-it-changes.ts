// Whom does the message change, rather than who would have bought anyway? Learned from people who were left without it by lot.
import { groupsOf, random, uplift, upliftGroups } from "@inchworm/learn";

const rows = 3000;
const { uniform, below } = random(1);
const daysSinceOrder = Float32Array.from({ length: rows }, () => below(365));
const channel = Int32Array.from({ length: rows }, () => below(3));
const arm = Int32Array.from({ length: rows }, () => below(2));
// the mail brings back those who have been away for long, and nobody else
const outcome = Float64Array.from({ length: rows }, (_, row) => {
  const moved = arm[row] === 1 && daysSinceOrder[row] > 180 ? 0.2 : 0;
  return Number(uniform() < 0.1 + moved);
});
const table = {
  rows,
  columns: [
    { name: "days_since_order", kind: "number", values: daysSinceOrder },
    { name: "channel", kind: "category", codes: channel, levels: ["web", "shop", "phone"] },
  ],
} as const;

const model = await uplift({ seed: 1, repeats: 1 }).fit({
  table,
  arms: ["nothing", "mail"],
  arm,
  outcome,
});
const [mail] = model.arms;
console.log(`${mail.verdict}. ${mail.because}`);

const effects = model.effects(table);
const counts = new Map<string, number>();
for (const group of groupsOf(effects, model)) {
  const name = upliftGroups[group];
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
console.log([...counts].map(([name, people]) => `${name}: ${people}`).join(", "));
