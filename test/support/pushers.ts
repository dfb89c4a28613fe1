import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { PushReport } from "@inchworm/sync";
import { build } from "esbuild";
import { expect } from "vitest";

/** What a process of its own needs to push: see push-child.ts. */
export interface PusherOptions {
  readonly file: string;
  readonly platform: "hubspot" | "mailchimp" | "salesforce";
  /** The adapter's. */
  readonly options: object;
  /** Rows of one request. */
  readonly batch: number;
  /** Write requests that have come in, whatever became of them. */
  readonly written: () => number;
}

export interface Kill {
  readonly ms: number;
  readonly writes: number;
}

/**
 * Pushes until it is done, or is killed `ms` milliseconds after so many of its writes have come in. Gives its report if it came to
 * one.
 */
export type Pusher = (kill?: Kill) => Promise<PushReport | undefined>;

export interface Pushers {
  /** A process that is ready to push, once it is told to. */
  spawn(): Pusher;
  end(): Promise<void>;
}

const root = new URL("../..", import.meta.url).pathname;

/** Processes that push the latest plan of a store, for killing. */
export async function pushers(options: PusherOptions): Promise<Pushers> {
  const folder = join(root, "node_modules", ".cache", `inchworm-push-${process.pid}`);
  const child = join(folder, "push-child.mjs");
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
  const { file, platform, batch, written } = options;
  const args = [child, file, platform, JSON.stringify(options.options), `${batch}`];

  return {
    spawn() {
      const started = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
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
      return async (kill) => {
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
    },
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Kills one push after the other, from looking at the fields, before anything is written, to a few dozen batches later; none comes to
 * its end. Gives the report of the last one, which does.
 *
 * @param pending asked after every tenth kill: they must get on with it
 */
export async function killAgainAndAgain(
  { spawn: pusher }: Pushers,
  kills: { readonly count: number; readonly writes: number; readonly ms: number },
  pending: () => Promise<number>,
): Promise<PushReport | undefined> {
  let state = 12_345;
  const random = () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
  let next = pusher();
  let left = Number.POSITIVE_INFINITY;
  for (let kill = 0; kill < kills.count; kill++) {
    const push = next;
    next = pusher();
    const writes = Math.floor(random() * kills.writes);
    expect(await push({ writes, ms: random() * kills.ms })).toBeUndefined();
    if (kill % 10 !== 9) continue;
    const now = await pending();
    expect(now).toBeLessThan(left);
    left = now;
  }
  return next();
}
