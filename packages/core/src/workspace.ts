import { createHash } from "node:crypto";
import {
  type Destination,
  type Field,
  InchwormError,
  type Instant,
  type ModelCard,
  type OnProgress,
  type Plan,
  type Source,
} from "@inchworm/spec";
import {
  type ForgetResult,
  type ImportKind,
  type ImportOptions,
  type ImportResult,
  openStore,
  type ScoreSummary,
  type Store,
  type StoredModel,
} from "@inchworm/store";
import {
  type AccountGate,
  accountGate,
  makePlan,
  type PullResult,
  type PushReport,
  pull,
  push,
  type VerifyReport,
  verify,
} from "@inchworm/sync";
import { backtest } from "./backtest/backtest.js";
import { mostLooked } from "./drift/look.js";
import { lookBack } from "./drift/look-back.js";
import { rememberingHistory } from "./drift/remembering-history.js";
import { type Explained, explain } from "./explain.js";
import { type PreviewReport, previewOf } from "./preview.js";
import { registry } from "./registry.js";
import { scoreWith } from "./score-with.js";
import type { History, Scorer } from "./scorer.js";
import { day } from "./windows.js";

export interface WorkspaceOptions {
  /** What day it is. Defaults to the system's clock. */
  readonly now?: () => Instant;
  /** Defaults to 1. The same history and the same seed give the same cards and scores. */
  readonly seed?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A shop's history and everything done with it. */
export interface Workspace {
  readonly store: Store;
  /** See `Store.importFile`. Labels may be for the library's scorers, and for those that are trained here. */
  import(kind: ImportKind, file: string, options?: ImportOptions): Promise<ImportResult>;
  /** Reads what changed since the last pull, or everything with `full`. Safe to run again after any failure. */
  pull(...sources: readonly (Source | PullOptions)[]): Promise<readonly PullResult[]>;
  /**
   * Trains each scorer on past days and judges it on later ones. A scorer that does not beat its simple rule is withheld, and its
   * card says so. One that lacks history leaves the others alone, and keeps the model it had.
   *
   * @throws InchwormError "insufficient-data" naming what is missing, when no scorer could be trained
   */
  train(scorers: readonly Scorer[]): Promise<TrainReport>;
  /**
   * Counts what each scorer could learn from, without training: its population, and those of either outcome, against the least
   * number needed.
   */
  preview(scorers: readonly Scorer[]): Promise<readonly PreviewReport[]>;
  /**
   * Scores every contact with the latest model of each scorer, and says how far features and scores have moved since its training.
   * A withheld scorer gives no scores, and its old ones go.
   */
  score(): Promise<readonly ScoreSummary[]>;
  /** A dry run: what a push would write, skip and cost. Touches nothing at the destination. */
  plan(destination: Destination): Promise<Plan>;
  /**
   * Carries out a plan; run it again to go on after any failure.
   *
   * @throws InchwormError "stale-plan" when scores, contacts or consents have changed since
   */
  push(plan: Plan, destination?: Destination): Promise<PushReport>;
  /** Reads every value of a pushed plan back and compares. */
  verify(plan: Plan, destination?: Destination): Promise<VerifyReport>;
  /** Every score of one person with its reasons. The person is an e-mail address or `system:id`. */
  explain(person: string): Promise<Explained>;
  /** Removes a person from everything here, and keeps them from coming back. */
  forget(person: string): Promise<ForgetResult>;
  close(): Promise<void>;
}

export interface TrainReport {
  readonly cards: readonly ModelCard[];
  /** Scorers that there is too little history for, and what is missing. */
  readonly untrained: readonly { readonly scorer: string; readonly because: string }[];
}

export interface PullOptions {
  readonly source: Source;
  readonly full: boolean;
}

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
  const { now = Date.now, seed = 1, onProgress, signal } = options;
  const store = await openStore(path);
  const gates = new Map<string, AccountGate>();
  const destinations = new Map<string, Destination>();
  const own = new Map<string, Scorer>();
  const work = { ...(onProgress && { onProgress }), ...(signal && { signal }) };

  const gateOf = (account: Source["account"]): AccountGate => {
    const gate = gates.get(account.system) ?? accountGate(account);
    gates.set(account.system, gate);
    return gate;
  };

  /** The end of the last day in history, so that the same history gives the same scores. What lies in the future does not count. */
  const asOf = async (): Promise<Instant> => {
    const { last } = await store.summary(now());
    if (last === undefined)
      throw new InchwormError("insufficient-data", "The store holds no history yet.", {
        hint: "Import or pull some first: inchworm import orders FILE.",
      });
    return Math.min(now(), (Math.floor(last / day) + 1) * day);
  };

  const scorerOf = (name: string, scorerOptions: Readonly<Record<string, unknown>>): Scorer => {
    const scorer = own.get(name) ?? registry[name]?.(scorerOptions as never);
    if (scorer) return scorer;
    throw new InchwormError(
      "config",
      `The scorer "${name}" in the store is not one of the library's.`,
      {
        hint: "Train it in this process first, or remove it.",
      },
    );
  };

