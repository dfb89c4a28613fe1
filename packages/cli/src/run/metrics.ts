import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InchwormError } from "@inchworm/spec";
import type { GateStats } from "@inchworm/sync";
import { Gauge, Registry } from "prom-client";
import type { Pushed } from "../accounts/push-all.js";

/** What a run tells those who watch it. */
export interface RunFigures {
  readonly seconds: number;
  /** End of the run, UTC milliseconds. */
  readonly endedAt: number;
  readonly failed: boolean;
  readonly contacts: number;
  /** Contacts with a score, by scorer. */
  readonly scored: Readonly<Record<string, number>>;
  readonly pushes: readonly Pushed[];
  readonly traffic: Readonly<Record<string, GateStats>>;
}

/**
 * Writes figures for Prometheus, as its node exporter's textfile collector reads them; the file is never seen half written.
 *
 * @throws InchwormError "input" when the file cannot be written
 */
export async function writeMetrics(file: string, figures: RunFigures): Promise<void> {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `inchworm_${name}`, help, labelNames, registers: [registry] });

  gauge("run_seconds", "How long the last run took.").set(figures.seconds);
  gauge("run_ended_timestamp_seconds", "When the last run ended.").set(figures.endedAt / 1000);
  gauge("run_failed", "1 when a part of the last run failed.").set(figures.failed ? 1 : 0);
  gauge("contacts", "Contacts in the store.").set(figures.contacts);
  const scored = gauge("scored_contacts", "Contacts with a score.", ["scorer"]);
  for (const [scorer, count] of Object.entries(figures.scored)) scored.set({ scorer }, count);
  const rows = gauge("pushed_rows", "Rows of the last push, by what became of them.", [
    "destination",
    "outcome",
  ]);
  for (const { destination, push } of figures.pushes)
    for (const outcome of ["updated", "cleared", "skipped", "failed", "unknown"] as const)
      rows.set({ destination, outcome }, push[outcome]);
  const requests = gauge("requests", "Requests of the last run, retries included.", ["account"]);
  const retries = gauge("retries", "Requests that were sent again.", ["account"]);
  const limited = gauge("rate_limited", "Answers that said: too many requests.", ["account"]);
  const waited = gauge("waited_seconds", "Waiting for room, summed over requests.", ["account"]);
  const left = gauge("daily_requests_left", "The vendor's word on the day's rest.", ["account"]);
  for (const [account, stats] of Object.entries(figures.traffic)) {
    requests.set({ account }, stats.requests);
    retries.set({ account }, stats.retries);
    limited.set({ account }, stats.rateLimited);
    waited.set({ account }, stats.waitedMs / 1000);
    if (stats.dailyRemaining !== undefined) left.set({ account }, stats.dailyRemaining);
  }

  const text = await registry.metrics();
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  } catch (cause) {
    throw new InchwormError("input", `The metrics file ${file} cannot be written.`, {
      hint: "Name a file in a folder that can be written to.",
      cause,
    });
  }
}
