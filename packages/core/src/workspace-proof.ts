import { InchwormError } from "@inchworm/spec";
import { shopExperiment } from "./experiment/shop-experiment.js";
import { holdOut } from "./holdout/hold-out.js";
import { decide } from "./proof/decide.js";
import { prove } from "./proof/prove.js";
import type { Scorer } from "./scorer.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace does to show what it brings. */
export function proving({
  store,
  now,
  seed,
  work,
  asOf,
  scorerOf,
}: Base): Pick<Workspace, "holdOut" | "decide" | "experiment" | "proof"> {
  const signal = work.signal && { signal: work.signal };
  const named = async (name: string): Promise<Scorer | undefined> => {
    const model = await store.model(name);
    return model && scorerOf(name, model.options);
  };
  return {
    holdOut: async (settings = {}) =>
      holdOut(store, settings, { now: now(), asOf: await asOf().catch(now) }),
    decide: (options) =>
      decide(store, options, {
        now: now(),
        scorerOf: async (name) => {
          const scorer = await named(name);
          if (scorer) return scorer;
          throw new InchwormError("input", `There is no model of "${name}".`, {
            hint: "Train and score first: inchworm train, then inchworm score.",
          });
        },
      }),
    experiment: async (settings = {}) =>
      shopExperiment(store, settings, { asOf: settings.asOf ?? (await asOf()), seed, ...signal }),
    proof: async (options = {}) =>
      prove(store, {
        asOf: options.asOf ?? (await asOf()),
        ...(options.days !== undefined && { days: options.days }),
        seed,
        ...signal,
        scorerOf: named,
      }),
  };
}
