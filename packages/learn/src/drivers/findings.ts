import { type CampaignFinding, fromCampaigns } from "./campaigns.js";
import type { Sendings } from "./sendings.js";
import type { Finding } from "./stratum.js";
import { fromTests } from "./tests.js";
import { unitsOf } from "./units.js";

/** A level with the best comparison there is of it. */
export type BestFinding =
  | (Finding & { readonly by: "tests" })
  | (CampaignFinding & { readonly by: "campaigns" });

const byTests = (finding: Finding): BestFinding => ({ ...finding, by: "tests" });
const byCampaigns = (finding: CampaignFinding): BestFinding => ({ ...finding, by: "campaigns" });

export interface Findings {
  readonly all: readonly BestFinding[];
  readonly tests: number;
  readonly noise: { readonly tests: number | null; readonly campaigns: number | null };
}

/** Of each level what tests tell where it was tested often enough, else what differences between campaigns tell. */
export async function findingsIn(
  sendings: Sendings,
  options: {
    readonly comparisons: number;
    readonly terms: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Findings> {
  const units = unitsOf(sendings);
  const tests = await fromTests(sendings, units, options);
  const campaigns = await fromCampaigns(sendings, units, options);
  const key = ({ factor, level }: Finding) => `${factor}\n${level}`;
  const tested = new Set(tests?.findings.map(key));
  const untested = (campaigns?.findings ?? []).filter((finding) => !tested.has(key(finding)));
  const deviation = (noise: { row: number; group: number }, shared: boolean) =>
    Math.sqrt(noise.row + (shared ? noise.group : 0));
  return {
    all: [...(tests?.findings.map(byTests) ?? []), ...untested.map(byCampaigns)],
    tests: tests?.tests ?? 0,
    noise: {
      tests: tests ? deviation(tests.fit.noise, false) : null,
      campaigns: campaigns ? deviation(campaigns.fit.noise, true) : null,
    },
  };
}
