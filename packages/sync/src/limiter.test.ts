import type { Account } from "@inchworm/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualTime } from "./__fixtures__/virtual-time.js";
import { mostInWindow, windowServer } from "./__fixtures__/window-server.js";
import { accountGate, type GateEvent } from "./gate.js";

const hubspotLane = { requests: 190, perMs: 10_000, concurrency: 10 };

/** A repeatable sequence in [0, 1). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

describe("the sliding window", () => {
  it("never lets more than N requests into any window of the server, whatever the latencies", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          requests: fc.integer({ min: 1, max: 25 }),
          perMs: fc.integer({ min: 50, max: 3000 }),
          concurrency: fc.integer({ min: 1, max: 30 }),
        }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 5000 })), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 5 }),
        async (lane, latencies, bursts) => {
          const time = virtualTime();
          let turn = 0;
          const server = windowServer(time, lane, () => latencies[turn++ % latencies.length]);
          const gate = accountGate(
            { system: "test", lanes: { all: lane } },
            { now: time.now, sleep: time.sleep, seed: 1 },
          );
          const one = () =>
            gate.request({ lane: "all", repeatable: true, label: "GET /" }, () =>
              server.call(gate, "all"),
            );
          await time.run(
            Promise.all(
              bursts.map(async (delay) => {
                await time.sleep(delay);
                await Promise.all(Array.from({ length: 30 }, one));
              }),
            ),
          );
          expect(server.refused).toEqual([]);
          expect(mostInWindow(server.arrivals, lane.perMs)).toBeLessThanOrEqual(lane.requests);
          expect(server.arrivals.length).toBe(30 * bursts.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("uses at least 95 % of the allowance with 150 to 300 ms of latency, and is never refused", async () => {
    const { server, events } = await pushFor(300_000, () => {});
    const warm = server.arrivals.filter((at) => at >= 10_000 && at < 300_000).length;
    expect(warm / (29 * 190)).toBeGreaterThanOrEqual(0.95);
    expect(server.refused).toEqual([]);
    // nobody else is there, and nobody is imagined
    expect(events.filter(({ kind }) => kind === "shared")).toEqual([]);
  });

  it("makes room for others who use the same allowance", async () => {
    const { server, events } = await pushFor(120_000, async (time, server) => {
      while (time.now() < 120_000) {
        server.foreign();
        await time.sleep(200);
      }
    });
    expect(events.some((event) => event.kind === "shared" && event.others > 30)).toBe(true);
    const late = server.refused.filter((at) => at >= 20_000).length;
    expect(late / server.arrivals.length).toBeLessThan(0.01);
    const used = server.arrivals.filter((at) => at >= 20_000).length / 10;
    // 140 of 190 are left
    expect(used).toBeGreaterThan(0.85 * 140);
  });

  it("takes the vendor's numbers over its own", async () => {
    const time = virtualTime();
    const server = windowServer(time, { requests: 20, perMs: 1000 }, () => 5, { tells: true });
    const events: GateEvent[] = [];
    const gate = accountGate(
      { system: "test", lanes: { all: { requests: 500, perMs: 10_000, concurrency: 4 } } },
      { now: time.now, sleep: time.sleep, onEvent: (event) => events.push(event) },
    );
    await time.run(
      Promise.all(
        Array.from({ length: 200 }, () =>
          gate.request({ lane: "all", repeatable: true, label: "GET /" }, () =>
            server.call(gate, "all"),
          ),
        ),
      ),
    );
    expect(server.refused).toEqual([]);
    expect(mostInWindow(server.arrivals, 1000)).toBeLessThanOrEqual(20);
    expect(events).toEqual([{ kind: "allowance", lane: "all", requests: 20, perMs: 1000 }]);
    expect(time.now()).toBeLessThan(11_000);
  });

  async function pushFor(
    ms: number,
    meanwhile: (
      time: ReturnType<typeof virtualTime>,
      server: ReturnType<typeof windowServer>,
    ) => unknown,
  ) {
    const time = virtualTime();
    const random = sequence(7);
    const server = windowServer(time, hubspotLane, () => 75 + 75 * random(), {
      tells: true,
      retryAfterMs: 1000,
    });
    const account: Account = { system: "test", lanes: { all: hubspotLane } };
    const events: GateEvent[] = [];
    const gate = accountGate(account, {
      now: time.now,
      sleep: time.sleep,
      seed: 1,
      onEvent: (event) => events.push(event),
    });
    const worker = async () => {
      while (time.now() < ms)
        await gate.request({ lane: "all", repeatable: true, label: "POST /" }, () =>
          server.call(gate, "all"),
        );
    };
    await time.run(Promise.all([...Array.from({ length: 15 }, worker), meanwhile(time, server)]));
    return { server, events };
  }
});
