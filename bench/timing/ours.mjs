// One measurement in a process of its own: <folder of the built library> <kind> <contacts> <events>.
import { pathToFileURL } from "node:url";

const [folder, kind, contacts, events] = process.argv.slice(2);
const { random, sendTimes, timeZoneClock } = await import(pathToFileURL(`${folder}/index.js`).href);

function clocks(count) {
  const { uniform } = random(1);
  const instants = Float64Array.from(
    { length: count },
    () => Date.UTC(2012, 0) + uniform() * 14 * 365.25 * 86_400_000,
  );
  const zones = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Africa/Casablanca",
    "Asia/Tokyo",
  ].map((zone) => timeZoneClock(zone));
  const into = new Uint8Array(count);
  let start = performance.now();
  for (const zone of zones) zone.transitions(Date.UTC(2010, 0), Date.UTC(2027, 0));
  const tables = (performance.now() - start) / 1000;
  const before = process.cpuUsage();
  start = performance.now();
  for (const zone of zones) zone.weekHours(instants, into);
  const { user, system } = process.cpuUsage(before);
  return { tables, millions: (count * zones.length) / (user + system) };
}

/** Half of the people are in the morning, half in the evening; mail goes out at every hour, most of it by day. */
function history(count, each) {
  const { below, uniform } = random(7);
  const offsets = Int32Array.from({ length: count + 1 }, (_, contact) => contact * each);
  const cells = new Uint8Array(count * each);
  const reactions = new Uint8Array(count * each);
  const delays = new Uint8Array(count * each).fill(24);
  for (let contact = 0; contact < count; contact++) {
    const peak = contact % 2 ? 6 + below(5) : 17 + below(6);
    const level = 0.1 + 0.3 * uniform();
    for (let entry = contact * each; entry < (contact + 1) * each; entry++) {
      const hour = uniform() < 0.3 ? below(24) : 7 + below(14);
      cells[entry] = below(7) * 24 + hour;
      const apart = Math.abs(hour - peak) % 24;
      const fits = Math.exp(-((Math.min(apart, 24 - apart) / 2) ** 2));
      if (kind === "activity") {
        const at = uniform() < 0.7 ? peak + below(3) - 1 : below(24);
        cells[entry] = below(7) * 24 + (at % 24);
        reactions[entry] = 4;
      } else if (kind === "sends") {
        if (uniform() < level * (0.3 + 1.5 * fits)) {
          reactions[entry] = uniform() < 0.2 ? 3 : 2;
          delays[entry] = below(6);
        }
      } else if (uniform() < level) {
        reactions[entry] = 2;
        delays[entry] = (peak - hour + 24) % 24;
      }
    }
  }
  if (kind === "activity")
    return { contacts: count, activity: { offsets, cells, kinds: reactions } };
  return { contacts: count, sends: { offsets, cells, reactions, delays } };
}

async function times(count, each) {
  const data = history(count, each);
  const before = process.cpuUsage();
  const start = performance.now();
  const model = await sendTimes().fit(data);
  const fitted = performance.now();
  const best = model.best(data);
  const end = performance.now();
  const { user, system } = process.cpuUsage(before);
  return {
    fit: (fitted - start) / 1000,
    best: (end - fitted) / 1000,
    wall: (end - start) / 1000,
    cpu: (user + system) / 1e6,
    personal: best.reason.reduce((sum, reason) => sum + (reason === 0 ? 1 : 0), 0) / count,
    megabytes: process.memoryUsage().rss / 2 ** 20,
  };
}

const measured =
  kind === "clock" ? clocks(Number(contacts)) : await times(Number(contacts), Number(events));
console.log(JSON.stringify(measured));
