import { betweenGroups, withinSegments } from "./columns.js";
import { controlsOf } from "./controls.js";
import type { MixedFit } from "./mixed.js";
import type { Sendings } from "./sendings.js";
import { type Finding, findingsOf, fitted, type Prepared, prepared } from "./stratum.js";
import type { Unit } from "./units.js";

export interface CampaignFinding extends Finding {
  /** With nothing corrected for but the other factors. */
  readonly crude: Finding;
  /** How often it can be held against something else before the same audience. */
  readonly overlap: number;
}

/** Rows beyond one per campaign that it takes to tell the noise of rows from that of campaigns. */
const leastRows = 12;

/**
 * What differences between campaigns tell, corrected for audience, fatigue of the list and trend, each campaign with noise of its own.
 */
export async function fromCampaigns(
  sendings: Sendings,
  units: readonly Unit[],
  options: {
    readonly comparisons: number;
    readonly terms: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<{ readonly fit: MixedFit; readonly findings: readonly CampaignFinding[] } | undefined> {
  const { signal } = options;
  const ready = prepared(sendings, units, { ...options, compare: betweenGroups(units) });
  if (ready.blocks.length === 0) return undefined;
  const controls = controlsOf(sendings, units);
  const alone = units.map(() => [1]);
  const groups = await groupNoise(ready, signal);
  const fit = await fitted(ready, controls, groups, signal);
  const simple = controls[0].length === 1 ? fit : await fitted(ready, alone, groups, signal);
  if (!fit || !simple) return undefined;
  const crude = findingsOf(ready, simple, 1);
  const overlapOf = withinSegments(units);
  return {
    fit,
    findings: findingsOf(ready, fit, controls[0].length).map((finding, at) => ({
      ...finding,
      crude: crude[at],
      overlap: overlapOf(finding.units),
    })),
  };
}

/** Where campaigns have several rows: the noise of a row within its campaign, so that what rows share is not taken for several campaigns'. */
async function groupNoise(ready: Prepared, signal: AbortSignal | undefined) {
  const { units } = ready;
  const count = new Set(units.map(({ group }) => group)).size;
  if (count === units.length) return "random";
  if (units.length - count < leastRows) return { rowNoise: 0 };
  const segments = [...new Set(units.map(({ segment }) => segment))].slice(1);
  const audiences = units.map((unit) =>
    segments.map((segment) => (unit.segment === segment ? 1 : 0)),
  );
  const inside = await fitted(ready, audiences, "own-level", signal);
  return { rowNoise: inside?.noise.row ?? 0 };
}
