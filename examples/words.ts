// Which words work, a line before it is sent, and candidates: npm run example -- examples/words.ts
import { openWorkspace } from "@inchworm/core";
import { random } from "@inchworm/learn";
import type { Campaign, Engagement } from "@inchworm/spec";

// 400 readers and 80 tests of two lines each: "boots" is opened more, "newsletter" less
const { uniform, below } = random(1);
const now = Date.UTC(2025, 5, 2);
const words = ["warm", "winter", "garden", "spring", "colours", "boots", "newsletter", "people"];
const campaign: Campaign[] = [];
const engagement: Engagement[] = [];
for (let test = 0; test < 80; test++)
  for (const half of [0, 1]) {
    const line = [0, 1, 2, 3].map(() => words[below(words.length)]).join(" ");
    const at = now - (test + 4) * 7 * 86_400_000;
    const id = `${test}${"ab"[half]}`;
    campaign.push({ id, channel: "email", name: `Mail ${test} ${"AB"[half]}`, subject: line });
    const rate =
      0.3 + (line.includes("boots") ? 0.12 : 0) - (line.includes("newsletter") ? 0.1 : 0);
    for (let person = half; person < 400; person += 2) {
      const event = { contact: String(person), campaign: id };
      engagement.push({ ...event, type: "sent", at });
      if (uniform() < rate) engagement.push({ ...event, type: "open", at: at + 60_000 });
    }
  }
const shop = await openWorkspace(":memory:", { now: () => now });
const crm = { name: "crm:all", system: "crm" };
await shop.store.ingest(crm, { records: { campaign, engagement }, cursor: {} });
const lines = await shop.subjectLine();
console.log(lines.verdict, lines.because);
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
for (const { word, effect, low, high, grade } of lines.words.filter(({ clear }) => clear))
  console.log(`${word}: ${percent(effect)} (${percent(low)} to ${percent(high)}), ${grade}`);
for (const { text, effect, better } of lines.score(["warm winter boots", "newsletter for people"]))
  console.log(`${text}: ${percent(effect)}, better than the median with ${percent(better)}`);
const { candidates } = await shop.suggestSubjects("Warm winter boots are back. See all colours", {
  scorer: lines,
});
for (const { text, origin } of candidates) console.log(`${text} (${origin})`);
await shop.close();
