import { format, plural } from "../terminal.js";
import type { ArmCard, UpliftCard } from "./card.js";

/** What people read of a card. */
export function tellUplift(card: UpliftCard): string[] {
  const lines = card.arms.flatMap((arm) => tellArm(card, arm));
  const { groups, expectedGain, valuePerCost } = card;
  if (groups && expectedGain !== null) {
    const { persuadable, sure, lost, doNotDisturb } = groups;
    lines.push(
      `  persuadable ${format(persuadable)}, sure anyway ${format(sure)}, lost ${format(lost)}, do not disturb ${format(doNotDisturb)}; treating the persuadable is expected to bring ${number(expectedGain)}${valuePerCost === null ? "" : `, ${number(valuePerCost)} for each 1 spent`}`,
    );
  }
  for (const { column, because } of card.leakage)
    lines.push(`  looks like leakage: ${column}: ${because}`);
  if (card.leakage.length > 0)
    lines.push(
      `  if these were not known before the treatment: --drop ${JSON.stringify(card.leakage.map(({ column }) => column).join(","))}`,
    );
  for (const { column, because } of card.unbalanced)
    lines.push(`  not drawn by lot? ${column}: ${because}`);
  if (card.unbalanced.length > 0 && card.propensities === "constant")
    lines.push("  if people were not drawn by lot: --estimate-propensities");
  for (const because of new Set(card.leftOut.map((one) => one.because))) {
    const columns = card.leftOut.filter((one) => one.because === because);
    lines.push(`  left out, ${because}: ${columns.map(({ column }) => column).join(", ")}`);
  }
  for (const note of card.notes) lines.push(`  ${note}`);
  return lines;
}

function tellArm({ treatment, control, outcome, positive }: UpliftCard, arm: ArmCard): string[] {
  const what = positive === undefined ? outcome : `${outcome} = ${positive}`;
  return [
    `${treatment} ${arm.treated} against ${control}, ${what}: ${arm.verdict}`,
    `  ${arm.because}`,
    `  ${plural(arm.rows, "row")}, ${format(arm.treatedRows)} of them treated`,
    "  learner       Qini    95 % interval       uplift in the top 30 %",
    ...arm.learners.map(
      ({ name, qini, low, high, uplift30 }) =>
        `  ${name.padEnd(11)}${fixed(qini)}   ${fixed(low)} to ${fixed(high)}   ${fixed(uplift30)}${name === arm.chosen ? "   chosen" : ""}`,
    ),
  ];
}

const fixed = (value: number): string => value.toFixed(4).padStart(8);
const number = (value: number): string => String(Number(value.toPrecision(4)));
