import { fields, scoreOf } from "./scores.mjs";

// A process of its own that syncs, for measuring and for killing: node child.mjs MODULES PLATFORM FILE OPTIONS WORK, where WORK is
// "plan" (pull everybody, score them, plan) or "push" (go on with the latest plan). Prints what came of it as JSON.
const [, , modules, platform, file, options, work] = process.argv;
const { [platform]: open } = await import(`${modules}/packages/${platform}/src/index.js`);
const { openStore } = await import(`${modules}/packages/store/src/index.js`);
const { accountGate, makePlan, push, verify } = await import(
  `${modules}/packages/sync/src/index.js`
);
const { pullPeople } = await import(`${modules}/test/support/platforms.js`);

const { account, contacts, scores } = open(JSON.parse(options));
const gate = accountGate(account);
const store = await openStore(file);
const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
/** Megabytes every ten seconds: whether memory grows with what is read and written. */
const resident = [];
setInterval(() => resident.push(Math.round(process.memoryUsage().rss / 2 ** 20)), 10_000).unref();
const say = (report) => process.stdout.write(`${JSON.stringify(report)}\n`);

if (work === "plan") {
  const begun = performance.now();
  await pullPeople(store, { account, people: [contacts] }, gate);
  const pulled = performance.now();
  const pullMegabytes = megabytes();
  await score();
  const plan = await makePlan(scores, store, fields, { gate, now: Date.now() });
  const seconds = (from, to) => Math.round((to - from) / 100) / 10;
  say({
    pull: seconds(begun, pulled),
    plan: seconds(pulled, performance.now()),
    updates: plan.updates,
    pullMegabytes,
    megabytes: megabytes(),
    resident,
  });
} else {
  const { plan } = await store.latestPlan(scores.name);
  if (work === "verify") say(await verify(plan, scores, store, { gate }));
  else
    say({
      ...(await push(plan, scores, store, { gate, rounds: 5 })),
      megabytes: megabytes(),
      resident,
    });
}
await store.close();

async function score() {
  const people = [];
  const values = [];
  for await (const batch of store.contacts())
    for (const { contact, identities } of batch) {
      const id = identities.find(({ system }) => system === account.system)?.id;
      if (id === undefined) continue;
      people.push(contact);
      values.push(scoreOf(id));
    }
  await store.saveScores({
    scorer: "churn",
    modelId: "made-up",
    asOf: Date.now(),
    contacts: Int32Array.from(people),
    fields: {
      churn_probability: values.map(([probability]) => probability),
      churn_band: values.map(([, band]) => band),
    },
    reasons: people.map(() => []),
    abstained: people.map(() => undefined),
  });
}
