import { InchwormError, type Lane } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { virtualTime } from "./__fixtures__/virtual-time.js";
import { accountGate, type GateOptions } from "./gate.js";

const request = { lane: "all", repeatable: true, label: "POST /batch/update" };

function setUp(lane: Partial<Lane> = {}, options: GateOptions = {}) {
  const time = virtualTime();
  const gate = accountGate(
    {
      system: "hubspot",
      lanes: { all: { requests: 100, perMs: 10_000, concurrency: 10, ...lane } },
    },
    { now: time.now, sleep: time.sleep, seed: 1, ...options },
  );
  return { time, gate };
}

/** Fails with each of the failures in turn, then answers. */
function failing(...failures: readonly InchwormError[]) {
  let calls = 0;
  return {
    calls: () => calls,
    call: async () => {
      const failure = failures[calls++];
      if (failure) throw failure;
      return "answer";
    },
  };
}

const failure = (code: InchwormError["code"], retryAfterMs?: number) =>
  new InchwormError(
    code,
    `failed with ${code}`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );

describe("retries", () => {
  it.each(["rate-limit", "server", "network"] as const)(
    "helps a repeatable request after %s",
    async (code) => {
      const { time, gate } = setUp();
      const server = failing(failure(code), failure(code));
      expect(await time.run(gate.request(request, server.call))).toBe("answer");
      expect(gate.stats()).toMatchObject({
        requests: 3,
        retries: 2,
        rateLimited: code === "rate-limit" ? 2 : 0,
      });
    },
  );

  it("sends a request that must not be repeated again only after a refusal", async () => {
    const { time, gate } = setUp();
    const once = { ...request, repeatable: false };
    for (const code of ["server", "network"] as const) {
      const server = failing(failure(code));
      await expect(time.run(gate.request(once, server.call))).rejects.toMatchObject({ code });
      expect(server.calls()).toBe(1);
    }
    expect(await time.run(gate.request(once, failing(failure("rate-limit")).call))).toBe("answer");
  });

  it.each(["auth", "scope", "rejected", "not-found", "quota", "internal"] as const)(
    "never helps after %s",
    async (code) => {
      const { time, gate } = setUp();
      const server = failing(failure(code));
      await expect(time.run(gate.request(request, server.call))).rejects.toMatchObject({ code });
      expect(server.calls()).toBe(1);
    },
  );

  it("passes on what is no error of ours", async () => {
    const { time, gate } = setUp();
    const fault = new TypeError("a fault in an adapter");
    await expect(time.run(gate.request(request, () => Promise.reject(fault)))).rejects.toBe(fault);
  });

  it("gives up after six attempts with the last failure", async () => {
    const { time, gate } = setUp();
    const server = failing(...Array.from({ length: 9 }, () => failure("server")));
    await expect(time.run(gate.request(request, server.call))).rejects.toMatchObject({
      code: "server",
    });
    expect(server.calls()).toBe(6);
  });

  it("gives up rather than wait longer than it may", async () => {
    const { time, gate } = setUp({}, { maxWaitMs: 60_000 });
    const server = failing(failure("server", 3_600_000));
    await expect(time.run(gate.request(request, server.call))).rejects.toMatchObject({
      code: "server",
      retryAfterMs: 3_600_000,
    });
    // nobody else waits an hour either
    await expect(time.run(gate.request(request, server.call))).rejects.toMatchObject({
      retryAfterMs: 3_600_000,
    });
    expect(server.calls()).toBe(1);
  });

  it("holds the whole lane for as long as the vendor asks", async () => {
    const { time, gate } = setUp();
    const starts: number[] = [];
    const refused = failing(failure("rate-limit", 7000));
    const others = async () => {
      await time.sleep(10);
      await Promise.all(
        Array.from({ length: 20 }, () =>
          gate.request(request, async () => {
            starts.push(time.now());
          }),
        ),
      );
    };
    await time.run(Promise.all([gate.request(request, refused.call), others()]));
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(7000);
  });

  it("spreads its waits, and the same seed spreads them the same", async () => {
    const waits = async (seed: number) => {
      const seen: number[] = [];
      const { time, gate } = setUp(
        {},
        { seed, onEvent: (event) => event.kind === "retry" && seen.push(event.waitMs) },
      );
      const failures = Array.from({ length: 5 }, () => failure("server"));
      await time.run(gate.request(request, failing(...failures).call));
      return seen;
    };
    const [one, same, other] = [await waits(1), await waits(1), await waits(2)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    for (const [index, wait] of one.entries()) expect(wait).toBeLessThan(500 * 2 ** index);
  });
});

describe("an account that has never answered", () => {
  it("is given up within seconds, and one that has is not", async () => {
    const { time, gate } = setUp();
    const silent = failing(...Array.from({ length: 9 }, () => failure("network")));
    await expect(time.run(gate.request(request, silent.call))).rejects.toMatchObject({
      code: "network",
    });
    expect(silent.calls()).toBe(3);
    await time.run(gate.request(request, async () => "answer"));
    const lost = failing(...Array.from({ length: 5 }, () => failure("network")));
    expect(await time.run(gate.request(request, lost.call))).toBe("answer");
  });
});

describe("calling off", () => {
  it("ends a waiting request at once, and lets the next one pass", async () => {
    const { time, gate } = setUp({ concurrency: 1 });
    const controller = new AbortController();
    let answer = () => {};
    const first = gate.request(request, () => new Promise<void>((resolve) => (answer = resolve)));
    const second = gate.request({ ...request, signal: controller.signal }, async () => "never");
    const third = gate.request(request, async () => "third");
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "aborted" });
    answer();
    await time.run(first);
    expect(await time.run(third)).toBe("third");
  });

  it("ends a request under way, also when the adapter does not listen", async () => {
    const { gate } = setUp();
    const controller = new AbortController();
    const running = gate.request(
      { ...request, signal: controller.signal },
      () => new Promise(() => {}),
    );
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });

  it("ends the wait before a retry", async () => {
    const { gate, time } = setUp();
    const controller = new AbortController();
    const running = gate.request(
      { ...request, signal: controller.signal },
      failing(failure("server", 9000)).call,
    );
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(time.now()).toBe(0);
  });

  it("ends a call that never ends", async () => {
    const { gate } = setUp({}, { timeoutMs: 20, attempts: 1 });
    await expect(gate.request(request, () => new Promise(() => {}))).rejects.toMatchObject({
      code: "network",
    });
  });
});

