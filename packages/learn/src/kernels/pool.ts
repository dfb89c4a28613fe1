import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Arena } from "./arena.js";
import type { Family } from "./module.js";

// A string needs no file, so it survives bundlers, test runners and CommonJS. It calls what it is told and answers.
const source = `
const { parentPort } = require("node:worker_threads");
const instances = new Map();
parentPort.on("message", ({ job, arena, family, module, memory, call, values, forget }) => {
  let failure;
  try {
    if (forget !== undefined) {
      for (const key of instances.keys()) if (key.startsWith(forget + ":")) instances.delete(key);
      return;
    }
    const key = arena + ":" + family;
    let exports = instances.get(key);
    if (!exports) {
      exports = new WebAssembly.Instance(module, { env: { memory } }).exports;
      instances.set(key, exports);
    }
    exports[call](...values);
  } catch (error) {
    failure = String(error);
  }
  parentPort.postMessage({ job, failure });
});
`;

/** Below this many rows threads gain nothing. */
export const manyRows = 20_000;
const mostThreads = 16;

interface Helper {
  readonly worker: Worker;
  readonly pending: Map<number, { resolve(): void; reject(error: Error): void }>;
}

interface Call {
  readonly arena: Arena;
  readonly family: Family;
  readonly call: string;
}

/** One for the process (or for the worker thread that loads this module). Helpers start when first needed and never keep it alive. */
const helpers = new Map<number, Helper>();
let jobs = 0;
let turn: Promise<void> = Promise.resolve();

/** How many threads to use: what was asked for, or as many as there are cores where the rows are worth it. */
export function threadsFor(rows: number, asked: number): number {
  if (asked > 0) return Math.min(asked, mostThreads);
  return rows < manyRows ? 1 : Math.min(availableParallelism(), mostThreads);
}

/** Starts helpers that are about to be needed, so that they are up when the caller has looked through its data. */
export function wake(threads: number): void {
  for (let index = 0; threads > 1 && index < threads; index++)
    if (!helpers.has(index)) start(index);
}

/**
 * Runs one call on every thread at the same time and waits for all. Calls of different jobs take turns: threads that wait for each
 * other at a barrier must not be waiting behind another job. `stop` is set when one of them fails, so that the rest do not wait.
 */
export async function together(
  threads: number,
  call: Call,
  values: (thread: number) => readonly number[],
  stop: () => void,
): Promise<void> {
  const before = turn;
  let done = (): void => {};
  turn = new Promise((resolve) => {
    done = resolve;
  });
  await before;
  try {
    const answers = Array.from({ length: threads }, (_, thread) => {
      const answer = send(thread, call, values(thread));
      answer.catch(stop);
      return answer;
    });
    const outcomes = await Promise.allSettled(answers);
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  } finally {
    done();
  }
}

/** Tells other threads to help with a job that the caller works on itself; nobody waits for them. */
export function help(
  threads: number,
  call: Call,
  values: (thread: number) => readonly number[],
): void {
  for (let thread = 1; thread < threads; thread++)
    send(thread - 1, call, values(thread)).catch(() => {});
}

/** Lets the helpers drop what they hold of a memory. */
export function forget(arena: Arena): void {
  for (const { worker } of helpers.values()) worker.postMessage({ forget: String(arena.id) });
}

/** Rejects, and never throws, when the thread cannot start or ends early: the others must hear of it. */
async function send(index: number, call: Call, values: readonly number[]): Promise<void> {
  const { worker, pending } = helpers.get(index) ?? start(index);
  const job = ++jobs;
  return new Promise((resolve, reject) => {
    if (pending.size === 0) worker.ref();
    pending.set(job, { resolve, reject });
    worker.postMessage({
      job,
      arena: call.arena.id,
      family: call.family.name,
      module: call.family.module(),
      memory: call.arena.memory,
      call: call.call,
      values,
    });
  });
}

function start(index: number): Helper {
  const worker = new Worker(source, { eval: true, execArgv: [], name: "inchworm" });
  const helper: Helper = { worker, pending: new Map() };
  helpers.set(index, helper);
  worker.unref();
  worker.on("message", ({ job, failure }: { job: number; failure?: string }) => {
    const asked = helper.pending.get(job);
    helper.pending.delete(job);
    if (helper.pending.size === 0) worker.unref();
    if (failure === undefined) asked?.resolve();
    else asked?.reject(new Error(`A kernel failed: ${failure}`));
  });
  const lost = (): void => {
    if (helpers.get(index) === helper) helpers.delete(index);
    for (const { reject } of helper.pending.values())
      reject(new Error("A worker thread ended early."));
    helper.pending.clear();
  };
  worker.on("error", lost);
  worker.on("exit", lost);
  return helper;
}
