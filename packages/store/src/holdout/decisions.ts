import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { profiling } from "../people.js";
import type { DecisionLog, Decisions } from "../types/holdout.js";

/** See `Store.logDecisions`. */
export async function logDecisions(database: Database, decisions: Decisions): Promise<void> {
  const { campaign, at, contacts, arms, armNames, actions, propensities } = decisions;
  const { holdout, scorer, modelId, scores, costs } = decisions;
  const rows = contacts.length;
  const same = <T>(value: T) => new Array<T>(rows).fill(value);
  await database.transaction((session) =>
    session.append("decisions", {
      contact_id: contacts,
      occurred_at: same(at),
      campaign_id: same(campaign),
      scorer: same(scorer ?? null),
      model_id: same(modelId ?? null),
      score: scores ?? new Float64Array(rows).fill(Number.NaN),
      holdout: same(holdout ?? null),
      arm: Array.from(arms, (place) => armNames[place]),
      action: Array.from(arms, (place) => actions[place]),
      propensity: propensities,
      cost: Array.from(arms, (place) => costs?.[place] ?? null),
    }),
  );
}

interface Campaign {
  readonly campaign: string;
  readonly since: number;
  readonly scorer: string | null;
  readonly modelId: string | null;
  readonly holdout: string | null;
}

/** See `Store.decisionLog`. */
export async function decisionLog(database: Database, until: number): Promise<DecisionLog[]> {
  const log = `
    select * from decisions
    where occurred_at < $1 and contact_id not in (select contact_id from (${profiling}) where status = 'denied')
    qualify row_number() over (partition by campaign_id, contact_id order by occurred_at, arm) = 1`;
  const snapshot = await database.snapshot();
  try {
    const before = new Date(until);
    const campaigns = await snapshot.rows<Campaign>(
      `select campaign_id as campaign, min(occurred_at) as since, arg_min(scorer, occurred_at) as scorer,
        arg_min(model_id, occurred_at) as "modelId", arg_min(holdout, occurred_at) as holdout
      from (${log}) group by campaign_id order by since, campaign_id`,
      [before],
    );
    const logs: DecisionLog[] = [];
    for (const { campaign, since, scorer, modelId, holdout } of campaigns) {
      const found = await snapshot.rows<{ arm: string; action: string; cost: number }>(
        `select arm, min(action) as action, coalesce(sum(cost), 0) as cost from (${log}) where campaign_id = $2
        group by arm order by arm`,
        [before, campaign],
      );
      const armNames = found.map(({ arm }) => arm);
      const [contacts, at, arms, scores, propensities] = await columnsOf(
        snapshot.stream(
          `select contact_id, epoch_us(occurred_at) / 1000.0,
            (list_position($3::varchar[], arm) - 1)::integer,
            coalesce(score, 'nan'::double), propensity
          from (${log}) where campaign_id = $2 order by contact_id`,
          [before, campaign, armNames],
        ),
        [Int32Array, Float64Array, Int32Array, Float64Array, Float64Array],
      );
      logs.push({
        campaign,
        since,
        ...(scorer !== null && { scorer }),
        ...(modelId !== null && { modelId }),
        ...(holdout !== null && { holdout }),
        contacts,
        at,
        arms: Uint8Array.from(arms),
        armNames,
        actions: found.map(({ action }) => action),
        scores,
        propensities,
        costs: found.map(({ cost }) => cost),
      });
    }
    return logs;
  } finally {
    await snapshot.end();
  }
}
