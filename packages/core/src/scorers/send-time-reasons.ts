import { reactions, type SendTimes, type TimingHistory } from "@inchworm/learn";
import { timeOf } from "./send-time-fields.js";

const human = reactions.indexOf("open");
/** Hours of the day that count as the same time, either side. */
const around = 2;

const near = (cell: number, best: number): boolean => {
  const apart = Math.abs((cell % 24) - (best % 24));
  return Math.min(apart, 24 - apart) <= around;
};

/** Up to three reasons in plain words for a contact's best hour. */
export function sendTimeReasons(
  { sends, activity }: TimingHistory,
  times: SendTimes,
  row: number,
  bestForAll: number,
): string[] {
  const best = times.best[row];
  const hours = `${clockHour(best - around)}–${clockHour(best + around + 1)}`;
  const reasons: string[] = [];
  if (sends) {
    const count = { near: 0, nearAnswered: 0, other: 0, otherAnswered: 0 };
    for (let at = sends.offsets[row]; at < sends.offsets[row + 1]; at++) {
      const answered = sends.reactions[at] >= human ? 1 : 0;
      if (near(sends.cells[at], best)) {
        count.near++;
        count.nearAnswered += answered;
      } else {
        count.other++;
        count.otherAnswered += answered;
      }
    }
    if (count.near > 0)
      reasons.push(
        `answered ${count.nearAnswered} of ${count.near} messages sent at ${hours}${count.other > 0 ? `, ${count.otherAnswered} of ${count.other} at other hours` : ""}`,
      );
    else if (count.other > 0) reasons.push(`was never written to at ${hours} so far`);
  }
  if (activity) {
    const [from, end] = [activity.offsets[row], activity.offsets[row + 1]];
    let there = 0;
    for (let at = from; at < end; at++) if (near(activity.cells[at], best)) there++;
    if (there > 0) reasons.push(`active at ${hours}: ${there} of ${end - from} visits and orders`);
  }
  if (best !== bestForAll)
    reasons.push(`${timeOf(bestForAll)} is best for everyone, ${timeOf(best)} for this contact`);
  return reasons.slice(0, 3);
}

const clockHour = (hour: number): string =>
  `${String(((hour % 24) + 24) % 24).padStart(2, "0")}:00`;