describe("the day's allowance", () => {
  it("stops at 80 % of what the vendor counted, and says how to go on", async () => {
    const { time, gate } = setUp({ daily: 1000 });
    gate.observe("all", { dailyRemaining: 201 });
    expect(await time.run(gate.request(request, async () => 1))).toBe(1);
    gate.observe("all", { dailyRemaining: 200 });
    await expect(time.run(gate.request(request, async () => 1))).rejects.toMatchObject({
      code: "quota",
      message: "hubspot: 800 of the day's 1000 requests are used.",
      hint: expect.stringContaining("after midnight in the account's time zone"),
    });
    expect(gate.stats().dailyRemaining).toBe(200);
  });

  it("goes by the vendor's total where it differs from the default", async () => {
    const { time, gate } = setUp({ daily: 1000 });
    gate.observe("all", { daily: 625_000, dailyRemaining: 126_000 });
    expect(await time.run(gate.request(request, async () => 1))).toBe(1);
  });

  it("asks again after a while, so that a new day is noticed", async () => {
    const { time, gate } = setUp({ daily: 1000 });
    await expect(
      time.run(gate.request(request, failing(failure("quota")).call)),
    ).rejects.toMatchObject({ code: "quota" });
    const server = failing();
    await expect(time.run(gate.request(request, server.call))).rejects.toMatchObject({
      code: "quota",
    });
    expect(server.calls()).toBe(0);
    await time.run(time.sleep(600_000));
    expect(await time.run(gate.request(request, server.call))).toBe("answer");
    gate.observe("all", { dailyRemaining: 990 });
    expect(await time.run(gate.request(request, server.call))).toBe("answer");
  });

  it("counts for itself where the vendor tells nothing, over 24 hours", async () => {
    const { time, gate } = setUp({ daily: 10 });
    const send = () => time.run(gate.request(request, async () => time.now()));
    for (let sent = 0; sent < 8; sent++) await send();
    await expect(send()).rejects.toMatchObject({ code: "quota" });
    await time.run(time.sleep(23 * 3_600_000));
    await expect(send()).rejects.toMatchObject({ code: "quota" });
    await time.run(time.sleep(2 * 3_600_000));
    await send();
  });
});

describe("refusals", () => {
  it.each([
    [{ requests: 0 }, {}],
    [{ perMs: Number.NaN }, {}],
    [{ concurrency: 0 }, {}],
    [{ daily: 0 }, {}],
    [{}, { attempts: 0 }],
    [{}, { dailyShare: 1.5 }],
    [{}, { timeoutMs: -1 }],
  ])("refuses %o %o", (lane, options) => {
    expect(() => setUp(lane, options)).toThrowError(expect.objectContaining({ code: "config" }));
  });

  it("ignores numbers that are none", async () => {
    const { time, gate } = setUp();
    gate.observe("all", {
      requests: Number.NaN,
      perMs: -5,
      remaining: Number.NaN,
      dailyRemaining: Number.NaN,
    });
    expect(await time.run(gate.request(request, async () => 1))).toBe(1);
    expect(gate.stats()).not.toHaveProperty("dailyRemaining");
  });

  it("knows its lanes", async () => {
    const { gate } = setUp();
    await expect(gate.request({ ...request, lane: "none" }, async () => 1)).rejects.toMatchObject({
      code: "internal",
    });
  });
});
