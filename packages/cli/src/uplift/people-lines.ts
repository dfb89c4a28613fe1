import { groupsOf, type UpliftEffects, type UpliftModel, upliftGroups } from "@inchworm/learn";
import { quoted } from "../fit/scores.js";
import { groupOptions, type Worth } from "./worth.js";

const atOnce = 8192;

/** CSV, many lines at a time: the place of a person in the file from 1, the group, the arm to choose, and the effect of each arm with its interval. */
export function* peopleLines(
  model: UpliftModel,
  effects: UpliftEffects,
  places: Int32Array,
  worth: Worth,
): Generator<string> {
  const signal = model.arms.some((arm) => arm.signal);
  const groups = groupsOf(effects, groupOptions(model, worth));
  const names = effects.arms.flatMap(({ arm }) =>
    ["effect", "low", "high"].map((part) => quoted(`${part} ${arm}`)),
  );
  let lines = [["row", "group", "best", "baseline", ...names].join(",")];
  for (const [at, place] of places.entries()) {
    const numbers = effects.arms.flatMap(({ effect, low, high }) => [
      effect[at],
      low[at],
      high[at],
    ]);
    lines.push(
      [
        place + 1,
        signal ? upliftGroups[groups[at]] : "no signal",
        effects.best[at] < 0 ? "" : quoted(effects.arms[effects.best[at]].arm),
        ...[effects.baseline[at], ...numbers].map((value) => Number(value.toPrecision(6))),
      ].join(","),
    );
    if (lines.length < atOnce) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}
