import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { PushReport } from "@inchworm/sync";
import { makePlan, push, verify } from "@inchworm/sync";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  fields,
  type ScoredPortal,
  saveScores,
  scoredPortal,
  type Values,
} from "./support/scored-portal.js";

const kills = 50;
/** Rows of one request: small, so that every life sends a few. */
const batch = 10;
const people = { scored: 8000, cleared: 200, bystanders: 300 };

const root = new URL("..", import.meta.url).pathname;
const folder = join(root, "node_modules", ".cache", `inchworm-push-${process.pid}`);
const child = join(folder, "push-child.mjs");
let world: ScoredPortal;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  // one file that starts quickly; what is native stays outside
  await build({
    entryPoints: [join(root, "test/support/push-child.ts")],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@inchworm/source"],
    external: ["@duckdb/node-api"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
});
afterAll(async () => {
  await world?.end();
  await rm(folder, { recursive: true, force: true });
});

/** Update requests that have come in, whatever became of them. */
const written = () => world.sandbox.count("/batch/update ");

/** A process that is ready to push, once it is told to. */
function spawnPusher() {
  const { sandbox, file } = world;
  const started = spawn(process.execPath, [child, file, sandbox.url, sandbox.token, `${batch}`], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  started.stderr.on("data", (text) => {
    errors += text;
  });
  const pushing = new Promise<void>((resolve) => {
    started.stdout.on("data", (text) => {
      output += text;
      if (output.includes("pushing\n")) resolve();
    });
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    started.on("close", (_, signal) => resolve(signal));
  });

  /**
   * Pushes until it is done, or is killed `ms` milliseconds after so many of its writes have come in. Gives its report if it came
   * to one.
   */
  return async (kill?: {
    readonly ms: number;
    readonly writes: number;
  }): Promise<PushReport | undefined> => {
    const enough = written() + (kill?.writes ?? 0);
    started.stdin.write("go\n");
    await Promise.race([pushing, ended]);
    if (kill) {
      while (written() < enough && started.exitCode === null) await wait(1);
      await wait(kill.ms);
      started.kill("SIGKILL");
    }
    const signal = await ended;
    expect(errors).toBe("");
    return signal === "SIGKILL" ? undefined : JSON.parse(output.slice("pushing\n".length));
  };
}

it("50 kills, refusals, failures and lost connections leave what the plan holds, and nothing else", {
  timeout: 240_000,
}, async () => {
  world = await scoredPortal(people.scored + people.cleared + people.bystanders, {
    seed: 7,
    // a raised tier with a short window, so that a refusal costs a tenth of a second and not ten
    perWindow: 20,
    windowMs: 100,
    daily: 10_000_000,
  });
  const { sandbox, ids, portal, gate, withStore } = world;
  const [scored, cleared, bystanders] = [
    ids.slice(0, people.scored),
    ids.slice(people.scored, people.scored + people.cleared),
    ids.slice(people.scored + people.cleared),
  ];

  // an earlier push, whose scores some people keep and others lose
  const early: Values = [0.111, "low"];
  const scores = { ...portal.scores, batchSize: batch };
  const now = Date.now();
  await withStore(async (store) => {
    const first = new Set([...scored.slice(0, 100), ...cleared]);
    await saveScores(store, (id) => (first.has(id) ? early : undefined));
    await push(await makePlan(scores, store, fields, { gate, now }), scores, store, { gate });
  });
  const touched = new Map(bystanders.map((id) => [id, sandbox.contact(id)]));
  sandbox.writes.clear();

  const wanted = new Map<string, Values>(
    scored.map((id, index) => [id, [(index % 997) / 1000, index % 3 === 0 ? "high" : "low"]]),
  );
  const plan = await withStore(async (store) => {
    await saveScores(store, (id) => wanted.get(id));
    return makePlan(scores, store, fields, { gate, now: now + 1 });
  });
  expect(plan).toMatchObject({ updates: people.scored, clears: people.cleared });

  sandbox.setFaults({ rateLimit: 0.05, serverError: 0.02, dropped: 0.01, latencyMs: [10, 30] });
  let state = 12_345;
  const random = () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
  let pusher = spawnPusher();
  const pending: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const push = pusher;
    pusher = spawnPusher();
    // from looking at the fields, before anything is written, to a few dozen batches later; none comes to its end
    const writes = Math.floor(random() * 30);
    expect(await push({ writes, ms: random() * 30 })).toBeUndefined();
    if (kill % 10 === 9) {
      const state = await withStore((store) => store.planState(plan.id));
      pending.push(state?.pending ?? 0);
    }
  }
  // and they got on with it
  for (const [place, count] of pending.entries())
    expect(count).toBeLessThan(pending[place - 1] ?? 8200);
  const report = await pusher();
  expect(report).toMatchObject({ resumed: true, skipped: 0, failed: 0, unknown: 0 });
  expect(report?.updated).toBeLessThan(people.scored);

  // what stands in HubSpot is what the plan holds
  const text = (values: Values | undefined) => ({
    inchworm_churn_probability: values ? String(values[0]) : undefined,
    inchworm_churn_band: values?.[1],
  });
  for (const id of [...scored, ...cleared]) {
    const properties = sandbox.contact(id)?.properties ?? {};
    expect({
      inchworm_churn_probability: properties.inchworm_churn_probability,
      inchworm_churn_band: properties.inchworm_churn_band,
      lifecyclestage: properties.lifecyclestage,
    }).toEqual({ ...text(wanted.get(id)), lifecyclestage: "customer" });
  }
  // on the wire there was never a value that the plan does not hold
  const plannedIds = new Set([...scored, ...cleared]);
  const strangers = [...sandbox.writes].filter(({ id, name, value }) => {
    const expected = text(wanted.get(id)) as Record<string, string | undefined>;
    return !(name in expected) || value !== (expected[name] ?? "") || !plannedIds.has(id);
  });
  expect(strangers).toEqual([]);
  // nobody else was touched, not even in their modified date, and nobody was created
  for (const id of bystanders) expect(sandbox.contact(id)).toEqual(touched.get(id));
  expect(sandbox.created).toEqual([]);

  sandbox.setFaults({});
  await withStore(async (store) => {
    const verified = await verify(plan, scores, store, { gate });
    expect(verified).toMatchObject({ mismatches: 0, missing: 0 });
    expect(await store.planState(plan.id)).toMatchObject({
      pending: 0,
      failed: 0,
      done: people.scored + people.cleared,
    });
    const next = await makePlan(scores, store, fields, { gate, now: now + 2 });
    expect(next).toMatchObject({ updates: 0, clears: 0 });
  });
  const { injected } = sandbox.requests;
  for (const fault of ["rateLimit", "serverError", "dropped"])
    expect(injected[fault]).toBeGreaterThan(0);
});
