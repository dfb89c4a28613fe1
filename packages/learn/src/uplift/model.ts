import { badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import type { Artifact, Explanation, Model, Table } from "../types.js";
import type { FittedArm } from "./arm.js";
import { effectAt, loadCalibration, normal, saveCalibration } from "./calibration.js";
import { loadPart, loadRanker, saveRanker, scoreBy } from "./ranker.js";
import { loadTold } from "./told.js";
import type { ArmEffects, UpliftEffects, UpliftModel } from "./types.js";

export const kind = "uplift";
const version = 1;

export interface Fitted {
  readonly control: string;
  readonly rows: number;
  readonly controlMean: number;
  readonly baseline: Model;
  readonly arms: readonly FittedArm[];
}

export function upliftModel(fitted: Fitted): UpliftModel {
  const { control, rows, controlMean, baseline, arms } = fitted;

  function effects(table: Table): UpliftEffects {
    const all = arms.map((arm) => armEffects(arm, table));
    const best = new Int32Array(table.rows).fill(-1);
    for (let row = 0; row < table.rows; row++) {
      let most = 0;
      for (const [place, { low }] of all.entries())
        if (low[row] > most) {
          most = low[row];
          best[row] = place;
        }
    }
    return { baseline: baseline.predict(table), arms: all, best };
  }

  return {
    kind,
    control,
    rows,
    controlMean,
    arms: arms.map(({ told }) => told),
    effects,
    predict(table) {
      const { arms: all } = effects(table);
      return Float64Array.from({ length: table.rows }, (_, row) => {
        const best = all.reduce((one, other) => (other.low[row] > one.low[row] ? other : one));
        return best.effect[row];
      });
    },
    explain(table, name = arms[0].told.arm) {
      const arm = arms.find(({ told }) => told.arm === name);
      if (!arm)
        throw new LearnError("input", `${kind}: there is no arm "${name}".`, {
          hint: `Its arms are ${arms.map(({ told }) => `"${told.arm}"`).join(", ")}.`,
        });
      return explained(arm, baseline, table);
    },
    save: () => saved(fitted),
  };
}

function armEffects({ told, ranker, calibration }: FittedArm, table: Table): ArmEffects {
  const scores = scoreBy(ranker, table);
  const effect = new Float64Array(table.rows);
  const low = new Float64Array(table.rows);
  const high = new Float64Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const { value, error } = effectAt(calibration, scores[row]);
    effect[row] = value;
    low[row] = value - normal * error;
    high[row] = value + normal * error;
  }
  return { arm: told.arm, effect, low, high };
}

function explained(
  { told, imitation }: FittedArm,
  baseline: Model,
  table: Table,
): Explanation & { readonly fidelity: number } {
  if (imitation) return { ...imitation.model.explain(table), fidelity: imitation.fidelity };
  const { columns, contributions } = baseline.explain(table);
  return { base: told.ate.value, columns, contributions: contributions.fill(0), fidelity: 1 };
}

const saved = ({ control, rows, controlMean, baseline, arms }: Fitted): Artifact =>
  makeArtifact(kind, version, {
    control,
    rows,
    controlMean,
    baseline: baseline.save(),
    arms: arms.map(({ told, ranker, calibration, imitation }) => ({
      told,
      ranker: saveRanker(ranker),
      calibration: saveCalibration(calibration),
      ...(imitation && {
        imitation: { fidelity: imitation.fidelity, model: imitation.model.save() },
      }),
    })),
  });

/** @throws LearnError "artifact" */
export function loadUplift(artifact: Artifact): UpliftModel {
  const data = openArtifact(artifact, kind, version);
  const arms = data.objects("arms").map((arm): FittedArm => {
    const told = loadTold(arm.object("told"));
    const imitation = arm.has("imitation") ? arm.object("imitation") : undefined;
    return {
      told,
      ranker: loadRanker(kind, arm.objects("ranker")),
      calibration: loadCalibration(kind, arm.object("calibration")),
      ...(imitation && {
        imitation: {
          fidelity: imitation.number("fidelity", { min: 0, max: 1 }),
          model: loadPart(imitation.artifact("model")),
        },
      }),
    };
  });
  if (arms.length === 0) throw badArtifact(kind, "it has no arms");
  return upliftModel({
    control: data.text("control"),
    rows: data.number("rows", { min: 0, integer: true }),
    controlMean: data.number("controlMean"),
    baseline: loadPart(data.artifact("baseline")),
    arms,
  });
}
