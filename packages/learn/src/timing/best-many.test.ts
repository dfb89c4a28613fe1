import { expect, it } from "vitest";
import { bestTimes } from "./answer.js";
import { open } from "./saved.js";
import { sendTimes } from "./send-times.js";
import { simulateTiming } from "./simulate.fixture.js";
import type { TimingHistory } from "./types.js";

it.each([
  ["at sending", 0, true],
  ["later", 0, true],
  ["at sending", 6, true],
  ["at sending", 12, false],
] as const)(
  "answers with kernels as without, to the last bit: %s, %i acts, sends: %s",
  async (reading, acts, sent) => {
    const contacts = 700;
    const { history } = simulateTiming({ contacts, seed: 91, sends: [0, 30], reading, acts });
    const { sends, activity } = history;
    const counts = Float32Array.from({ length: sends?.cells.length ?? 0 }, (_, at) => 1 + (at % 3));
    const read: TimingHistory = {
      contacts,
      groups: Int32Array.from({ length: contacts }, (_, contact) => (contact % 3) - 1),
      ...(sent && sends && { sends: { ...sends, counts } }),
      ...(activity && { activity }),
    };
    const model = await sendTimes().fit(read);
    const fitted = open("send-times", model.save());
    const one = bestTimes("test", fitted, read, {}, Infinity);
    expect(bestTimes("test", fitted, read, {}, 1)).toEqual(one);
    expect(one.reason.filter((reason) => reason === 0).length).toBeGreaterThan(100);
  },
);
