import { type DatabaseOptions, openDatabase } from "./database.js";
import { baskets } from "./features/baskets.js";
import { contracts } from "./features/contracts.js";
import { features } from "./features/features.js";
import { interactionParts, interactions } from "./features/interactions.js";
import { items } from "./features/items.js";
import { orderDays } from "./features/order-days.js";
import { ordersBetween } from "./features/orders-between.js";
import { profiles } from "./features/profiles.js";
import { reached } from "./features/reached.js";
import { figures } from "./figures/figures.js";
import { timeline } from "./figures/timeline.js";
import { forget } from "./forget.js";
import { armsOf, holdoutArms } from "./holdout/arms.js";
import { decisionLog, logDecisions } from "./holdout/decisions.js";
import { holdouts } from "./holdout/definition.js";
import { holdOut } from "./holdout/hold-out.js";
import { outcomes } from "./holdout/outcomes.js";
import { scoreValues } from "./holdout/score-values.js";
import { importFile } from "./import/import.js";
import { cursor, ingest } from "./ingest.js";
import { labels } from "./labels.js";
import { ledger } from "./ledger/ledger.js";
import { models, saveModel } from "./models.js";
import { keepScores, pastScores } from "./past-scores.js";
import { contacts, find } from "./people.js";
import { prepareStore } from "./prepare.js";
import { saveScoreParts, saveScores, scoreSummary, scoresOf } from "./scores.js";
import { sharedNames } from "./shared-names.js";
import { rejects, summary } from "./summary.js";
import { messageTimes } from "./timing/message-times.js";
import { moments } from "./timing/moments.js";
import { reachable } from "./timing/reachable.js";
import { saveSends, sendLog } from "./timing/send-plans.js";
import type { Store } from "./types/store.js";
import { campaignSends } from "./words/campaign-sends.js";
import { messages } from "./words/messages.js";

/**
 * Opens the store at `path`, making it if it is not there. `":memory:"` keeps it in memory.
 *
 * @throws InchwormError "locked" naming the process that holds it; "input" when the path is a directory, another kind of file, not
 *   writable, or was written by a newer version
 * @example
 * const store = await openStore("shop.duckdb");
 */
export async function openStore(path: string, options: DatabaseOptions = {}): Promise<Store> {
  const database = await openDatabase(path, options);
  try {
    await prepareStore(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    path,
    importFile: (kind, file, options) => importFile(database, kind, file, options),
    ingest: (source, page) => ingest(database, source, page),
    cursor: (source) => cursor(database, source),
    summary: (until) => summary(database, until),
    features: (options) => features(database, options),
    ordersBetween: (from, to) => ordersBetween(database, from, to),
    orderDays: (options) => orderDays(database, options),
    interactions: (options) => interactions(database, options),
    interactionParts: (options) => interactionParts(database, options),
    baskets: (options) => baskets(database, options),
    items: () => items(database),
    reached: (options) => reached(database, options),
    moments: (options) => moments(database, options),
    reachable: (options) => reachable(database, options),
    messageTimes: (options) => messageTimes(database, options),
    holdOut: (definition, options) => holdOut(database, definition, options),
    holdouts: () => holdouts(database),
    holdoutArms: (name) => holdoutArms(database, name),
    armsOf: (contact) => armsOf(database, contact),
    scoreValues: (scorer, field) => scoreValues(database, scorer, field),
    logDecisions: (decisions) => logDecisions(database, decisions),
    decisionLog: ({ asOf }) => decisionLog(database, asOf),
    outcomes: (options) => outcomes(database, options),
    saveSends: (plan, sends) => saveSends(database, plan, sends),
    sendLog: (options) => sendLog(database, options),
    campaignSends: (options) => campaignSends(database, options),
    messages: (options) => messages(database, options),
    profiles: ({ columns }) => profiles(database, columns),
    contracts: (options) => contracts(database, options),
    labels: (scorer) => labels(database, scorer),
    saveModel: (model, seen) => saveModel(database, model, seen),
    model: async (scorer) => (await models(database, scorer))[0],
    models: () => models(database),
    saveScores: (scores) => saveScores(database, scores),
    saveScoreParts: (scores, parts) => saveScoreParts(database, scores, parts),
    keepScores: (scores) => keepScores(database, scores),
    pastScores: (scorer, by) => pastScores(database, scorer, by),
    scoresOf: (contact) => scoresOf(database, contact),
    scoreSummary: () => scoreSummary(database),
    figures: (options) => figures(database, options),
    timeline: (contact, limit = 50) => timeline(database, contact, limit),
    find: (person) => find(database, person),
    sharedNames: () => sharedNames(database),
    forget: (contact) => forget(database, contact),
    contacts: (options) => contacts(database, options?.batch),
    rejects: (limit) => rejects(database, limit),
    close: () => database.close(),
    ...ledger(database),
  };
}
