import type { PurchaseEstimator, PurchaseModel, SpendModel } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type LogOptions, type Role, readLog } from "../log/read-log.js";
import { plural } from "../terminal.js";
import { type Backtest, backtest } from "./backtest.js";
import type { FittedModel, ValueCard } from "./card.js";
import { type Correction, correct } from "./correct.js";
import { type Customers, customersAt } from "./customers.js";
import { dayText } from "./days.js";
import { type Forecast, forecast, topTenth } from "./forecast.js";
import { type History, historyOf } from "./history.js";
import { fitSpend, purchaseEstimators } from "./models.js";
import { notesOf } from "./notes.js";
import { type Race, race } from "./race.js";

export interface ValueFileOptions extends LogOptions {
  readonly customer: string;
  readonly date: string;
  readonly amount?: string;
  /** Days since 1970: forecast at the end of that day, and judge by what came after. Defaults to forecasting at the end of the log. */
  readonly until?: number;
  readonly horizonDays: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface ValueFile {
  readonly card: ValueCard;
  /** Names of the customers by code. */
  readonly levels: readonly string[];
  readonly customers: Customers;
  readonly forecast: Forecast;
}

/**
 * Learns from a log of orders what each customer will be worth. The model is chosen, and judged, on days that no fit had seen.
 *
 * @throws InchwormError "input" as `readLog`, or when `until` is none of the log's days but the last; "insufficient-data" when all
 *   orders are of one day; "aborted"
 */
export async function valueFile(path: string, options: ValueFileOptions): Promise<ValueFile> {
  const { horizonDays, signal, onProgress } = options;
  const log = await readLog(path, rolesOf(options), options);
  const ids = log.id("--customer");
  const amounts = options.amount === undefined ? undefined : log.values("--amount");
  const known = amounts?.some((amount) => !Number.isNaN(amount)) ? amounts : undefined;
  const history = historyOf({
    rows: log.rows,
    customers: ids,
    days: log.values("--date"),
    ...(known && { amounts: known }),
  });
  const split = splitOf(path, history, options);
  const end = options.until ?? history.last;
  const customers = customersAt(history, end);
  if (customers.rows === 0) throw noOrders(path, end);

  const percent = (step: string) => (share: number) =>
    onProgress({ step, done: Math.floor(100 * share), total: 100, unit: "%" });
  const raced = await race(
    history,
    split?.until ?? end,
    horizonDays,
    signal,
    percent("choosing a model"),
  );
  const models: PurchaseModel[] = [];
  for (const [index, estimator] of purchaseEstimators.entries()) {
    models.push(await estimator.fit(customers.purchases, { signal }));
    percent("fitting models")((index + 1) / purchaseEstimators.length);
  }
  const chosen = winner(models, raced);
  const spend = await fitSpend(customers, signal);
  const judged = split && (await judge(history, split, customers, chosen, spend.model, signal));
  const correction = await correct(history, end, horizonDays, estimatorOf(chosen), signal);
  const found = forecast(customers, horizonDays, chosen, spend.model, correction);
  return {
    levels: ids.levels,
    customers,
    forecast: found,
    card: {
      ...counts(history, customers, end),
      unit: "week",
      models: [...models, ...(spend.model ? [spend.model] : [])].map(fitted),
      chosen: chosen.name,
      because: because(chosen, raced),
      limit: chosen.limit ?? null,
      race: raced ? { ...without(raced), until: dayText(raced.cut) } : null,
      backtest: {
        until: judged ? dayText(judged.until) : null,
        to: judged ? dayText(judged.to) : null,
        customers: judged?.customers ?? 0,
        orders: judged?.orders ?? null,
        value: judged?.value ?? null,
        correction: told(judged?.correction),
      },
      correction: told(correction),
      horizonDays,
      forecast: {
        orders: sum(found.orders),
        value: found.value ? sum(found.value) : null,
        topTenth: topTenth(found.value ?? found.orders),
        active: sum(found.alive),
      },
      priorShare: chosen.priorShare,
      rows: log.fileRows,
      anonymous: log.anonymous,
      rejected: log.rejected,
      reasons: log.reasons,
      returns: history.returns,
      notes: notesOf({
        log,
        history,
        customers,
        chosen,
        spend,
        amount: options.amount,
        judged: judged !== undefined,
        correction,
      }),
    },
  };
}

const rolesOf = ({ customer, date, amount }: ValueFileOptions): Role[] => [
  { option: "--customer", kind: "id", column: customer },
  { option: "--date", kind: "day", column: date },
  ...(amount === undefined
    ? []
    : [{ option: "--amount", kind: "number", column: amount } as const]),
];

interface Split {
  readonly until: number;
  readonly to: number;
}

/** At the day asked for, else before the last part of the log: the horizon, or a third of it all if that is less. */
function splitOf(
  path: string,
  { first, last }: History,
  { until, horizonDays }: ValueFileOptions,
): Split | undefined {
  const span = `${path} has orders from ${dayText(first)} to ${dayText(last)}`;
  if (first === last)
    throw new InchwormError(
      "insufficient-data",
      `All orders of ${path} are of one day, ${dayText(first)}: that says nothing of how often customers return.`,
      { hint: "Bring a log of months, or check --date." },
    );
  if (until === undefined) {
    const days = Math.min(horizonDays, Math.floor((last - first) / 3));
    return days > 0 ? { until: last - days, to: last } : undefined;
  }
  if (until <= first || until >= last)
    throw new InchwormError(
      "input",
      `--until ${dayText(until)} leaves nothing ${until >= last ? "to judge by" : "to learn from"}: ${span}.`,
      { hint: "Name a day between these, or leave --until out to forecast from the end." },
    );
  return { until, to: Math.min(last, until + horizonDays) };
}

const noOrders = (path: string, until: number): InchwormError =>
  new InchwormError("insufficient-data", `${path} has no order up to ${dayText(until)}.`, {
    hint: "Check --amount: rows with an amount below 0 are returns.",
  });

function winner(models: readonly PurchaseModel[], raced: Race | undefined): PurchaseModel {
  const likely = models.toSorted((one, other) => other.logLikelihood - one.logLikelihood);
  return models.find(({ name }) => name === raced?.results[0].name) ?? likely[0];
}

function because({ name }: PurchaseModel, raced: Race | undefined): string {
  if (!raced)
    return `${name} fits likeliest; there is too little to hold the models against later days.`;
  const losses = raced.results.map((one) => `${one.name} ${one.logLoss.toFixed(4)}`).join(", ");
  return `${name} foretold the orders of the ${plural(raced.days, "day")} after ${dayText(raced.cut)} best (log loss ${losses}).`;
}

/** The forecast that is judged is fitted anew to what came before it, unless that is all the models know. */
async function judge(
  history: History,
  { until, to }: Split,
  customers: Customers,
  chosen: PurchaseModel,
  spend: SpendModel | undefined,
  signal: AbortSignal,
): Promise<Backtest | undefined> {
  const estimator = estimatorOf(chosen);
  const correction = await correct(history, until, to - until, estimator, signal);
  if (customers.until === until) return backtest(history, customers, to, chosen, spend, correction);
  const before = customersAt(history, until);
  if (before.rows === 0) return undefined;
  const model = await estimator.fit(before.purchases, { signal });
  const own = spend && (await fitSpend(before, signal)).model;
  return backtest(history, before, to, model, own, correction);
}

const estimatorOf = ({ name }: PurchaseModel): PurchaseEstimator =>
  purchaseEstimators.find(({ kind }) => kind === name) ?? purchaseEstimators[0];

const told = (correction: Correction | undefined): ValueCard["correction"] => {
  if (!correction) return null;
  const { cut, days, customers, factors } = correction;
  const [low, middle, high] = factors;
  return { until: dayText(cut), days, customers, factors: { low, middle, high } };
};

function counts(history: History, customers: Customers, end: number) {
  return {
    customers: customers.rows,
    orders: sum(customers.purchases.frequency) + customers.rows,
    revenue: history.spent ? sum(customers.spent) : null,
    until: dayText(end),
    first: dayText(history.first),
    last: dayText(history.last),
  };
}

const fitted = (model: PurchaseModel | SpendModel): FittedModel => ({
  name: model.name,
  parameters: model.parameters,
  intervals: model.intervals,
  logLikelihood: model.logLikelihood,
  customers: model.customers,
  ...("limit" in model && model.limit && { limit: model.limit }),
});

const without = ({ days, customers, results }: Race) => ({ days, customers, results });

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
