import { InchwormError, type Plan } from "@inchworm/spec";
import fc from "fast-check";
import { expect, it } from "vitest";
import { churn, fields, noon, segment } from "./__fixtures__/fields.js";
import { type MemoryDestination, memoryDestination } from "./__fixtures__/memory-destination.js";
import { type MemoryLedger, memoryLedger, type Person } from "./__fixtures__/memory-ledger.js";
import { virtualTime } from "./__fixtures__/virtual-time.js";
import { accountGate } from "./gate.js";
import { makePlan } from "./plan.js";
import { push } from "./push.js";

type Fault =
  | "none"
  | "rate-limit"
  | "server"
  | "lost request"
  | "lost answer"
  | "kill before"
  | "kill after";

const faults = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fault>("none") },
    {
      weight: 4,
      arbitrary: fc.constantFrom<Fault>("rate-limit", "server", "lost request", "lost answer"),
    },
    { weight: 2, arbitrary: fc.constantFrom<Fault>("kill before", "kill after") },
  ),
  { maxLength: 60 },
);

const person = fc.record<Person>(
  {
    wanted: fc.record({
      [churn.name]: fc.oneof(
        fc.constant(null),
        fc.integer({ min: 0, max: 5 }).map((part) => part / 5),
      ),
      [segment.name]: fc.constantFrom(null, "loyal", "new"),
    }),
  },
  { requiredKeys: [] },
);
const wave = fc.array(person, { minLength: 35, maxLength: 35 });

/** One process: its ledger and destination stop answering for good when it is killed. */
function process(world: { ledger: MemoryLedger; destination: MemoryDestination }, script: Fault[]) {
  const time = virtualTime();
  const { account } = world.destination;
  const gate = accountGate(account, { now: time.now, sleep: time.sleep, seed: 1, attempts: 3 });
  let dead = false;
  let die = () => {};
  const death = new Promise<"killed">((resolve) => {
    die = () => {
      dead = true;
      resolve("killed");
    };
  });
  const never = new Promise<never>(() => {});
  const alive = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key) => {
        const value = Reflect.get(object, key);
        if (typeof value !== "function") return value;
        return (...call: unknown[]) => (dead ? never : value.apply(object, call));
      },
    });
  const wire = {
    before: async () => {
      const fault = script[0];
      if (fault === "kill before") {
        script.shift();
        die();
        await never;
      }
      if (fault === "rate-limit" || fault === "server" || fault === "lost request") {
        script.shift();
        throw new InchwormError(fault === "lost request" ? "network" : fault, fault);
      }
    },
    after: async () => {
      const fault = script.shift();
      if (fault === "lost answer") throw new InchwormError("network", fault);
      if (fault !== "kill after") return;
      die();
      await never;
    },
  };
  /** Carries the work out in this process: its result, its failure, or its death. */
  const run = <T>(work: Promise<T>) => time.run(Promise.race([work, death]));
  return { gate, run, wire, sleep: time.sleep, ledger: alive(world.ledger) };
}

function portal(count: number) {
  let current: ReturnType<typeof process>["wire"] | undefined;
  const ids = Array.from({ length: count }, (_, index) => `${100 + index}`);
  const destination = memoryDestination([...ids, "999"], {
    fault: (moment, kind) => (kind === "write" ? current?.[moment]() : undefined),
  });
  const ledger = memoryLedger(ids.map((recordId, contact) => [contact, { recordId }]));
  return {
    ledger,
    destination,
    start: (script: Fault[]) => {
      const started = process({ ledger, destination }, script);
      current = started.wire;
      return started;
    },
  };
}

/** Pushes until it is done, in a new process after every death or failure. */
async function pushThrough(
  world: ReturnType<typeof portal>,
  plan: Plan,
  script: Fault[],
  lives = 200,
) {
  for (let life = 0; life < lives; life++) {
    const { gate, run, sleep, ledger } = world.start(script);
    const outcome = await run(
      push(plan, world.destination, ledger, { gate, now: noon, sleep }),
    ).catch((error: unknown) => error);
    if (typeof outcome === "object" && outcome !== null && "updated" in outcome) return;
    if (outcome !== "killed")
      expect(outcome).toMatchObject({ code: expect.stringMatching(/network|server|rate-limit/) });
  }
  throw new Error("the push never came to an end");
}

const planIn = ({ ledger, destination, start }: ReturnType<typeof portal>, now: number) => {
  const { gate, run } = start([]);
  return run(makePlan(destination, ledger, fields, { gate, now })) as Promise<Plan>;
};

it("a push under faults and kills leaves what the plan holds, and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(wave, faults, async (people, script) => {
      const world = portal(people.length);
      for (const [contact, one] of people.entries())
        world.ledger.people.set(contact, { recordId: `${100 + contact}`, ...one });
      const plan = await planIn(world, noon);
      const rows = new Map(world.ledger.outbox.map(({ row }) => [row.recordId, row.values]));
      await pushThrough(world, plan, [...script]);

      expect(await world.ledger.planState(plan.id)).toMatchObject({ pending: 0, failed: 0 });
      for (const [id, record] of world.destination.records)
        expect(record).toEqual({ consent: "granted", ...rows.get(id) });
      for (const { recordId, values } of world.destination.wire)
        expect(values).toEqual(rows.get(recordId));
    }),
    { numRuns: 60 },
  );
});

it("pushes cut off for good and new plans in their place never leave a value that is not wanted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(wave, faults), { minLength: 1, maxLength: 4 }),
      wave,
      async (waves, last) => {
        const world = portal(last.length);
        let now = noon;
        const want = (people: readonly Person[]) => {
          for (const [contact, one] of people.entries())
            world.ledger.people.set(contact, { recordId: `${100 + contact}`, ...one });
        };
        for (const [people, script] of waves) {
          want(people);
          const plan = await planIn(world, now++);
          // one life only: what it had sent stays in doubt
          await pushThrough(world, plan, [...script], 1).catch(() => {});
        }
        want(last);
        await pushThrough(world, await planIn(world, now), []);
        for (const [contact, { wanted }] of last.entries()) {
          const record = world.destination.records.get(`${100 + contact}`) ?? {};
          for (const { name } of fields) expect(record[name] ?? null).toBe(wanted?.[name] ?? null);
        }
        expect(world.destination.records.get("999")).toEqual({ consent: "granted" });
        // and once all is as wanted there is nothing left to do
        expect(await planIn(world, now + 1)).toMatchObject({ updates: 0, clears: 0 });
      },
    ),
    { numRuns: 60 },
  );
});
