import { InchwormError } from "@inchworm/spec";
import { campaignDrivers } from "./drivers/campaign-drivers.js";
import { explain } from "./explain.js";
import { type PreviewReport, previewOf } from "./preview.js";
import { reportData } from "./report-data/report-data.js";
import { openBase } from "./workspace-base.js";
import { proving } from "./workspace-proof.js";
import { recommending } from "./workspace-recommend.js";
import { planningSends } from "./workspace-send-plan.js";
import { syncing } from "./workspace-sync.js";
import { scoreAll, trainScorers } from "./workspace-train.js";
import type { Workspace, WorkspaceOptions } from "./workspace-types.js";
import { wording } from "./workspace-words.js";

export type {
  PullOptions,
  TrainReport,
  Workspace,
  WorkspaceOptions,
} from "./workspace-types.js";

/**
 * Opens the store at `path`, making it if needed.
 *
 * @throws InchwormError "locked" naming the process that has it open
 * @example
 * const shop = await openWorkspace("shop.duckdb");
 */
export async function openWorkspace(
  path: string,
  options: WorkspaceOptions = {},
): Promise<Workspace> {
  const base = await openBase(path, options);
  const { store, work, asOf, scorerNames } = base;
  const { forgetModels, ...recommendations } = recommending(base);

  return {
    store,
    ...syncing(base),
    ...planningSends(base),
    ...proving(base),
    ...recommendations,
    ...wording(base),
    async drivers(driverOptions = {}) {
      const { signal } = work;
      return campaignDrivers(store, driverOptions, {
        asOf: await asOf(),
        ...(signal && { signal }),
      });
    },
    async import(kind, file, importOptions) {
      const named = kind === "labels" ? { scorers: await scorerNames() } : {};
      return store.importFile(kind, file, { ...work, ...named, ...importOptions });
    },

    async preview(scorers) {
      const cutoff = await asOf();
      const reports: PreviewReport[] = [];
      for (const scorer of scorers) {
        work.signal?.throwIfAborted();
        reports.push(await previewOf(scorer, store, cutoff, work.signal));
      }
      return reports;
    },

    async train(scorers) {
      try {
        return await trainScorers(base, scorers);
      } finally {
        forgetModels();
      }
    },
    score: () => scoreAll(base),
    explain: (person) => explain(store, person),
    reportData: (reportOptions) => reportData(base, reportOptions),

    async forget(person) {
      const found = await store.find(person);
      if (found) return store.forget(found.contact);
      throw new InchwormError("not-found", "Nobody here has that name.", {
        hint: "Give an e-mail address or system:id, such as hubspot:101.",
      });
    },

    close: () => store.close(),
  };
}
