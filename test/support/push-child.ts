import { once } from "node:events";
import { hubspot } from "@inchworm/hubspot";
import { mailchimp } from "@inchworm/mailchimp";
import { salesforce } from "@inchworm/salesforce";
import { openStore } from "@inchworm/store";
import { accountGate, push } from "@inchworm/sync";

// A process of its own that carries out the latest plan, for killing: node push-child.mjs FILE PLATFORM OPTIONS BATCH. It opens the
// store when it is told to on its input, so that it can be started while another one still runs.
const [, , file, platform, options, batch] = process.argv;
const open = { hubspot, mailchimp, salesforce }[platform];
if (!open) throw new Error(`there is no platform ${platform}`);
const portal = open(JSON.parse(options));
const scores = { ...portal.scores, batchSize: Number(batch) };
await once(process.stdin, "data");
process.stdin.destroy();
const store = await openStore(file);
const state = await store.latestPlan(scores.name);
if (!state) throw new Error("there is no plan");
process.stdout.write("pushing\n");
const report = await push(state.plan, scores, store, {
  gate: accountGate(portal.account),
  now: state.plan.createdAt,
});
await store.close();
process.stdout.write(`${JSON.stringify(report)}\n`);