  const scorerNames = async (): Promise<readonly string[]> => {
    const models = await store.models();
    return [
      ...new Set([...Object.keys(registry), ...own.keys(), ...models.map(({ scorer }) => scorer)]),
    ];
  };

  const trained = async () => {
    const models = await store.models();
    if (models.length > 0) return models;
    throw new InchwormError("insufficient-data", "Nothing is trained yet.", {
      hint: "Train and score first: inchworm train, then inchworm score.",
    });
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
    store,
    async import(kind, file, importOptions) {
      const named = kind === "labels" ? { scorers: await scorerNames() } : {};
      return store.importFile(kind, file, { ...work, ...named, ...importOptions });
    },

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

    async preview(scorers) {
      const cutoff = await asOf();
      const reports: PreviewReport[] = [];
      for (const scorer of scorers) {
        signal?.throwIfAborted();
        reports.push(await previewOf(scorer, store, cutoff, signal));
      }
      return reports;
    },

    async train(scorers) {
      const cutoff = await asOf();
      const { first = cutoff } = await store.summary(cutoff);
      const some = await someOf(store, cutoff);
      const cards: ModelCard[] = [];
      const untrained: { scorer: string; because: string }[] = [];
      let lacking: unknown;
      for (const scorer of scorers) {
        signal?.throwIfAborted();
        const { name, options: settings } = scorer;
        try {
          const previous = (await store.model(name))?.artifact;
          const trained = await scorer.train(store, {
            asOf: cutoff,
            seed,
            ...(previous !== undefined && { previous }),
            ...work,
          });
          const { artifact, seen } = trained;
          const looking = `${name}: looking back`;
          onProgress?.({ step: looking, done: 0, total: 1 });
          const past = await backtest(scorer, store, trained.card, cutoff, seed);
          const card = { ...trained.card, ...(past && { backtest: past }) };
          const reference =
            // of lists of items there is nothing to look back at
            card.verdict === "published" && card.kind !== "ranking"
              ? await lookBack(scorer, trained, some, { first, asOf: cutoff }, signal)
              : undefined;
          onProgress?.({ step: looking, done: 1, total: 1 });
          const id = modelId(card, settings);
          await store.saveModel(
            {
              id,
              scorer: name,
              options: settings,
              card,
              artifact,
              trainedAt: cutoff,
              ...(reference && { reference }),
            },
            seen,
          );
          own.set(name, scorer);
          cards.push(card);
        } catch (error) {
          if (!InchwormError.is(error, "insufficient-data")) throw error;
          untrained.push({ scorer: name, because: error.message });
          lacking ??= error;
        }
      }
      if (cards.length === 0 && lacking) throw lacking;
      return { cards, untrained };
    },

    async score() {
      const cutoff = await asOf();
      const models = await trained();
      const history = rememberingHistory(store);
      const some = await someOf(store, cutoff);
      for (const [index, model] of models.entries()) {
        onProgress?.({ step: `scoring ${model.scorer}`, done: index, total: models.length });
        await scoreWith(
          scorerOf(model.scorer, model.options),
          model,
          store,
          { history, some },
          {
            asOf: cutoff,
            ...work,
          },
        );
      }
      onProgress?.({ step: "scoring", done: models.length, total: models.length });
      return store.scoreSummary();
    },

    async plan(destination) {
      destinations.set(destination.name, destination);
      const published = (await trained()).filter(({ card }) => card.verdict === "published");
      await requireScored(published);
      const fields: Field[] = published.flatMap(
        (model) => scorerOf(model.scorer, model.options).fields,
      );
      return makePlan(destination, store, fields, {
        gate: gateOf(destination.account),
        now: now(),
        ...work,
      });
    },

    async push(plan, given) {
      const destination = destinationOf(plan, given);
      return push(plan, destination, store, {
        gate: gateOf(destination.account),
        now: now(),
        ...work,
      });
    },

    async verify(plan, given) {
      const destination = destinationOf(plan, given);
      return verify(plan, destination, store, { gate: gateOf(destination.account), ...work });
    },

    explain: (person) => explain(store, person),

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

/** The history of so many people as it takes to tell drift. */
async function someOf(store: Store, asOf: Instant): Promise<History> {
  const { contacts } = await store.summary(asOf);
  return rememberingHistory(store, Math.min(1, mostLooked / Math.max(1, contacts)));
}

/** The same data, options and seed make the same model. */
function modelId(card: ModelCard, options: Readonly<Record<string, unknown>>): string {
  const settings = createHash("sha256").update(JSON.stringify(options)).digest("hex").slice(0, 8);
  return `${card.scorer}-${card.dataHash}-${settings}-${card.seed}`;
}
