// Which words and colours are clicked more, how sure is it, and what to test: npm run example -- examples/drivers.ts
import { drivers, random, variantTest } from "@inchworm/learn";

// 200 campaigns to two audiences; red goes to good customers mostly and does nothing, "free" does something
const { uniform, normal } = random(1);
const rows = Array.from({ length: 200 }, (_, campaign) => {
  const vip = uniform() < 0.5;
  const red = uniform() < (vip ? 0.9 : 0.1);
  const free = uniform() < 0.4;
  const logOdds = -3.2 + (vip ? 0.8 : 0) + (free ? 0.3 : 0) + 0.2 * normal();
  const clicked = Math.round(5000 / (1 + Math.exp(-logOdds)));
  return { campaign, vip, red, text: free ? "your free gift" : "news from the shop", clicked };
});
const report = await drivers().fit({
  shown: rows.map(() => 5000),
  clicked: rows.map(({ clicked }) => clicked),
  texts: rows.map(({ text }) => text),
  segments: rows.map(({ vip }) => (vip ? "vip" : "rest")),
  factors: { color: rows.map(({ red }) => (red ? "red" : "blue")) },
});
for (const { factor, level, segment, relative, grade, clear, crude } of report.drivers)
  if (!segment) console.log(factor, level, relative, grade, clear, { crude });
console.log(report.nextTest?.because);

// the test itself, batch by batch
const test = variantTest({ variants: ["free", "news"] }).add({
  name: "monday",
  counts: { free: { shown: 1000, clicked: 61 }, news: { shown: 1000, clicked: 48 } },
});
const verdict = test.next(2000);
console.log(verdict.because, verdict.standings);
