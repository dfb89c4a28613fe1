import { breathe } from "../abort.js";
import { badArtifact, openArtifact } from "../artifact.js";
import { denseIds } from "../dense-ids.js";
import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { checkFrequencyLog, levelsOf, usualOf, who } from "./check-frequency.js";
import { type Evidence, evidenceFor } from "./evidence.js";
import { personLevels } from "./levels.js";
import { frequencyModel, kind, version } from "./model.js";
import { type Basis, concaveBasis, convexBasis, fitShape, type ShapeRows } from "./shape.js";
import type { FrequencyEstimator, FrequencyEvidence, FrequencyOptions } from "./types.js";

const defaults = { most: 14 } satisfies Required<FrequencyOptions>;
export const frequencyConstraints: Constraints = { most: { min: 1, max: 50, integer: true } };
/** Weeks with an event that a curve needs. */
const least = { engagement: 100, risk: 20 };
/** A form is drawn to everybody's as by so many events. */
const formPull = 500;
/** A curve of risk bends no further where fewer events lie beyond: one chance event would make a cliff. */
const eventsBeyond = 10;
const grades: readonly FrequencyEvidence[] = ["randomised", "within-person", "between-people"];

/**
 * What people do, and how many leave, against messages a week. Engagement rises ever less and risk ever more (both by shape-constrained
 * Poisson regression); a person's height is drawn to their segment's and everybody's by empirical Bayes. Engaged people are sent more,
 * so curves are learned from weeks with a random number of messages, or else from the same people's weeks with more and with fewer.
 */
export function messageFrequency(options: FrequencyOptions = {}): FrequencyEstimator {
  const { most: asked } = { ...defaults, ...options };
  checkOptions(who, { most: asked }, frequencyConstraints);
  return {
    kind,
    async fit(log, { signal } = {}) {
      checkFrequencyLog(log);
      const { most, levels } = levelsOf(log, asked);
      const { people, person } = log;
      const week = log.week && denseIds(log.week).of;
      // those of no segment are one
      const { of: segments, count } = denseIds(
        log.segments?.map((segment) => Math.max(-1, segment)) ?? new Int32Array(people),
      );
      const { of: forms, count: formCount } = log.forms
        ? denseIds(log.forms)
        : { of: segments, count };
      const segmentOf = (one: number): number => segments[one];
      const formOf = (one: number): number => forms[one];
      const bySegment = Int32Array.from(person, segmentOf);
      const byForm = Int32Array.from(person, formOf);
      const engaged = evidenceFor(log, levels, log.engagement, least.engagement);
      const leaving = evidenceFor(log, levels, log.unsubscribed, least.risk);
      const rowsOf = ({ rows, apart }: typeof engaged, counts: ArrayLike<number>) => ({
        rows,
        levels,
        counts,
        week,
        weeks: log.weeks,
        member: apart === "people" ? person : bySegment,
        members: apart === "people" ? people : count,
      });
      if (!log.engagement.some((one) => one > 0))
        throw new LearnError("input", `${who}: nobody engaged in any week.`);
      await breathe(signal);
      const rows = rowsOf(engaged, log.engagement);
      /** Everybody's curve, and each form's drawn to it. */
      const curves = async (basis: Basis, those: ShapeRows & Pick<Evidence, "rows">) => {
        const everyone = fitShape(basis, those);
        const each: Float64Array[] = [];
        for (let form = 0; form < formCount; form++) {
          await breathe(signal);
          const own = those.rows.filter((row) => byForm[row] === form);
          const towards = { curve: everyone, events: formPull };
          each.push(own.length > 0 ? fitShape(basis, { ...those, rows: own }, towards) : everyone);
        }
        return each;
      };
      const engagement = await curves(concaveBasis(most), rows);
      await breathe(signal);
      const leavers = rowsOf(leaving, log.unsubscribed);
      const risk = await curves(
        convexBasis(most, bendsFor(most, leavers)),
        // a person leaves in the last of their weeks: effects of weeks would explain that, and nothing would be left for messages
        leaving.apart === "people" ? { ...leavers, week: undefined } : leavers,
      );
      const found = personLevels(log, levels, {
        segmentOf,
        segments: count,
        engagement,
        formOf,
        forms: formCount,
        risk,
      });
      return frequencyModel({
        most,
        evidence: { engagement: engaged.grade, risk: leaving.grade },
        engagement,
        risk,
        segments: forms,
        usual: usualOf(log, levels),
        levels: found,
      });
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      const most = data.number("most", { min: 1, max: 50, integer: true });
      const curve = { length: most + 1, min: 0 };
      const curves = (of: "engagement" | "risk") =>
        data.objects(of).map((one) => one.numbers("curve", curve));
      const [engagement, risk] = [curves("engagement"), curves("risk")];
      if (engagement.length === 0 || risk.length !== engagement.length)
        throw badArtifact(kind, "it has no curve, or not one of each kind");
      const segments = Int32Array.from(
        data.numbers("segments", { min: 0, max: engagement.length - 1, integer: true }),
      );
      const levels = data.object("levels");
      const each = { length: segments.length, min: 0 };
      const evidence = data.object("evidence");
      return frequencyModel({
        most,
        evidence: {
          engagement: evidence.choice("engagement", grades),
          risk: evidence.choice("risk", grades),
        },
        engagement,
        risk,
        segments,
        usual: Uint8Array.from(
          data.numbers("usual", { length: segments.length, min: 0, max: most, integer: true }),
        ),
        levels: {
          engagement: levels.numbers("engagement", each),
          risk: levels.numbers("risk", each),
          own: levels.numbers("own", { ...each, max: 1 }),
        },
      });
    },
  };
}

function bendsFor(
  most: number,
  { rows, levels, counts }: Pick<ShapeRows, "rows" | "levels" | "counts">,
): number {
  const events = new Float64Array(most + 1);
  for (let place = 0; place < rows.length; place++)
    events[levels[rows[place]]] += counts[rows[place]];
  let bends = most;
  for (let beyond = events[most]; beyond < eventsBeyond && bends > 1; beyond += events[bends])
    bends--;
  return bends;
}
