import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { churn, openWorkspace, segments, type Workspace } from "@inchworm/core";
import { madeUpShop } from "@inchworm/sandbox";

export interface SmallShop {
  readonly workspace: Workspace;
  readonly path: string;
  close(): Promise<void>;
}

const day = 86_400_000;

/** A made-up shop, trained and scored, with earlier scores and a campaign that a part was left out of. */
export async function smallShop(contacts = 700): Promise<SmallShop> {
  const folder = mkdtempSync(join(tmpdir(), "inchworm-report-"));
  const path = join(folder, "shop.duckdb");
  const workspace = await openWorkspace(path);
  let page = 0;
  for (const records of madeUpShop({ contacts, seed: 3 }).history())
    await workspace.store.ingest(
      { name: "shop", system: "customer" },
      { records, cursor: { page: page++ } },
    );
  await workspace.train([churn({ horizonDays: 90 }), segments()]);
  await workspace.score();
  await keepEarlier(workspace);
  return {
    workspace,
    path,
    async close() {
      await workspace.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Scores as they might have been four weeks before: every third 0.1 lower, every fifth 0.2 higher, every seventh not there. */
async function keepEarlier({ store }: Workspace): Promise<void> {
  const now = await store.scoreValues("churn", "churn_probability");
  const [model] = (await store.models()).filter(({ scorer }) => scorer === "churn");
  if (!now) throw new Error("the made-up shop has churn scores");
  const kept = [...now.contacts.keys()].filter((row) => row % 7 !== 6);
  const asOf = model.trainedAt - 28 * day;
  await store.keepScores({
    scorer: "churn",
    modelId: model.id,
    asOf,
    until: asOf + 90 * day,
    contacts: Int32Array.from(kept, (row) => now.contacts[row]),
    values: Float64Array.from(kept, (row) => {
      const shift = row % 3 === 0 ? -0.1 : row % 5 === 0 ? 0.2 : 0;
      return Math.round((now.values[row] + shift) * 1000) / 1000;
    }),
  });
}
