import {
  type Destination,
  type Field,
  InchwormError,
  type Plan,
  type Source,
} from "@inchworm/spec";
import type { Store, StoredModel } from "@inchworm/store";
import {
  type AccountGate,
  accountGate,
  makePlan,
  type PullResult,
  pull,
  push,
  retry,
  verify,
} from "@inchworm/sync";
import { holdoutFields } from "./holdout/publish.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace does with accounts: those that it has met share their gates. */
export function syncing({
  store,
  now,
  work,
  trained,
  scorerOf,
  onGateEvent,
}: Base): Pick<Workspace, "pull" | "plan" | "push" | "verify" | "retry" | "makeLists" | "traffic"> {
  const gates = new Map<string, AccountGate>();
  const destinations = new Map<string, Destination>();

  const gateOf = (account: Source["account"]): AccountGate => {
    const { system } = account;
    const gate =
      gates.get(system) ??
      accountGate(account, {
        ...(onGateEvent && { onEvent: (event) => onGateEvent(system, event) }),
      });
    gates.set(system, gate);
    return gate;
  };

  /** Scores of an earlier model must not go out under the name of the latest. */
  const requireScored = async (models: readonly StoredModel[]): Promise<void> => {
    const givers = new Map(
      (await store.scoreSummary()).map((summary) => [summary.scorer, summary.modelId]),
    );
    for (const { scorer, id } of models) {
      const giver = givers.get(scorer);
      if (giver === id) continue;
      const why = giver === undefined ? "has not scored yet" : "was trained again since it scored";
      throw new InchwormError("insufficient-data", `${scorer} ${why}.`, {
        hint: "Score first: inchworm score.",
      });
    }
  };

  const destinationOf = (plan: Plan, given: Destination | undefined): Destination => {
    const destination = given ?? destinations.get(plan.destination);
    if (destination) return destination;
    throw new InchwormError(
      "config",
      `The plan is for ${plan.destination}, which this workspace has not met.`,
      {
        hint: "Pass the destination: shop.push(plan, portal.scores).",
      },
    );
  };

  return {
    async pull(...sources) {
      const results: PullResult[] = [];
      for (const entry of sources) {
        const { source, full } = "source" in entry ? entry : { source: entry, full: false };
        const sink = {
          cursor: () => store.cursor(source.name),
          claim: (account: string) => store.claim(source.account.system, account),
          ingest: (page: Parameters<Store["ingest"]>[1]) =>
            store.ingest({ name: source.name, system: source.account.system }, page),
        };
        results.push(
          await pull(source, sink, { gate: gateOf(source.account), now: now(), full, ...work }),
        );
      }
      return results;
    },

    async plan(destination) {
      destinations.set(destination.name, destination);
      const held = holdoutFields(await store.holdouts());
      const models = held.length > 0 ? await store.models() : await trained();
      const published = models.filter(({ card }) => card.verdict === "published");
      await requireScored(published);
      const fields: Field[] = [
        ...published.flatMap((model) => scorerOf(model.scorer, model.options).fields),
        ...held,
      ];
      return makePlan(destination, store, fields, {
        gate: gateOf(destination.account),
        now: now(),
        ...work,
      });
    },

    async makeLists(plan, given) {
      const destination = destinationOf(plan, given);
      const { signal } = work;
      if (destination.makeLists === undefined) return { created: [], present: [] };
      const gate = gateOf(destination.account);
      return destination.makeLists(plan.fields, { gate, ...(signal && { signal }) });
    },

    async push(plan, given) {
      const destination = destinationOf(plan, given);
      return push(plan, destination, store, {
        gate: gateOf(destination.account),
        now: now(),
        ...work,
      });
    },

    traffic: () => Object.fromEntries([...gates].map(([system, gate]) => [system, gate.stats()])),

    retry(destination) {
      destinations.set(destination.name, destination);
      return retry(destination, store, { gate: gateOf(destination.account), now: now(), ...work });
    },

    async verify(plan, given) {
      const destination = destinationOf(plan, given);
      return verify(plan, destination, store, { gate: gateOf(destination.account), ...work });
    },
  };
}
